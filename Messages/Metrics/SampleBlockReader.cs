using System.Collections.Immutable;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>One opened block. Not for several threads at once: it remembers where columns begin as it passes them.</summary>
public sealed class SampleBlockReader
{
    private readonly ReadOnlyMemory<byte> _body;
    private readonly long[] _times;
    private readonly SampleFlags[] _flags;

    // Where each column begins, in bits; the last entry is the end. Known up to _known.
    private readonly long[] _starts;
    private readonly bool _hasProcesses;
    private int _known;

    internal SampleBlockReader(ReadOnlyMemory<byte> body)
    {
        _body = body;
        var bits = new BitReader(body.Span);
        bits.Skip(8);
        var options = (byte)bits.Read(8);
        if ((options & ~(SampleBlock.HasFlags | SampleBlock.HasIndex | SampleBlock.HasProcesses)) != 0)
        {
            throw new InvalidDataException($"a sample block has options {options:x2}, which this program does not know");
        }

        SchemaHash = bits.Read(64);
        var count = bits.ReadNumber();
        var columns = bits.ReadNumber();

        // Before anything is allocated: within the limits, and a column takes at least two bits.
        if (count is < 1 or > SampleBlock.MaxSamples || columns is < 0 or > MetricSchema.MaxColumns
            || count * columns > SampleBlock.MaxValues || columns * 2 > body.Length * 8L)
        {
            throw new InvalidDataException($"a sample block claims {count} samples of {columns} columns in {body.Length} bytes");
        }

        Count = (int)count;
        Columns = (int)columns;
        _times = new long[Count];
        IntegerColumn.Read(ref bits, _times);
        for (var i = 1; i < _times.Length; i++)
        {
            if (_times[i] <= _times[i - 1])
            {
                throw new InvalidDataException("the times of a sample block do not ascend");
            }
        }

        _flags = new SampleFlags[Count];
        if ((options & SampleBlock.HasFlags) != 0)
        {
            ReadFlags(ref bits);
        }

        _starts = new long[Columns + 1];
        if ((options & SampleBlock.HasIndex) != 0)
        {
            ReadIndex(ref bits);
        }
        else
        {
            _starts[0] = bits.Position;
        }

        _hasProcesses = (options & SampleBlock.HasProcesses) != 0;
    }

    /// <summary>Hash of the schema whose columns these are.</summary>
    public ulong SchemaHash { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Time of each sample, Unix milliseconds, ascending.</summary>
    public ReadOnlySpan<long> Times => _times;

    /// <summary>Flags of each sample.</summary>
    public ReadOnlySpan<SampleFlags> Flags => _flags;

    /// <summary>Decodes one column: <see cref="Count"/> stored integers.</summary>
    /// <exception cref="InvalidDataException">The column is malformed.</exception>
    public void ReadColumn(int column, Span<long> into)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(column);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(column, Columns);
        ArgumentOutOfRangeException.ThrowIfLessThan(into.Length, Count, nameof(into));
        var bits = At(column);
        IntegerColumn.Read(ref bits, into[..Count]);
        Learn(column + 1, bits.Position);
    }

    /// <summary>All samples, rows again.</summary>
    /// <exception cref="InvalidDataException">The block is malformed.</exception>
    public IReadOnlyList<Sample> ReadSamples()
    {
        var rows = new long[Count][];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = new long[Columns];
        }

        var values = new long[Count];
        for (var c = 0; c < Columns; c++)
        {
            ReadColumn(c, values);
            for (var i = 0; i < rows.Length; i++)
            {
                rows[i][c] = values[i];
            }
        }

        var processes = ReadProcesses();
        var samples = new Sample[Count];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = new Sample(_times[i], rows[i], processes.IsEmpty ? [] : processes[i], _flags[i]);
        }

        return samples;
    }

    /// <summary>The busiest processes at each sample; empty when no sample has any.</summary>
    /// <exception cref="InvalidDataException">The block is malformed.</exception>
    public ImmutableArray<ImmutableArray<ProcessSample>> ReadProcesses()
    {
        if (!_hasProcesses)
        {
            return [];
        }

        var bits = At(Columns);
        return ProcessTable.Read(ref bits, Count);
    }

    private BitReader At(int column)
    {
        var bits = new BitReader(_body.Span, _starts[Math.Min(_known, column)]);
        while (_known < column)
        {
            IntegerColumn.Skip(ref bits, Count);
            Learn(_known + 1, bits.Position);
        }

        return bits;
    }

    private void Learn(int column, long start)
    {
        if (column == _known + 1)
        {
            _starts[column] = start;
            _known = column;
        }
    }

    private void ReadFlags(ref BitReader bits)
    {
        var values = new long[Count];
        IntegerColumn.Read(ref bits, values);
        for (var i = 0; i < values.Length; i++)
        {
            _flags[i] = values[i] is >= 0 and <= byte.MaxValue
                ? (SampleFlags)values[i]
                : throw new InvalidDataException($"a sample of a block has flags {values[i]}");
        }
    }

    private void ReadIndex(ref BitReader bits)
    {
        var lengths = new long[Columns];
        IntegerColumn.Read(ref bits, lengths);
        var start = bits.Position;
        var end = _body.Length * 8L;
        for (var c = 0; c < lengths.Length; c++)
        {
            _starts[c] = start;
            if (lengths[c] < 0 || lengths[c] > end - start)
            {
                throw new InvalidDataException($"column {c} of a sample block claims {lengths[c]} bits, more than there are");
            }

            start += lengths[c];
        }

        _starts[Columns] = start;
        _known = Columns;
    }
}

using System.Buffers.Binary;
using System.Numerics;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>
/// The column codec of sealed blocks. The first byte is the version of the format; every version ever written can be read.
/// <code>
/// block (1)  = version byte, options byte, body (bits), padding to a byte, CRC-32C of all before (4 bytes, little endian)
/// body       = schema hash (64 bits), number: samples, number: columns, column: times
///              [column: flags] [column: length in bits of each column] column* [processes]
/// options    = 1: flags, 2: lengths of columns, 4: processes
/// </code>
/// Columns and numbers are described in <see cref="IntegerColumn"/>, processes in <see cref="ProcessTable"/>.
/// Lengths are there in blocks of more than <see cref="IndexedFrom"/> samples; in a small one they would cost more than passing over the columns does.
/// </summary>
public static class SampleBlock
{
    /// <summary>The most samples a block may have: more than a day of seconds.</summary>
    public const int MaxSamples = 100_000;

    /// <summary>The most values a block may have: what a reader of all of it must hold, 128 MiB.</summary>
    public const int MaxValues = 16 * 1024 * 1024;

    internal const byte Version1 = 1;
    internal const byte HasFlags = 1;
    internal const byte HasIndex = 2;
    internal const byte HasProcesses = 4;
    internal const int ChecksumBytes = 4;
    internal const int IndexedFrom = 64;

    /// <summary>Seals samples of one schema, in the order of time, into a block.</summary>
    /// <param name="schema">What the values of each sample are.</param>
    /// <param name="samples">At least one; times ascend.</param>
    /// <exception cref="ArgumentException">A sample has not the schema's columns, times do not ascend, or there is too much of it.</exception>
    public static byte[] Encode(MetricSchema schema, IReadOnlyList<Sample> samples)
    {
        Check(schema, samples);
        var column = new IntegerColumn();
        var options = OptionsFor(samples);
        var (columns, lengths) = WriteColumns(schema, samples, column);
        var block = new BitWriter();
        block.Write(Version1, 8);
        block.Write(options, 8);
        block.Write(schema.Hash, 64);
        block.WriteNumber(samples.Count);
        block.WriteNumber(schema.Count);
        column.Write(block, samples.Select(s => s.TimeMs).ToArray());
        if ((options & HasFlags) != 0)
        {
            column.Write(block, samples.Select(s => (long)s.Flags).ToArray());
        }

        if ((options & HasIndex) != 0)
        {
            column.Write(block, lengths);
        }

        block.Append(columns);
        if ((options & HasProcesses) != 0)
        {
            ProcessTable.Write(block, column, samples);
        }

        return WithChecksum(block.WrittenBytes());
    }

    /// <summary>Opens a block; columns are decoded as they are asked for.</summary>
    /// <exception cref="InvalidDataException">Unknown version, wrong checksum, or malformed.</exception>
    public static SampleBlockReader Open(ReadOnlyMemory<byte> block)
    {
        var bytes = block.Span;
        if (bytes.Length < 2 + ChecksumBytes)
        {
            throw new InvalidDataException($"a sample block of {bytes.Length} bytes is too short to be one");
        }

        if (bytes[0] != Version1)
        {
            throw new InvalidDataException($"a sample block of version {bytes[0]}; this program knows version {Version1}");
        }

        var stored = BinaryPrimitives.ReadUInt32LittleEndian(bytes[^ChecksumBytes..]);
        var computed = Crc32C(bytes[..^ChecksumBytes]);
        return stored == computed
            ? new SampleBlockReader(block[..^ChecksumBytes])
            : throw new InvalidDataException($"checksum of a sample block is {computed:x8}, not {stored:x8} as it says: it is damaged");
    }

    /// <summary>CRC-32C (Castagnoli) as iSCSI uses it (RFC 3720, appendix B.4).</summary>
    internal static uint Crc32C(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        while (bytes.Length >= 8)
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        foreach (var b in bytes)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }

    internal static byte[] WithChecksum(ReadOnlySpan<byte> body)
    {
        var block = new byte[body.Length + ChecksumBytes];
        body.CopyTo(block);
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(body.Length), Crc32C(body));
        return block;
    }

    private static byte OptionsFor(IReadOnlyList<Sample> samples)
    {
        var flags = samples.Any(s => s.Flags != SampleFlags.None) ? HasFlags : 0;
        var index = samples.Count > IndexedFrom ? HasIndex : 0;
        var processes = samples.Any(s => !s.Processes.IsDefaultOrEmpty) ? HasProcesses : 0;
        return (byte)(flags | index | processes);
    }

    // All columns one behind the other, and how many bits each takes.
    private static (BitWriter Columns, long[] Lengths) WriteColumns(MetricSchema schema, IReadOnlyList<Sample> samples, IntegerColumn column)
    {
        var columns = new BitWriter();
        var lengths = new long[schema.Count];
        var values = new long[samples.Count];
        for (var c = 0; c < lengths.Length; c++)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = samples[i].Values[c];
            }

            var start = columns.Bits;
            column.Write(columns, values);
            lengths[c] = columns.Bits - start;
        }

        return (columns, lengths);
    }

    private static void Check(MetricSchema schema, IReadOnlyList<Sample> samples)
    {
        if (samples.Count is 0 or > MaxSamples || (long)samples.Count * schema.Count > MaxValues)
        {
            throw new ArgumentException(
                $"a block has 1 to {MaxSamples} samples and at most {MaxValues} values, not {samples.Count} samples of {schema.Count}", nameof(samples));
        }

        for (var i = 0; i < samples.Count; i++)
        {
            if (samples[i].Values.Length != schema.Count)
            {
                throw new ArgumentException($"sample {i} has {samples[i].Values.Length} values; its schema has {schema.Count} columns", nameof(samples));
            }

            if (i > 0 && samples[i].TimeMs <= samples[i - 1].TimeMs)
            {
                throw new ArgumentException($"sample {i} is at {samples[i].TimeMs}, not after the one before it", nameof(samples));
            }
        }
    }
}

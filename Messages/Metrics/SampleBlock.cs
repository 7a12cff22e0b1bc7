namespace ClusterMonitor.Messages.Metrics;

/// <summary>
/// The column codec of sealed blocks. The first byte is the version of the format; every version ever written can be read.
/// </summary>
public static class SampleBlock
{
    /// <summary>Seals samples of one schema, in the order of time, into a block.</summary>
    public static byte[] Encode(MetricSchema schema, IReadOnlyList<Sample> samples) => throw new NotSupportedException();

    /// <summary>Opens a block; columns are decoded as they are asked for.</summary>
    /// <exception cref="InvalidDataException">Unknown version, wrong checksum, or malformed.</exception>
    public static SampleBlockReader Open(ReadOnlyMemory<byte> block) => throw new NotSupportedException();
}

/// <summary>One opened block.</summary>
public sealed class SampleBlockReader
{
    /// <summary>Hash of the schema whose columns these are.</summary>
    public ulong SchemaHash { get; }

    /// <summary>Number of samples.</summary>
    public int Count { get; }

    /// <summary>Number of columns.</summary>
    public int Columns { get; }

    /// <summary>Time of each sample, Unix milliseconds, ascending.</summary>
    public ReadOnlySpan<long> Times => throw new NotSupportedException();

    /// <summary>Flags of each sample.</summary>
    public ReadOnlySpan<SampleFlags> Flags => throw new NotSupportedException();

    /// <summary>Decodes one column: <see cref="Count"/> stored integers.</summary>
    /// <exception cref="InvalidDataException">The column is malformed.</exception>
    public void ReadColumn(int column, Span<long> into) => throw new NotSupportedException();

    /// <summary>All samples, rows again.</summary>
    /// <exception cref="InvalidDataException">The block is malformed.</exception>
    public IReadOnlyList<Sample> ReadSamples() => throw new NotSupportedException();
}

using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>Reads the summary of a node out of samples of one schema. Knows which columns count; pure.</summary>
internal sealed class VitalsReader
{
    private static readonly string[] RemoteFilesystems = ["nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "ceph", "glusterfs", "lustre", "afs", "fuse.sshfs"];
    private static readonly string[] ImageFilesystems = ["squashfs", "iso9660", "erofs", "udf", "cramfs"];

    private readonly MetricSchema _schema;
    private readonly int[] _busy;
    private readonly int[] _memory;
    private readonly int[] _swap;
    private readonly int[] _filesystems;
    private readonly int[] _load;
    private readonly int[] _received;
    private readonly int[] _transmitted;
    private readonly int[] _read;
    private readonly int[] _written;

    /// <summary>Looks for the columns of the summary.</summary>
    public VitalsReader(MetricSchema schema)
    {
        _schema = schema;
        _busy = Columns(d => d.Name == "system.cpu.utilization" && d.Attribute("cpu") is null && d.Attribute("state") is not (null or "idle" or "iowait"));
        _memory = Columns(d => d.Name == "system.memory.utilization" && IsUsed(d));
        _swap = Columns(d => d.Name == "system.paging.utilization" && IsUsed(d));
        _filesystems = Columns(d => d.Name == "system.filesystem.utilization" && IsUsed(d) && IsLocal(d));
        _load = Columns(d => d.Name == "system.cpu.load_average.1m");
        _received = Columns(d => d.Name == "system.network.io" && d.Attribute("direction") == "receive" && d.Attribute("device") != "lo");
        _transmitted = Columns(d => d.Name == "system.network.io" && d.Attribute("direction") == "transmit" && d.Attribute("device") != "lo");
        _read = Columns(d => d.Name == "system.disk.io" && d.Attribute("direction") == "read");
        _written = Columns(d => d.Name == "system.disk.io" && d.Attribute("direction") == "write");
    }

    /// <summary>The summary of a sample.</summary>
    /// <param name="sample">The newest.</param>
    /// <param name="previous">The one before it, of the same schema, or null: then there are no rates.</param>
    public NodeVitals Read(Sample sample, Sample? previous) => new()
    {
        TimeMs = sample.TimeMs,
        Cpu = (float)Clamp(Sum(_busy, sample.Values)),
        Memory = (float)Clamp(Sum(_memory, sample.Values)),
        Swap = (float)Clamp(Sum(_swap, sample.Values)),
        Disk = (float)Clamp(Max(_filesystems, sample.Values)),
        RxBytesPerS = Rate(_received, sample, previous),
        TxBytesPerS = Rate(_transmitted, sample, previous),
        ReadBytesPerS = Rate(_read, sample, previous),
        WriteBytesPerS = Rate(_written, sample, previous),
        Load1 = (float)Sum(_load, sample.Values),
    };

    /// <summary>The busy CPU of each sample of a block.</summary>
    /// <exception cref="InvalidDataException">The block is malformed.</exception>
    public void ReadBusy(SampleBlockReader block, Action<long, double> each)
    {
        if (block.Columns != _schema.Count)
        {
            return;
        }

        var values = new long[_busy.Length][];
        for (var c = 0; c < values.Length; c++)
        {
            block.ReadColumn(_busy[c], values[c] = new long[block.Count]);
        }

        for (var i = 0; i < block.Count; i++)
        {
            var sum = new LevelSum();
            for (var c = 0; c < values.Length; c++)
            {
                sum.Add(_schema.Descriptors[_busy[c]], values[c][i]);
            }

            each(block.Times[i], Clamp(sum.Value));
        }
    }

    private static bool IsUsed(MetricDescriptor d) => d.Attribute("state") is null or "used";

    private static bool IsLocal(MetricDescriptor d)
    {
        // A full image (a snap, a CD) is how it should be, and a full share is its server's matter.
        var type = d.Attribute("type");
        return type is null || (!RemoteFilesystems.Contains(type) && !ImageFilesystems.Contains(type));
    }

    private static double Clamp(double fraction) => double.IsNaN(fraction) ? fraction : Math.Clamp(fraction, 0, 1);

    private int[] Columns(Func<MetricDescriptor, bool> wanted) =>
        [.. Enumerable.Range(0, _schema.Count).Where(i => wanted(_schema.Descriptors[i]))];

    private double Sum(int[] columns, ReadOnlySpan<long> values)
    {
        var sum = new LevelSum();
        foreach (var column in columns)
        {
            sum.Add(_schema.Descriptors[column], values[column]);
        }

        return sum.Value;
    }

    private double Max(int[] columns, ReadOnlySpan<long> values)
    {
        var max = double.NaN;
        foreach (var column in columns)
        {
            var value = _schema.Descriptors[column].ToDouble(values[column]);
            if (!double.IsNaN(value) && !(max >= value))
            {
                max = value;
            }
        }

        return max;
    }

    private double Rate(int[] columns, Sample sample, Sample? previous)
    {
        if (previous is null)
        {
            return double.NaN;
        }

        var rates = new RateSum();
        foreach (var column in columns)
        {
            if (sample.Values[column] != MetricValue.Missing)
            {
                rates.Add(CounterRate.PerSecond(_schema.Descriptors[column], previous.Values[column], sample.Values[column], sample.TimeMs - previous.TimeMs));
            }
        }

        return rates.Value;
    }
}

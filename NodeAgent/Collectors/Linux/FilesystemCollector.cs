using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Space and inodes of local file systems: statvfs(3) of what <see cref="MountTable"/> picks.</summary>
internal sealed class FilesystemCollector(string proc) : ICollector
{
    private const int Columns = 7;

    // Mounting is rare, and the table of a machine full of containers is long.
    private const int ReadMountsEvery = 5;

    private readonly KernelFile _file = new($"{proc}/self/mountinfo");
    private byte[] _table = [];
    private List<Mount> _mounts = [];
    private long[] _values = [];

    public string Name => "filesystem";

    public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>
    /// Used, free to users, reserved for root, all, used / (used + free) as df(1) has it, and inodes used and free; sizes in bytes.
    /// A file system that counts no blocks or inodes gives missing values.
    /// </summary>
    public static void Measure(in FileSystemSize size, Span<long> into)
    {
        into.Fill(MetricValue.Missing);
        if (size.Blocks > 0 && size.Free <= size.Blocks && size.Available <= size.Free)
        {
            var used = size.Blocks - size.Free;
            into[0] = used * size.BlockBytes;
            into[1] = size.Available * size.BlockBytes;
            into[2] = (size.Free - size.Available) * size.BlockBytes;
            into[3] = size.Blocks * size.BlockBytes;
            into[4] = MeminfoCollector.Share(used, used + size.Available);
        }

        if (size.Inodes > 0 && size.FreeInodes <= size.Inodes)
        {
            into[5] = size.Inodes - size.FreeInodes;
            into[6] = size.FreeInodes;
        }
    }

    public void Read(in CollectorTick tick)
    {
        if (tick.Number % ReadMountsEvery == 0 || _table.Length == 0)
        {
            ReadMounts();
        }

        for (var m = 0; m < _mounts.Count; m++)
        {
            var into = _values.AsSpan(m * Columns, Columns);
            if (Native.TryGetFileSystemSize(_mounts[m].Path, out var size))
            {
                Measure(size, into);
            }
            else
            {
                into.Fill(MetricValue.Missing);
            }
        }
    }

    public void Write(Span<long> values) => _values.CopyTo(values);

    public void Dispose() => _file.Dispose();

    private void ReadMounts()
    {
        var table = _file.Read();
        if (table.SequenceEqual(_table))
        {
            return;
        }

        _table = table.ToArray();
        var mounts = MountTable.Parse(table);
        if (mounts.Select(m => (m.Mountpoint, m.Device, m.Type)).SequenceEqual(_mounts.Select(m => (m.Mountpoint, m.Device, m.Type))))
        {
            return;
        }

        _mounts = mounts;
        _values = new long[mounts.Count * Columns];
        Descriptors = [.. mounts.SelectMany(DescriptorsOf)];
    }

    private static IEnumerable<MetricDescriptor> DescriptorsOf(Mount mount)
    {
        foreach (var state in new[] { "used", "free", "reserved" })
        {
            yield return Of("system.filesystem.usage", "By", 0, ("state", state));
        }

        yield return Of("system.filesystem.limit", "By", 0);
        yield return Of("system.filesystem.utilization", "1", -4);
        yield return Of("system.filesystem.inodes.usage", "{inode}", 0, ("state", "used"));
        yield return Of("system.filesystem.inodes.usage", "{inode}", 0, ("state", "free"));

        MetricDescriptor Of(string name, string unit, int scale, params ReadOnlySpan<(string Key, string Value)> more) =>
            MetricDescriptor.Of(name, unit, MetricKind.Gauge, scale, [("device", mount.Device), ("mountpoint", mount.Mountpoint), ("type", mount.Type), .. more]);
    }
}

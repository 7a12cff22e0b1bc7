using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Reads, writes and busy time of whole disks: /proc/diskstats, see the kernel's admin-guide/iostats.</summary>
/// <remarks>
/// Only what does I/O of its own: no partitions, and none of loop, ram, zram, device mapper and md, whose I/O is that of disks below them,
/// so that the sum over devices is the machine's. A disk that was never read or written since boot is left out until it is.
/// </remarks>
internal sealed class DiskstatsCollector(string proc) : ICollector
{
    private const int Columns = 7;

    // A sector is 512 bytes here, whatever the disk's own is.
    private const int SectorBytes = 512;

    private readonly KernelFile _file = new($"{proc}/diskstats");
    private readonly DeviceTable _disks = new(Columns);

    public string Name => "diskstats";

    public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>
    /// Lines of "major minor name" and at least 11 numbers: reads, merged, sectors, ms; the same for writes; in flight, ms busy, ms weighted.
    /// Later kernels add discards and flushes behind them. True when the disks are others than before.
    /// </summary>
    public static bool Parse(ReadOnlySpan<byte> text, DeviceTable into)
    {
        into.BeginRead();
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            line.Skip(2);
            var name = line.NextWord();
            if (name.IsEmpty || IsLayered(name) || IsPartition(name, into))
            {
                continue;
            }

            var reads = line.NextNumber();
            line.Skip(1);
            var sectorsRead = line.NextNumber();
            var readMs = line.NextNumber();
            var writes = line.NextNumber();
            line.Skip(1);
            var sectorsWritten = line.NextNumber();
            var writeMs = line.NextNumber();
            line.Skip(1);
            var busyMs = line.NextNumber();
            if (reads == 0 && writes == 0)
            {
                continue;
            }

            var row = into.Add(name);
            row[0] = Math.Min(sectorsRead, long.MaxValue / SectorBytes) * SectorBytes;
            row[1] = Math.Min(sectorsWritten, long.MaxValue / SectorBytes) * SectorBytes;
            row[2] = reads;
            row[3] = writes;
            row[4] = readMs;
            row[5] = writeMs;
            row[6] = busyMs;
        }

        return into.EndRead();
    }

    public void Read(in CollectorTick tick)
    {
        if (Parse(_file.Read(), _disks))
        {
            Descriptors = _disks.Describe(DescriptorsOf);
        }
    }

    public void Write(Span<long> values)
    {
        for (var d = 0; d < _disks.Count; d++)
        {
            _disks.Values(d).CopyTo(values[(d * Columns)..]);
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsLayered(ReadOnlySpan<byte> name) =>
        name.StartsWith("loop"u8) || name.StartsWith("ram"u8) || name.StartsWith("zram"u8) || name.StartsWith("dm-"u8)
        || name.StartsWith("md"u8) || name.StartsWith("drbd"u8) || name.StartsWith("bcache"u8);

    // sda1 is a partition of sda, nvme0n1p2 of nvme0n1, if that disk stands above it, as the kernel lists them;
    // xvda1 without an xvda is a disk of its own (as some clouds have them).
    private static bool IsPartition(ReadOnlySpan<byte> name, DeviceTable disks)
    {
        var parent = name.TrimEnd("0123456789"u8);
        if (parent.Length == name.Length || disks.Count == 0)
        {
            return false;
        }

        if (parent.Length > 1 && parent[^1] == 'p' && parent[^2] is >= (byte)'0' and <= (byte)'9')
        {
            parent = parent[..^1];
        }

        for (var d = 0; d < disks.Count; d++)
        {
            if (disks.RawName(d).SequenceEqual(parent))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<MetricDescriptor> DescriptorsOf(string device) =>
    [
        MetricDescriptor.Of("system.disk.io", "By", MetricKind.Counter, 0, ("device", device), ("direction", "read")),
        MetricDescriptor.Of("system.disk.io", "By", MetricKind.Counter, 0, ("device", device), ("direction", "write")),
        MetricDescriptor.Of("system.disk.operations", "{operation}", MetricKind.Counter, 0, ("device", device), ("direction", "read")),
        MetricDescriptor.Of("system.disk.operations", "{operation}", MetricKind.Counter, 0, ("device", device), ("direction", "write")),
        MetricDescriptor.Of("system.disk.operation_time", "s", MetricKind.Counter, -3, ("device", device), ("direction", "read")),
        MetricDescriptor.Of("system.disk.operation_time", "s", MetricKind.Counter, -3, ("device", device), ("direction", "write")),
        MetricDescriptor.Of("system.disk.io_time", "s", MetricKind.Counter, -3, ("device", device)),
    ];
}

using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Swapping, page faults and out-of-memory kills: /proc/vmstat, see proc_vmstat(5).</summary>
internal sealed class VmstatCollector(string proc) : ICollector
{
    private readonly KernelFile _file = new($"{proc}/vmstat");
    private Vmstat _last;

    public string Name => "vmstat";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } =
    [
        MetricDescriptor.Of("system.paging.operations", "{operation}", MetricKind.Counter, 0, ("direction", "in")),
        MetricDescriptor.Of("system.paging.operations", "{operation}", MetricKind.Counter, 0, ("direction", "out")),
        MetricDescriptor.Of("system.paging.faults", "{fault}", MetricKind.Counter, 0, ("type", "major")),
        MetricDescriptor.Of("system.paging.faults", "{fault}", MetricKind.Counter, 0, ("type", "minor")),
        MetricDescriptor.Of("system.linux.memory.oom_kills", "{process}", MetricKind.Counter, 0),
    ];

    /// <summary>Lines of "key number"; what a kernel does not count is missing.</summary>
    public static Vmstat Parse(ReadOnlySpan<byte> text)
    {
        var faults = Find(text, "\npgfault "u8);
        var major = Find(text, "\npgmajfault "u8);
        return new Vmstat(
            Find(text, "\npswpin "u8),
            Find(text, "\npswpout "u8),
            major,
            faults == MetricValue.Missing || major == MetricValue.Missing ? MetricValue.Missing : faults - major,
            Find(text, "\noom_kill "u8));
    }

    public void Read(in CollectorTick tick)
    {
        _last = Parse(_file.Read());
    }

    public void Write(Span<long> values)
    {
        values[0] = _last.SwappedIn;
        values[1] = _last.SwappedOut;
        values[2] = _last.MajorFaults;
        values[3] = _last.MinorFaults;
        values[4] = _last.OutOfMemoryKills;
    }

    public void Dispose() => _file.Dispose();

    // The file has some 200 lines of which five matter: looking for those is quicker than reading all. The first line is none of them.
    private static long Find(ReadOnlySpan<byte> text, ReadOnlySpan<byte> key)
    {
        var at = text.IndexOf(key);
        return at < 0 ? MetricValue.Missing : new KernelText(text[(at + key.Length)..]).NextNumber();
    }
}

/// <summary>What /proc/vmstat counts: pages swapped, page faults, kills.</summary>
internal readonly record struct Vmstat(long SwappedIn, long SwappedOut, long MajorFaults, long MinorFaults, long OutOfMemoryKills);

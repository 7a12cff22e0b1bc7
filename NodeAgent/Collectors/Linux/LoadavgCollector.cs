using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Load averages and the number of threads: /proc/loadavg, see proc_loadavg(5).</summary>
internal sealed class LoadavgCollector(string proc) : ICollector
{
    private readonly KernelFile _file = new($"{proc}/loadavg");
    private Loadavg _last;

    public string Name => "loadavg";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } =
    [
        MetricDescriptor.Of("system.cpu.load_average.1m", "{thread}", MetricKind.Gauge, -2),
        MetricDescriptor.Of("system.cpu.load_average.5m", "{thread}", MetricKind.Gauge, -2),
        MetricDescriptor.Of("system.cpu.load_average.15m", "{thread}", MetricKind.Gauge, -2),
        MetricDescriptor.Of("system.linux.threads", "{thread}", MetricKind.Gauge, 0),
    ];

    /// <summary>"0.08 0.25 0.18 1/99 8508": the averages (as hundredths), runnable/all threads, the process id given last.</summary>
    public static Loadavg Parse(ReadOnlySpan<byte> text)
    {
        var words = new KernelText(text);
        var one = words.NextDecimal(2);
        var five = words.NextDecimal(2);
        var fifteen = words.NextDecimal(2);
        var threads = new KernelText(words.NextWord());
        var all = threads.NextUntil((byte)'/', out _) ? threads.NextNumber() : MetricValue.Missing;
        return new Loadavg(one, five, fifteen, all, words.NextNumber());
    }

    public void Read(in CollectorTick tick)
    {
        _last = Parse(_file.Read());
    }

    public void Write(Span<long> values)
    {
        values[0] = _last.OneMinute;
        values[1] = _last.FiveMinutes;
        values[2] = _last.FifteenMinutes;
        values[3] = _last.Threads;
    }

    public void Dispose() => _file.Dispose();
}

/// <summary>What /proc/loadavg says; averages in hundredths.</summary>
internal readonly record struct Loadavg(long OneMinute, long FiveMinutes, long FifteenMinutes, long Threads, long LastPid);

using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Time since the machine started: /proc/uptime, see proc_uptime(5).</summary>
internal sealed class UptimeCollector(string proc) : ICollector
{
    private readonly KernelFile _file = new($"{proc}/uptime");
    private long _centiseconds;

    public string Name => "uptime";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } = [MetricDescriptor.Of("system.uptime", "s", MetricKind.Gauge, -2)];

    /// <summary>"987.14 1805.04": seconds since boot (as hundredths), and idle seconds of all cores.</summary>
    public static long Parse(ReadOnlySpan<byte> text) => new KernelText(text).NextDecimal(2);

    public void Read(in CollectorTick tick)
    {
        _centiseconds = Parse(_file.Read());
    }

    public void Write(Span<long> values) => values[0] = _centiseconds;

    public void Dispose() => _file.Dispose();
}

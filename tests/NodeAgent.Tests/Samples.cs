using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent.Tests;

/// <summary>Schemas, samples and agents for tests.</summary>
internal static class Samples
{
    public static MetricSchema Schema(int columns = 2, string prefix = "m") => new(Enumerable.Range(0, columns)
        .Select(c => MetricDescriptor.Of($"{prefix}{c}", "1", c % 2 == 0 ? MetricKind.Gauge : MetricKind.Counter, 0)));

    public static Sample At(long second, params long[] values) => new(second * 1000, values.Length == 0 ? [second, second * 10] : values, []);

    public static AgentState Agent(ISampleSource? source = null, OutboxLimits? limits = null) => new(
        new AgentProfile("0123456789abcdef0123456789abcdef", "n1", 7, 1000, "0.1.0", new MachineInfo("os", "6.1", 2, 1 << 30, 500), ImmutableSortedDictionary<string, string>.Empty.Add("rack", "a7")),
        source ?? new CountingSource(),
        new Outbox(limits ?? new OutboxLimits()));
}

/// <summary>Gives 1, 2, 3, …</summary>
internal sealed class CountingSource : ISampleSource
{
    private long _count;

    public IReadOnlyList<string> Failed => ["temperature"];

    public MetricSchema Schema { get; set; } = Samples.Schema(1);

    public CollectedValues Collect() => new(Schema, [.. Enumerable.Repeat(Interlocked.Increment(ref _count), Schema.Count)], []);

    public void Dispose()
    {
    }
}

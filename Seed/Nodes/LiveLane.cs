using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>The newest of a node as its agent sends it: the sample shown, the one before for rates, and the tail that no block covers yet. Pure.</summary>
internal sealed class LiveLane
{
    private Sample? _before;
    private MetricSchema? _beforeSchema;

    /// <summary>Samples that no stored block covers.</summary>
    public LiveTail Tail { get; } = new();

    /// <summary>The newest sample, or null.</summary>
    public Sample? Newest { get; private set; }

    /// <summary>Its schema.</summary>
    public MetricSchema? Schema { get; private set; }

    /// <summary>What the agent's queues have done.</summary>
    public AgentCounters? Counters { get; private set; }

    /// <summary>The busiest processes of the newest sample, as they came.</summary>
    public IReadOnlyList<ProcessEntry> Processes { get; private set; } = [];

    /// <summary>Takes a sample and gives its summary; null if it is malformed, or no newer than the newest.</summary>
    public NodeVitals? Take(LiveSample live, MetricSchema schema, VitalsReader vitals)
    {
        if (live.Values.Count != schema.Count)
        {
            return null;
        }

        var sample = new Sample(live.TimeMs, [.. live.Values], [.. live.Processes.Select(Process)], (SampleFlags)live.Flags);
        Tail.Add(new LiveEntry(live.Incarnation, schema, sample));
        if (Newest is { } newest && sample.TimeMs == newest.TimeMs)
        {
            return null;
        }

        _before = Newest;
        _beforeSchema = Schema;
        Newest = sample;
        Schema = schema;
        Counters = live.Counters;
        Processes = [.. live.Processes];
        return vitals.Read(sample, Before());
    }

    /// <summary>A new process of the agent: its counters have nothing to do with those before.</summary>
    public void BeginIncarnation()
    {
        Newest = null;
        Schema = null;
        _before = null;
    }

    /// <summary>Current values of all metrics: a gauge's value, a counter's rate per second.</summary>
    public void Describe(NodeDetail detail)
    {
        if (Newest is not { } newest || Schema is not { } schema)
        {
            return;
        }

        var before = Before();
        for (var i = 0; i < schema.Count; i++)
        {
            var metric = schema.Descriptors[i];
            detail.Metrics.Add(MetricSchema.ToProto(metric));
            detail.Current.Add(metric.Kind == MetricKind.Gauge
                ? metric.ToDouble(newest.Values[i])
                : before is null ? double.NaN : CounterRate.PerSecond(metric, before.Values[i], newest.Values[i], newest.TimeMs - before.TimeMs));
        }

        detail.Processes.Add(Processes);
        detail.Counters = Counters;
    }

    private static ProcessSample Process(ProcessEntry p) => new(p.Pid, p.Name, p.CpuPermyriad, p.ResidentBytes, p.Threads);

    /// <summary>The sample before the newest, in the newest's columns.</summary>
    private Sample? Before()
    {
        if (_before is null || _beforeSchema is null || Schema is null || _beforeSchema.Hash == Schema.Hash)
        {
            return _before;
        }

        var values = new long[Schema.Count];
        for (var i = 0; i < values.Length; i++)
        {
            var column = _beforeSchema.IndexOf(Schema.Descriptors[i]);
            values[i] = column < 0 ? MetricValue.Missing : _before.Values[column];
        }

        _before = _before with { Values = values };
        _beforeSchema = Schema;
        return _before;
    }
}

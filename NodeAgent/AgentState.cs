using System.Collections.Immutable;
using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent;

/// <summary>What an agent says of itself.</summary>
internal sealed record AgentProfile(
    string NodeId,
    string Name,
    ulong Incarnation,
    long StartedMs,
    string Version,
    MachineInfo Machine,
    ImmutableSortedDictionary<string, string> Labels);

/// <summary>Where samples come from: the collectors, or what stands in for them in a load test.</summary>
internal interface ISampleSource : IDisposable
{
    /// <summary>Sources that are off.</summary>
    IReadOnlyList<string> Failed { get; }

    /// <summary>Measures now.</summary>
    CollectedValues Collect();
}

/// <summary>A sample and its columns.</summary>
internal sealed record TakenSample(MetricSchema Schema, Sample Sample);

/// <summary>
/// All of an agent that outlives an actor system: who it is, its collectors, its outbox, and where the sampler stands.
/// Collectors and sampler fields are touched by the sampler that holds <see cref="Sampling"/>.
/// </summary>
internal sealed class AgentState(AgentProfile profile, ISampleSource source, Outbox outbox) : IDisposable
{
    private long _missedTicks;
    private long _lateTicks;
    private long _taken;
    private TakenSample? _latest;

    public AgentProfile Profile { get; } = profile;

    public ISampleSource Source { get; } = source;

    public Outbox Outbox { get; } = outbox;

    /// <summary>Held while a sample is taken.</summary>
    public Lock Sampling { get; } = new();

    /// <summary>The second sampled last, Unix milliseconds; 0 before the first.</summary>
    public long LastSecondMs { get; set; }

    /// <summary>Monotonic time of the last sample.</summary>
    public long LastTimestamp { get; set; }

    /// <summary>The newest sample, for a seed that has just accepted.</summary>
    public TakenSample? Latest
    {
        get => Volatile.Read(ref _latest);
        set => Volatile.Write(ref _latest, value);
    }

    /// <summary>Seconds without a sample since the process started.</summary>
    public long MissedTicks => Interlocked.Read(ref _missedTicks);

    public void CountMissed(long ticks) => Interlocked.Add(ref _missedTicks, ticks);

    /// <summary>Samples taken since the process started.</summary>
    public long Taken => Interlocked.Read(ref _taken);

    public void CountTaken() => Interlocked.Increment(ref _taken);

    public void CountLate() => Interlocked.Increment(ref _lateTicks);

    /// <summary>What the agent's own queues have done, as live samples carry it.</summary>
    public AgentCounters Counters()
    {
        var outbox = Outbox.Counters;
        return new AgentCounters
        {
            MissedTicks = MissedTicks,
            LateTicks = Interlocked.Read(ref _lateTicks),
            OutboxBlocks = outbox.Blocks,
            OutboxBytes = outbox.Bytes,
            ThinnedSamples = outbox.ThinnedSamples,
            ShedSamples = outbox.ShedSamples,
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Source.Dispose();
}

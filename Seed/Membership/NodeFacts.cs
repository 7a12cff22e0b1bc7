using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>All that is known about the availability of one node; the state follows from it.</summary>
internal sealed record NodeFacts
{
    /// <summary>For times on the steady clock: it has not happened.</summary>
    public const long Never = long.MinValue / 4;

    /// <summary>Stable id of the node.</summary>
    public required string NodeId { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>The process that speaks for it; 0 = none yet.</summary>
    public ulong Incarnation { get; init; }

    /// <summary>As shown; unspecified before the first transition.</summary>
    public AvailabilityState State { get; init; }

    /// <summary>Since when, by the wall clock.</summary>
    public long SinceMs { get; init; }

    /// <summary>Why, in an operator's words.</summary>
    public string Reason { get; init; } = "";

    /// <summary>What the state would be if no maintenance were announced.</summary>
    public AvailabilityState Judged { get; init; }

    /// <summary>Why it is judged so.</summary>
    public string JudgedReason { get; init; } = "";

    /// <summary>Since when it is judged so, steady clock.</summary>
    public long JudgedMono { get; init; } = Never;

    /// <summary>The cluster's view.</summary>
    public MemberPhase Member { get; init; }

    /// <summary>It said goodbye, and has not said hello since.</summary>
    public bool Goodbye { get; init; }

    /// <summary>When it was removed from the cluster after being unreachable; <see cref="Never"/> when it was not.</summary>
    public long RemovedMono { get; init; } = Never;

    /// <summary>Which failure detector gave it up; null = none.</summary>
    public string? UnreachableBy { get; init; }

    /// <summary>Who gave it up last, kept as evidence after the removal.</summary>
    public string LastObserver { get; init; } = "";

    /// <summary>The link to its address as last heard of.</summary>
    public LinkState Link { get; init; }

    /// <summary>When the link broke; <see cref="Never"/> once it has proved itself again.</summary>
    public long BrokenMono { get; init; } = Never;

    /// <summary>How it broke.</summary>
    public string LinkDetail { get; init; } = "";

    /// <summary>The last sign of life of any kind, steady clock.</summary>
    public long HeardMono { get; init; } = Never;

    /// <summary>The same, wall clock; 0 = never. Kept apart, as the clocks may drift over days.</summary>
    public long HeardMs { get; init; }

    /// <summary>The last live sample, steady clock.</summary>
    public long SampleMono { get; init; } = Never;

    /// <summary>The same, wall clock; 0 = never.</summary>
    public long SampleMs { get; init; }

    /// <summary>Suspicion level of the failure detector; 0 when not measured.</summary>
    public double Phi { get; init; }

    /// <summary>A sample came, or the cluster let it in, since it last had to prove itself: it is up, not joining.</summary>
    public bool Confirmed { get; init; }

    /// <summary>The next time it is up or joining, say that it is a new process.</summary>
    public bool Restarted { get; init; }

    /// <summary>Known from before the seed's own absence, and not heard of since.</summary>
    public bool Awaited { get; init; }

    /// <summary>Since when a seed has watched without a pause, steady clock.</summary>
    public long WatchedSinceMono { get; init; } = Never;

    /// <summary>The absence of the seed as words, while <see cref="Awaited"/>.</summary>
    public string AbsenceReason { get; init; } = "";

    /// <summary>Announced absence, wall clock.</summary>
    public long MaintenanceFromMs { get; init; }

    /// <summary>Its end, wall clock; 0 = none announced.</summary>
    public long MaintenanceToMs { get; init; }

    /// <summary>Its reason.</summary>
    public string MaintenanceWhy { get; init; } = "";

    /// <summary>When the cluster was last asked to remove it, steady clock.</summary>
    public long DownAskedMono { get; init; } = Never;

    /// <summary>Is an absence announced for this instant of the wall clock?</summary>
    public bool InMaintenance(long wallMs) => wallMs >= MaintenanceFromMs && wallMs < MaintenanceToMs;

    /// <summary>Since when silence counts against it: its last sign of life, or the time the seed began to look.</summary>
    public long SilentSinceMono => Math.Max(HeardMono, WatchedSinceMono);

    /// <summary>
    /// Nothing came between, so that whatever is heard from its address is of the process that said hello. After a break
    /// or an absence of the seed only a hello or a sample proves who speaks there.
    /// </summary>
    public bool SameProcess => !Awaited && HeardMono != Never && BrokenMono == Never && RemovedMono == Never;

    /// <summary>First-hand: it was heard of a moment ago.</summary>
    public bool IsAlive(long monoMs, AvailabilityTiming timing) => SameProcess && monoMs - SilentSinceMono <= timing.OverdueMs;
}

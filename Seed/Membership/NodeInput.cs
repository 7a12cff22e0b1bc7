namespace ClusterMonitor.Seed.Membership;

/// <summary>Something that a seed learns about one node. What <see cref="NodeStateMachine"/> is fed with.</summary>
internal abstract record NodeInput
{
    private NodeInput()
    {
    }

    /// <summary>Its agent said hello and was admitted.</summary>
    internal sealed record Hello(ulong Incarnation) : NodeInput;

    /// <summary>A live sample arrived: first-hand evidence.</summary>
    internal sealed record Sample(ulong Incarnation) : NodeInput;

    /// <summary>The engine last received some frame from it at <paramref name="AtMonoMs"/>.</summary>
    internal sealed record Frame(long AtMonoMs, double Phi) : NodeInput;

    /// <summary>A link to it stands.</summary>
    internal sealed record LinkOpened : NodeInput;

    /// <summary>The link to it broke; <paramref name="Detail"/> in an operator's words.</summary>
    internal sealed record LinkClosed(string Detail) : NodeInput;

    /// <summary>The cluster's word on it.</summary>
    internal sealed record Member(MemberPhase Phase) : NodeInput;

    /// <summary>The cluster forgot it; what it was before tells a goodbye from a removal.</summary>
    internal sealed record MemberGone(MemberPhase Previous) : NodeInput;

    /// <summary>A failure detector gave it up.</summary>
    internal sealed record Unreachable(string Observer) : NodeInput;

    /// <summary>The failure detectors hear it again.</summary>
    internal sealed record Reachable : NodeInput;

    /// <summary>An operator announced an absence, by the wall clock; an end in the past ends it.</summary>
    internal sealed record Maintenance(long FromMs, long ToMs, string Why) : NodeInput;

    /// <summary>The seed itself was held up for a moment (stopped, starved): silence until now is not the node's.</summary>
    internal sealed record WatchResumed : NodeInput;

    /// <summary>No seed was watching in this time (wall clock).</summary>
    internal sealed record SeedAbsent(long FromMs, long ToMs) : NodeInput;

    /// <summary>Time passes.</summary>
    internal sealed record Tick : NodeInput
    {
        /// <summary>The only one.</summary>
        public static Tick Now { get; } = new();
    }
}

/// <summary>The cluster's own view of a member. <see cref="None"/>: it is not in the cluster.</summary>
internal enum MemberPhase
{
    /// <summary>Not a member, or replaced by a newer incarnation.</summary>
    None,

    /// <summary>Asked to join.</summary>
    Joining,

    /// <summary>Let in before all agree.</summary>
    WeaklyUp,

    /// <summary>A full member.</summary>
    Up,

    /// <summary>Said that it leaves.</summary>
    Leaving,

    /// <summary>Everybody knows that it leaves.</summary>
    Exiting,

    /// <summary>Being removed.</summary>
    Down,
}

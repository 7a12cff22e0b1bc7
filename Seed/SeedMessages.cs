using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed;

// What the seed's own actors say to each other. None of it crosses a wire.

/// <summary>Paths of the seed's actors that others send to.</summary>
internal static class SeedPaths
{
    /// <summary>Registry of nodes: agents say hello here (relative to <c>/user</c>).</summary>
    public const string Nodes = "nodes";

    /// <summary>Availability: state machine, ledger, listener to the cluster.</summary>
    public const string Membership = "membership";

    /// <summary>The projection that views subscribe to.</summary>
    public const string Fleet = "fleet";

    /// <summary>The door for dashboards: every request of dashboard.proto goes here.</summary>
    public const string Dashboards = "dashboards";
}

/// <summary>NodeRegistry -> membership: may this agent stream? Answered with <see cref="AgentAdmitted"/> or <see cref="AgentRefused"/>.</summary>
/// <param name="Hello">What it said.</param>
/// <param name="Agent">Who said it; its path's address is the node's address.</param>
internal sealed record AgentClaims(NodeHello Hello, IActorRef Agent);

/// <summary>The node may stream.</summary>
internal sealed record AgentAdmitted(NodeHello Hello, IActorRef Agent);

/// <summary>It may not; <paramref name="Refusal"/> goes to the agent as it is.</summary>
internal sealed record AgentRefused(HelloRefused Refusal, IActorRef Agent);

/// <summary>NodeAggregate -> membership: a live sample arrived (first-hand evidence).</summary>
/// <param name="NodeId">Whose.</param>
/// <param name="Incarnation">Of the agent.</param>
/// <param name="AtMs">When, by the seed's clock.</param>
/// <param name="SkewMs">The agent's clock minus the seed's.</param>
internal sealed record SampleSeen(string NodeId, ulong Incarnation, long AtMs, long SkewMs);

/// <summary>membership -> nodes: these nodes are known (after recovery, and when one is new); each has its aggregate from now on.</summary>
internal sealed record NodesKnown(IReadOnlyList<NodeHello> Nodes);

/// <summary>membership -> nodes: the agent is gone (down, left, or replaced by a newer incarnation): seal the tail seen on the live lane.</summary>
internal sealed record AgentGone(string NodeId, ulong Incarnation);

/// <summary>membership -> nodes and fleet: the operator removed this node.</summary>
internal sealed record NodeRemoved(string NodeId);

/// <summary>membership -> fleet: identity or standing changed; null parts are unchanged.</summary>
internal sealed record StandingChanged(string NodeId, NodeIdentity? Identity, NodeStanding? Standing);

/// <summary>NodeAggregate -> fleet: the newest summary of a node.</summary>
internal sealed record VitalsChanged(string NodeId, NodeVitals Vitals);

/// <summary>NodeAggregate -> fleet after recovery: the last minute of CPU, one byte a second as in <see cref="FleetNode.CpuTrail"/>.</summary>
internal sealed record TrailRecovered(string NodeId, byte[] CpuTrail);

/// <summary>dashboards -> membership: what the ledger says of a node. Answered with <see cref="LedgerAnswer"/>.</summary>
internal sealed record LedgerQuery(string NodeId);

/// <summary>Evidence, the newest transitions and outages (newest first, at most 100 each; outages of 30 days) and the maintenance of a node.</summary>
internal sealed record LedgerAnswer(
    Evidence Evidence,
    IReadOnlyList<StateChanged> Transitions,
    IReadOnlyList<MaintenanceSet> Maintenance,
    long FirstSeenMs,
    IReadOnlyList<Membership.Outage> Outages);

/// <summary>dashboards -> nodes: current values of a node. Answered with <see cref="NodeDetail"/> with the aggregate's part filled in.</summary>
internal sealed record AggregateQuery(string NodeId);

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>How nodes are kept.</summary>
/// <param name="SeedName">What agents are told.</param>
/// <param name="SeedIncarnation">This process of the seed.</param>
internal sealed record NodesSettings(string SeedName, ulong SeedIncarnation)
{
    /// <summary>Blocks that an agent may send ahead of the acks.</summary>
    public int Window { get; init; } = 32;

    /// <summary>How long samples are kept as they came.</summary>
    public TimeSpan KeepRaw { get; init; } = TimeSpan.FromHours(24);

    /// <summary>After this many blocks the state is saved, and history that is too old deleted: an hour.</summary>
    public int SnapshotEvery { get; init; } = 360;

    /// <summary>First pause before a node whose journal failed is tried again.</summary>
    public TimeSpan RetryFrom { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest such pause.</summary>
    public TimeSpan RetryTo { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>Whom the registry and the aggregates talk to.</summary>
/// <param name="Membership">Judges claims and evidence.</param>
/// <param name="Fleet">Shows summaries.</param>
/// <param name="Journal">Blocks, for history reads.</param>
/// <param name="Clock">The seed's clock.</param>
internal sealed record NodesWorld(ICanTell Membership, ICanTell Fleet, INodeJournal Journal, TimeProvider Clock);

/// <summary>registry -> aggregate: what people call the node.</summary>
internal sealed record NodeNamed(string Name);

/// <summary>aggregate -> registry: the journal could not be read or written; the aggregate stops and is to be tried again.</summary>
/// <param name="NodeId">Whose.</param>
/// <param name="Writing">Whether it was written.</param>
/// <param name="Why">In words for the operator.</param>
internal sealed record NodeFailed(string NodeId, bool Writing, string Why);

/// <summary>aggregate -> registry: it is recovered (or, with <paramref name="Wrote"/>, has written for the first time since).</summary>
internal sealed record NodeReady(string NodeId, bool Wrote);

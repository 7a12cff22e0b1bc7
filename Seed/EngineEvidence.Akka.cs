using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed;

/// <summary>Akka.NET tells nothing of its peers beyond its events; see EngineEvidence.cs for what the embedded engine tells.</summary>
/// <param name="system">The seed's system.</param>
internal sealed class EngineEvidence(ActorSystem system) : NoPeerEvidence
{
    /// <inheritdoc/>
    public override string ToString() => $"no evidence of the peers of {system.Name}";
}

namespace ClusterMonitor.Seed.Membership;

/// <summary>What the engine's transport and failure detector know of a peer.</summary>
/// <param name="SilentMs">Milliseconds since any frame came from it.</param>
/// <param name="Phi">Suspicion level of the failure detector; 0 when not measured.</param>
internal readonly record struct PeerSign(long SilentMs, double Phi);

/// <summary>Where <see cref="PeerSign"/>s come from.</summary>
internal interface IPeerEvidence
{
    /// <summary>What is known of the peer at this address; null when nothing is.</summary>
    PeerSign? Of(Address address);
}

/// <summary>For an engine that tells nothing: live samples are then the only signs of life.</summary>
internal sealed class NoPeerEvidence : IPeerEvidence
{
    /// <inheritdoc/>
    public PeerSign? Of(Address address) => null;
}

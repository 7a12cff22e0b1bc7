namespace ClusterMonitor.Seed.Membership;

/// <summary>What the engine's transport and failure detector know of a peer.</summary>
/// <param name="SilentMs">Milliseconds since any frame came from it.</param>
/// <param name="Phi">Suspicion level of the failure detector; 0 when not measured.</param>
internal readonly record struct PeerSign(long SilentMs, double Phi);

/// <summary>What an engine can tell of its peers beyond Akka.NET's API; see <c>EngineEvidence</c>, which each engine has its own of.</summary>
internal interface IPeerEvidence
{
    /// <summary>What is known of the peer at this address; null when nothing is.</summary>
    PeerSign? Of(Address address);

    /// <summary>Whether a link to it stands, whatever an event about another link said; false when that is not known.</summary>
    bool IsLinkAlive(Address address);

    /// <summary>How a link broke, in an operator's words.</summary>
    string WordsOf(DisassociatedEvent e);
}

/// <summary>For an engine that tells nothing: live samples are then the only signs of life.</summary>
internal class NoPeerEvidence : IPeerEvidence
{
    /// <summary>For a link that is gone without a word.</summary>
    public const string ClosedByPeer = "link closed by peer: process ended?";

    /// <inheritdoc/>
    public virtual PeerSign? Of(Address address) => null;

    /// <inheritdoc/>
    public virtual bool IsLinkAlive(Address address) => false;

    /// <inheritdoc/>
    public virtual string WordsOf(DisassociatedEvent e) => ClosedByPeer;
}

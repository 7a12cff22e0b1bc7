using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed;

/// <summary>
/// What only the embedded engine can tell of its peers. With Akka.NET, EngineEvidence.Akka.cs stands in its place and tells
/// nothing: then live samples are the only signs of life, and every closed link reads the same.
/// </summary>
/// <param name="system">The seed's system.</param>
internal sealed class EngineEvidence(ActorSystem system) : NoPeerEvidence
{
    /// <inheritdoc/>
    public override PeerSign? Of(Address address)
    {
        if (PeerEvidence.LastReceived(system, address) is not { } heard)
        {
            return null;
        }

        var silent = ((ExtendedActorSystem)system).Scheduler.Now - heard;
        return new PeerSign(Math.Max(0, (long)silent.TotalMilliseconds), ClusterEvidence.Of(system, address)?.Phi ?? 0);
    }

    /// <inheritdoc/>
    public override bool IsLinkAlive(Address address) => PeerEvidence.IsLinkAlive(system, address);

    /// <inheritdoc/>
    public override string WordsOf(DisassociatedEvent e) => PeerEvidence.WhyBroken(e) switch
    {
        "" or "the peer closed the connection" => ClosedByPeer,
        var why => "link broken: " + why,
    };
}

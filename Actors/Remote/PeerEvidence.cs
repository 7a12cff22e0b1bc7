using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// Only of the embedded engine: what its links know of a peer. Without remoting, or for an address never spoken with, there is no evidence:
/// null, false, or zeroes.
/// </summary>
public static class PeerEvidence
{
    /// <summary>When bytes last came from that address, by the clock of the system; null if never.</summary>
    public static DateTimeOffset? LastReceived(ActorSystem system, Address address) =>
        Of(system, address, out var time) is { } transport && transport.LastReceived(address) is { } stamp
            ? time.GetUtcNow() - time.GetElapsedTime(stamp)
            : null;

    /// <summary>Whether a link to that address is open now. It may be, and the peer be hung; see <see cref="LastReceived"/>.</summary>
    public static bool IsLinkAlive(ActorSystem system, Address address) =>
        Of(system, address, out _)?.OpenLink(address) is { IsLost: false };

    /// <summary>Why that link is gone, in the transport's words.</summary>
    public static string WhyBroken(DisassociatedEvent broken)
    {
        ArgumentNullException.ThrowIfNull(broken);
        return broken.Reason;
    }

    /// <summary>Whose certificate was shown by the peer last spoken with at that address; null if there was none.</summary>
    public static PeerIdentity? PeerIdentity(ActorSystem system, Address address) => Of(system, address, out _)?.Peer(address);

    /// <summary>What the open link to that address has carried; null if there is none.</summary>
    public static LinkTraffic? Traffic(ActorSystem system, Address address) =>
        Of(system, address, out _)?.OpenLink(address) is { } link
            ? new LinkTraffic(link.Counters.FramesIn, link.Counters.FramesOut, link.Counters.BytesIn, link.Counters.BytesOut, link.Counters.Dropped)
            : null;

    /// <summary>
    /// Sets who may be spoken to: null for yes, else the reason, which the peer is told. Asked at each handshake; links that are open already
    /// are asked again at once, and each time by <see cref="RecheckPeers"/>. No effect without remoting.
    /// </summary>
    public static void SetPeerPolicy(ActorSystem system, Func<PeerIdentity, string?> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        if (Provider(system) is { } provider)
        {
            provider.PeerPolicy = refuse;
            provider.Transport.RecheckPeers();
        }
    }

    /// <summary>Asks the policy again for every open link, and closes those it refuses: after a revocation.</summary>
    public static void RecheckPeers(ActorSystem system) => Provider(system)?.Transport.RecheckPeers();

    /// <summary>
    /// Sets what peers may send whose role is not the trusted one: null for yes, else why not, which is counted and logged once in a while.
    /// Asked on the links' threads, for every message, before any actor sees it. No effect without remoting.
    /// </summary>
    public static void SetMessagePolicy(ActorSystem system, Func<InboundMessage, InboundRefusal?> refuse)
    {
        ArgumentNullException.ThrowIfNull(refuse);
        if (Provider(system) is { } provider)
        {
            provider.MessagePolicy = refuse;
        }
    }

    /// <summary>Messages of peers that were refused since the system started.</summary>
    public static long RefusedMessages(ActorSystem system) => Provider(system)?.RefusedMessages ?? 0;

    /// <summary>From now on peers without a certificate may ask this desk for one; null: they may not. No effect without TLS.</summary>
    public static void SetEnrolmentDesk(ActorSystem system, IEnrolmentDesk? desk)
    {
        if (Provider(system)?.Tcp is { } tcp)
        {
            tcp.Desk = desk;
        }
    }

    private static RemoteActorRefProvider? Provider(ActorSystem system) => (system as ExtendedActorSystem)?.Provider as RemoteActorRefProvider;

    private static RemoteTransport? Of(ActorSystem system, Address address, out TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(address);
        var provider = Provider(system);
        time = provider?.SystemImpl.TimeProvider!;
        return provider?.Transport;
    }
}

/// <summary>What one link has carried since it was made.</summary>
/// <param name="FramesIn">Frames received.</param>
/// <param name="FramesOut">Frames written.</param>
/// <param name="BytesIn">Bytes received, before encryption.</param>
/// <param name="BytesOut">Bytes written, before encryption.</param>
/// <param name="Dropped">Messages not sent because the queue was full or they were too large.</param>
public sealed record LinkTraffic(long FramesIn, long FramesOut, long BytesIn, long BytesOut, long Dropped);

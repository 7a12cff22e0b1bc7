using Actors.Core;

namespace Actors.Clustering;

/// <summary>Why a system's part in the cluster ends.</summary>
internal enum StopReason
{
    /// <summary>It said goodbye and was let go.</summary>
    Left,

    /// <summary>It was declared down, or those it was a member with know it no more.</summary>
    Downed,
}

/// <summary>Who is at the other end of a link, as the link has verified it.</summary>
/// <param name="Who">Address and uid of the handshake.</param>
/// <param name="CertificateRole">The role in its certificate; empty if it showed none.</param>
internal readonly record struct ClusterPeer(UniqueAddress Who, string CertificateRole);

/// <summary>
/// What the protocol asks of the actor around it. The protocol itself has no timer, socket, clock or dice: it is told what happened
/// and says through this what is to be done, so that a whole cluster of protocols can be run in one thread by a test.
/// </summary>
internal interface IClusterShell
{
    /// <summary>Monotonic time.</summary>
    TimeSpan Now { get; }

    /// <summary>The clock on the wall, in Unix ms. Decides nothing; it dates tombstones.</summary>
    long UtcMs { get; }

    /// <summary>Sends if it can be sent; at most once.</summary>
    void Send(Address to, ClusterMessage message);

    /// <summary>When a link to this incarnation last delivered anything; null if there never was one.</summary>
    TimeSpan? LastHeard(UniqueAddress who);

    /// <summary>From now on be heard by exactly these often enough. <paramref name="dialled"/> are dialled when there is no link, <paramref name="dialling"/> dial themselves.</summary>
    void BeHeardBy(IReadOnlyCollection<UniqueAddress> dialled, IReadOnlyCollection<UniqueAddress> dialling);

    /// <summary>The cluster looks different.</summary>
    void ViewChanged(ClusterView view);

    /// <summary>This incarnation is no longer a member; after Down it must not be spoken to again.</summary>
    void MemberGone(UniqueAddress who, MemberStatus previous);

    /// <summary>This member may go: everyone who votes has heard its goodbye.</summary>
    void SelfExiting();

    /// <summary>This system's part in the cluster ends.</summary>
    void Stop(StopReason reason, string why);

    /// <summary>For the operator.</summary>
    void Log(LogLevel level, string text);
}

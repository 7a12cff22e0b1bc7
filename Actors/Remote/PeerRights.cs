using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// What the engine itself lets a peer say. Once a trusted role is configured, peers of other roles speak for themselves only: they can't stop actors here,
/// nor name an actor of a third system as sender or watcher. What a program's own messages may do is the program's to decide.
/// </summary>
internal sealed class PeerRights(string trustedRole)
{
    /// <summary>May say everything.</summary>
    public bool IsTrusted(PeerIdentity? peer) => trustedRole.Length == 0 || peer?.Role == trustedRole;

    /// <summary>Has the trusted role, and there is one.</summary>
    public bool IsTrustedByRole(PeerIdentity peer) => trustedRole.Length > 0 && peer.Role == trustedRole;

    /// <summary>Whether that peer may send that message: one that stops an actor is for trusted peers.</summary>
    public bool MaySend(PeerIdentity? peer, object message) =>
        (message is ActorSelectionMessage selection ? selection.Message : message) is not IPossiblyHarmful || IsTrusted(peer);

    /// <summary>Whether that peer may name a reference of that owner.</summary>
    public bool MayName(PeerIdentity? peer, RefOwner owner) => owner != RefOwner.Third || IsTrusted(peer);
}

using Actors.Core;

namespace Actors.Remoting;

internal enum AdmissionKind
{
    /// <summary>Answer the hello and use the link.</summary>
    Accept,

    /// <summary>Wait for what becomes of this system's own dial.</summary>
    Hold,

    /// <summary>Say why and close.</summary>
    Refuse,
}

/// <summary>
/// What becomes of a connection that a peer dialled. When two systems dial each other at the same time, one connection must survive, and both
/// must agree which: that of the system whose address is smaller. The smaller one, once its own hello is out (so the peer is reachable), holds the other's
/// connection until its own is answered or fails; the larger one gives up its own. A dial that has not got that far yields at once,
/// so a peer behind a NAT, which can't be dialled, is never kept waiting.
/// </summary>
internal readonly record struct AdmissionDecision(AdmissionKind Kind, DisassociateCode Code, string Reason)
{
    public static readonly AdmissionDecision Accept = new(AdmissionKind.Accept, default, "");
    public static readonly AdmissionDecision Hold = new(AdmissionKind.Hold, default, "");

    public static AdmissionDecision Refuse(string why, DisassociateCode code = DisassociateCode.Refused) => new(AdmissionKind.Refuse, code, why);
}

/// <summary>The facts a decision rests on; pure.</summary>
/// <param name="Local">This system.</param>
/// <param name="Origin">Who the peer says it is.</param>
/// <param name="Target">Whom it believes to speak to; null if that is no address.</param>
/// <param name="Uid">The peer's life.</param>
/// <param name="Peer">Its certificate's subject.</param>
internal sealed record Admission(Address Local, Address Origin, Address? Target, long Uid, PeerIdentity Peer)
{
    /// <summary>A link that is younger was made by the same simultaneous dialling.</summary>
    public static readonly TimeSpan Young = TimeSpan.FromSeconds(2);

    /// <summary>Decides without an association: is it a system that can be spoken to at all?</summary>
    public AdmissionDecision Identity(long localUid)
    {
        if (Origin.HasLocalScope || Origin.Protocol != Local.Protocol)
        {
            return AdmissionDecision.Refuse($"a peer can't be called '{Origin}' here");
        }

        if (Origin == Local)
        {
            return AdmissionDecision.Refuse(Uid == localUid ? "this is yourself" : $"the address {Local} is this system's own");
        }

        return Target is null || Target.System != Local.System
            ? AdmissionDecision.Refuse($"this is the actor system '{Local.System}', not '{Target?.System}'")
            : AdmissionDecision.Accept;
    }

    /// <summary>Decides by what is known of that address.</summary>
    /// <param name="shunned">Why this life is given up; null if it is not.</param>
    /// <param name="link">Who holds the open link, over which life, whether this system dialled it, its age, and how long nothing came; null if there is none.</param>
    /// <param name="helloSent">This system is dialling and has said hello.</param>
    public AdmissionDecision Association(string? shunned, (PeerIdentity Peer, long? Uid, bool Outbound, TimeSpan Age, TimeSpan Silence)? link, bool helloSent)
    {
        if (shunned is not null)
        {
            return AdmissionDecision.Refuse($"this life of your actor system is given up: {shunned}; restart it", DisassociateCode.Quarantined);
        }

        var smaller = Address.Comparer.Compare(Local, Origin) < 0;
        if (link is { } open)
        {
            if (!open.Peer.SameSubject(Peer))
            {
                return AdmissionDecision.Refuse($"the address {Origin} is in use by {open.Peer}");
            }

            if (open.Peer.RemoteAddress is { } there && Peer.RemoteAddress is { } here && !there.Equals(here) && open.Silence < Young)
            {
                // The same certificate and the same address, but another machine: the key was copied, or two machines share an address.
                return AdmissionDecision.Refuse($"{Origin} is in use by {open.Peer}, which is alive; two machines can't have one certificate and one address");
            }

            return smaller && open.Outbound && open.Uid == Uid && open.Age < Young
                ? AdmissionDecision.Refuse("this system's own connection is used", DisassociateCode.Duplicate)
                : AdmissionDecision.Accept;
        }

        return helloSent && smaller ? AdmissionDecision.Hold : AdmissionDecision.Accept;
    }
}

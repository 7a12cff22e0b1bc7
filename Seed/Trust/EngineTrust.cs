using System.Net;
using System.Runtime.CompilerServices;
using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// What only the embedded engine offers: peers known by their certificates, asked about at the door and for every message, and enrolment on the
/// port that is open anyway. With Akka.NET, EngineTrust.Akka.cs stands in its place.
/// </summary>
internal static class EngineTrust
{
    private static readonly ConditionalWeakTable<PeerIdentity, PeerCard> Cards = [];

    /// <summary>Puts the guards in their places.</summary>
    /// <param name="system">The seed's.</param>
    /// <param name="refuse">Null: a peer may connect.</param>
    /// <param name="judge">Null: a peer may send a message.</param>
    /// <param name="desk">Gives certificates.</param>
    public static void Guard(ActorSystem system, Func<PeerCard, string?> refuse, Func<PeerCard, ActorPath?, object, PolicyRefusal?> judge, EnrolmentDesk desk)
    {
        PeerEvidence.SetMessagePolicy(system, m => judge(CardOf(m.Peer), m.Recipient, m.Message) is { } no ? new InboundRefusal(no.Why, no.Answer) : null);
        PeerEvidence.SetPeerPolicy(system, peer => refuse(CardOf(peer)));
        PeerEvidence.SetEnrolmentDesk(system, new Desk(desk));
    }

    /// <summary>Asks again about every link that is open.</summary>
    public static void Recheck(ActorSystem system) => PeerEvidence.RecheckPeers(system);

    /// <summary>Who speaks from that address; null when that is not known.</summary>
    public static PeerCard? Who(ActorSystem system, Address address) =>
        PeerEvidence.PeerIdentity(system, address) is { CommonName.Length: > 0 } peer ? CardOf(peer) : null;

    private static PeerCard CardOf(PeerIdentity peer) =>
        Cards.GetValue(peer, p => PeerCard.Of(p.CommonName, p.Role, p.Uri, p.SerialNumber, p.RemoteAddress));

    private sealed class Desk(EnrolmentDesk desk) : IEnrolmentDesk
    {
        public ReadOnlyMemory<byte> Greeting => desk.Greeting;

        public async Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> request, IPAddress from, CancellationToken timeout) =>
            await desk.AnswerAsync(request, from).ConfigureAwait(false);
    }
}

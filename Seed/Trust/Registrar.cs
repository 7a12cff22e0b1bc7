using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Trust;

/// <summary>Renews certificates for peers that have one; who they are, the link tells, not the message.</summary>
internal sealed class Registrar : ReceiveActor
{
    /// <summary>Makes it.</summary>
    public Registrar(EnrolmentDesk desk) => Receive<CertificateWanted>(wanted =>
    {
        if (EngineTrust.Who(Context.System, Sender.Path.Address) is { } peer)
        {
            desk.RenewAsync(peer, wanted).PipeTo(Sender, Self, null, e => new CertificateIssued { Refusal = e.Message });
        }
        else
        {
            Sender.Tell(new CertificateIssued { Refusal = "this seed can't tell who asks" }, Self);
        }
    });
}

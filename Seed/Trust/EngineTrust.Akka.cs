using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// Akka.NET lets in whoever its TLS settings let in and does not tell who that is: roles are not enforced, nobody is revoked, and certificates
/// are carried to machines by hand. See docs/SECURITY.md, and EngineTrust.cs for what the embedded engine does.
/// </summary>
internal static class EngineTrust
{
    /// <summary>Says what is missing.</summary>
    public static void Guard(ActorSystem system, Func<PeerCard, string?> refuse, Func<PeerCard, ActorPath?, object, PolicyRefusal?> judge, EnrolmentDesk desk) =>
        system.Log.Warning("On this engine roles are not enforced, revocations do not hold, and nobody can join by token: see docs/SECURITY.md");

    /// <summary>Nothing to ask.</summary>
    public static void Recheck(ActorSystem system)
    {
    }

    /// <summary>Not known.</summary>
    public static PeerCard? Who(ActorSystem system, Address address) => null;
}

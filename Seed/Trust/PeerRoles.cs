using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>What a certificate lets its holder do; the organisational unit of its subject.</summary>
internal static class PeerRoles
{
    /// <summary>Judges, stores, answers.</summary>
    public const string Seed = EngineConfig.SeedRole;

    /// <summary>Sends its own node's samples.</summary>
    public const string Agent = EngineConfig.AgentRole;

    /// <summary>Reads.</summary>
    public const string Dashboard = EngineConfig.DashboardRole;

    /// <summary>Reads, sets maintenance, acknowledges, forgets.</summary>
    public const string Operator = EngineConfig.OperatorRole;

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Seed, Agent, Dashboard, Operator];

    /// <summary>Refuses other words.</summary>
    public static void Check(string role)
    {
        if (!All.Contains(role))
        {
            throw new UserError($"there is no role \"{role}\"; it must be one of {string.Join(", ", All)}");
        }
    }

    /// <summary>The role in a certificate; null when it names none or more than one.</summary>
    public static string? Of(X509Certificate2 certificate) => CertificateNames.Role(certificate) is { } role && All.Contains(role) ? role : null;
}

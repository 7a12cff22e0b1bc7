using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// The certificates of programs on the seed's own machine: the seed's, one for agents that share its data folder, one for dashboards.
/// Made on the first start, renewed at a start that finds less than 30 days left, made anew when the authority is another one.
/// </summary>
internal static class LocalCertificates
{
    /// <summary>What is left of a certificate when it is renewed.</summary>
    public static readonly TimeSpan RenewBefore = TimeSpan.FromDays(30);

    private const string AgentName = "local";
    private const string DashboardName = "dashboard";
    private const string OperatorName = "operator";

    /// <summary>Where they lie.</summary>
    public static IEnumerable<CertificateFiles> All(DataFolder folder) =>
        [folder.SeedCertificate, folder.OperatorCertificate, folder.LocalAgentCertificate, folder.DashboardCertificate];

    /// <summary>Sees to all of them.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="seedName">Common name of the seed's certificate.</param>
    /// <param name="time">When now is.</param>
    /// <param name="note">Told what was done, one line each.</param>
    /// <param name="isRevoked">By serial number; what was revoked is made anew.</param>
    /// <exception cref="UserError">Something is damaged or can't be written.</exception>
    public static void Prepare(DataFolder folder, string seedName, TimeProvider time, Action<string> note, Func<string, bool>? isRevoked = null)
    {
        try
        {
            using var authority = AuthorityFiles.Open(folder, time, note);
            var maker = new Maker(folder, authority, time, note, isRevoked ?? (_ => false));
            maker.Prepare(folder.Seed, folder.SeedCertificate, seedName, PeerRoles.Seed, FileModes.OwnerFile);
            maker.Prepare(folder.Seed, folder.OperatorCertificate, OperatorName, PeerRoles.Operator, FileModes.OwnerFile);
            maker.Prepare(folder.Agents, folder.LocalAgentCertificate, AgentName, PeerRoles.Agent, FileModes.OwnerFile);
            maker.Prepare(folder.Dashboard, folder.DashboardCertificate, DashboardName, PeerRoles.Dashboard, FileModes.GroupFile);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(folder.Path, "write to", e);
        }
    }

    private sealed record Maker(DataFolder Folder, CertificateAuthority Authority, TimeProvider Time, Action<string> Note, Func<string, bool> IsRevoked)
    {
        public void Prepare(string into, CertificateFiles files, string name, string role, UnixFileMode mode)
        {
            Folder.Create(into);
            var trusted = Encoding.ASCII.GetBytes(Authority.Certificate.ExportCertificatePem() + "\n");
            if (!File.Exists(files.Authority) || !File.ReadAllBytes(files.Authority).AsSpan().SequenceEqual(trusted))
            {
                FileModes.WriteAtomically(files.Authority, trusted, FileModes.GroupFile);
            }

            if (File.Exists(files.Certificate))
            {
                KeyFiles.Restrict(files.Certificate, mode, Note);
                using var present = KeyFiles.ReadPfx(files.Certificate, "remove it, and the seed makes a new one");
                if (WhyRenew(present, role) is not { } reason)
                {
                    return;
                }

                Note($"made {files.Certificate} anew: {reason}");
            }

            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            using var issued = Authority.Issue(new PublicKey(key), name, role, CertificateAuthority.LeafLifetime);
            KeyFiles.WritePfx(files.Certificate, issued, key, mode);
        }

        private string? WhyRenew(X509Certificate2 present, string role)
        {
            var now = Time.GetUtcNow();
            return !Authority.Issued(present) ? "it was not issued by this cluster's authority"
                : PeerRoles.Of(present) != role ? $"its role was {PeerRoles.Of(present) ?? "none"}, not {role}"
                : IsRevoked(present.SerialNumber) ? "it was revoked"
                : now < present.NotBefore ? "it is not valid yet"
                : present.NotAfter - now < RenewBefore ? $"it expires at {present.NotAfter.ToUniversalTime():u}"
                : null;
        }
    }
}

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

    /// <summary>Sees to all of them.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="seedName">Common name of the seed's certificate.</param>
    /// <param name="time">When now is.</param>
    /// <param name="note">Told what was done, one line each.</param>
    /// <exception cref="UserError">Something is damaged or can't be written.</exception>
    public static void Prepare(DataFolder folder, string seedName, TimeProvider time, Action<string> note)
    {
        try
        {
            using var authority = AuthorityFiles.Open(folder, time, note);
            Prepare(folder, folder.Seed, folder.SeedCertificate, seedName, PeerRoles.Seed, FileModes.OwnerFile, authority, time, note);
            Prepare(folder, folder.Agents, folder.LocalAgentCertificate, "local", PeerRoles.Agent, FileModes.OwnerFile, authority, time, note);
            Prepare(folder, folder.Dashboard, folder.DashboardCertificate, "dashboard", PeerRoles.Dashboard, FileModes.GroupFile, authority, time, note);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(folder.Path, "write to", e);
        }
    }

    private static void Prepare(
        DataFolder folder,
        string into,
        CertificateFiles files,
        string name,
        string role,
        UnixFileMode mode,
        CertificateAuthority authority,
        TimeProvider time,
        Action<string> note)
    {
        folder.Create(into);
        var trusted = Encoding.ASCII.GetBytes(authority.Certificate.ExportCertificatePem() + "\n");
        if (!File.Exists(files.Authority) || !File.ReadAllBytes(files.Authority).AsSpan().SequenceEqual(trusted))
        {
            FileModes.WriteAtomically(files.Authority, trusted, FileModes.GroupFile);
        }

        if (File.Exists(files.Certificate))
        {
            KeyFiles.Restrict(files.Certificate, mode, note);
            using var present = KeyFiles.ReadPfx(files.Certificate, "remove it, and the seed makes a new one");
            var reason = WhyRenew(present, role, authority, time.GetUtcNow());
            if (reason is null)
            {
                return;
            }

            note($"made {files.Certificate} anew: {reason}");
        }

        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var issued = authority.Issue(new PublicKey(key), name, role, CertificateAuthority.LeafLifetime);
        KeyFiles.WritePfx(files.Certificate, issued, key, mode);
    }

    private static string? WhyRenew(X509Certificate2 present, string role, CertificateAuthority authority, DateTimeOffset now) =>
        !authority.Issued(present) ? "it was not issued by this cluster's authority"
        : PeerRoles.Of(present) != role ? $"its role was {PeerRoles.Of(present) ?? "none"}, not {role}"
        : now < present.NotBefore ? "it is not valid yet"
        : present.NotAfter - now < RenewBefore ? $"it expires at {present.NotAfter.ToUniversalTime():u}"
        : null;
}

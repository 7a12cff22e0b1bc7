using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// <c>DATA/ca</c>: <c>ca.key</c> (PKCS #8, PEM, 0600) and <c>ca.crt</c> (PEM). The key is written first, and a key alone gets its certificate
/// on the next start, so that a crash between the two loses nothing.
/// </summary>
internal static class AuthorityFiles
{
    /// <summary>Opens the cluster's authority, or makes it.</summary>
    /// <param name="folder">The data folder.</param>
    /// <param name="time">When now is.</param>
    /// <param name="note">Told what was done, one line each.</param>
    /// <exception cref="UserError">The files are damaged, incomplete or out of their time.</exception>
    public static CertificateAuthority Open(DataFolder folder, TimeProvider time, Action<string> note)
    {
        folder.Create(folder.Ca);
        var keyFile = Path.Combine(folder.Ca, "ca.key");
        var certificateFile = Path.Combine(folder.Ca, "ca.crt");
        if (!File.Exists(keyFile) && File.Exists(certificateFile))
        {
            throw new UserError($"{keyFile} is missing; restore it from a backup, or remove {folder.Ca} to begin a new cluster that every machine must join anew");
        }

        if (!File.Exists(keyFile))
        {
            using var fresh = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            FileModes.WriteAtomically(keyFile, Encoding.ASCII.GetBytes(fresh.ExportPkcs8PrivateKeyPem() + "\n"), FileModes.OwnerFile);
        }

        KeyFiles.Restrict(keyFile, FileModes.OwnerFile, note);
        using var key = KeyFiles.Read(keyFile, "restore it from a backup", path =>
        {
            var read = ECDsa.Create();
            read.ImportFromPem(File.ReadAllText(path));
            return read;
        });
        if (!File.Exists(certificateFile))
        {
            using var made = CertificateAuthority.Create(key, time);
            FileModes.WriteAtomically(certificateFile, Encoding.ASCII.GetBytes(made.Certificate.ExportCertificatePem() + "\n"), FileModes.GroupFile);
            note($"made the cluster's certificate authority, fingerprint {Convert.ToHexStringLower(made.Fingerprint)}");
        }

        var authority = KeyFiles.Read(certificateFile, "restore it from a backup", path =>
            CertificateAuthority.From(X509Certificate2.CreateFromPem(File.ReadAllText(path)), key, time));
        CheckDates(authority, certificateFile, time.GetUtcNow());
        return authority;
    }

    private static void CheckDates(CertificateAuthority authority, string file, DateTimeOffset now)
    {
        if (now < authority.Certificate.NotBefore)
        {
            throw new UserError($"{file} is valid from {authority.Certificate.NotBefore.ToUniversalTime():u} on, and this machine's clock says {now:u}; set the clock");
        }

        if (now > authority.Certificate.NotAfter)
        {
            throw new UserError($"{file} expired at {authority.Certificate.NotAfter.ToUniversalTime():u}; set the clock if it is wrong, or remove {Path.GetDirectoryName(file)} to begin a new cluster that every machine must join anew");
        }
    }
}

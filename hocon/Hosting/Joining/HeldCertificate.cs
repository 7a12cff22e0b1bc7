using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>A certificate with its key in a program's own folder: written once it has joined, read to see whether it is to be renewed.</summary>
public static class HeldCertificate
{
    // Without a password there is nothing to stretch: one round, so that programs start at once. The file's mode protects the key.
    private static readonly PbeParameters NoPassword = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);

    /// <summary>Writes both files, the certificate last: once it is there, the program has joined.</summary>
    /// <param name="files">Where.</param>
    /// <param name="certificate">As the seed issued it.</param>
    /// <param name="key">Made here.</param>
    /// <param name="authority">The CA's certificate.</param>
    /// <param name="mode">Of the file with the key.</param>
    /// <exception cref="UserError">They can't be written.</exception>
    public static void Write(CertificateFiles files, X509Certificate2 certificate, ECDsa key, X509Certificate2 authority, UnixFileMode mode)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(certificate);
        ArgumentNullException.ThrowIfNull(authority);
        try
        {
            var trusted = Encoding.ASCII.GetBytes(authority.ExportCertificatePem() + "\n");
            FileModes.WriteAtomically(files.Authority, trusted, FileModes.GroupFile);
            using var both = certificate.CopyWithPrivateKey(key);
            FileModes.WriteAtomically(files.Certificate, both.ExportPkcs12(NoPassword, ""), mode);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(Path.GetDirectoryName(files.Certificate)!, "write to", e);
        }
    }

    /// <summary>Reads it; null when there is none or it is damaged.</summary>
    public static X509Certificate2? TryRead(CertificateFiles files)
    {
        ArgumentNullException.ThrowIfNull(files);
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(files.Certificate, "", X509KeyStorageFlags.EphemeralKeySet);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether there is one that is valid now and of the cluster whose authority has this fingerprint.</summary>
    public static bool IsOf(CertificateFiles files, ReadOnlySpan<byte> fingerprint, DateTimeOffset now)
    {
        using var held = TryRead(files);
        if (held is null || now < held.NotBefore || now > held.NotAfter)
        {
            return false;
        }

        try
        {
            using var authority = X509CertificateLoader.LoadCertificateFromFile(files.Authority);
            return fingerprint.SequenceEqual(authority.GetCertHash(HashAlgorithmName.SHA256)) && CertificateNames.IsIssuedBy(held, authority);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether less than a third of its life is left.</summary>
    public static bool IsDue(X509Certificate2 certificate, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var (from, to) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        return now.UtcDateTime > to - ((to - from) / 3);
    }
}

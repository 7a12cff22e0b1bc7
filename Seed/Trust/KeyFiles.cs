using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>Reading and writing of keys and certificates, with errors that a person can act on.</summary>
internal static class KeyFiles
{
    // Without a password there is nothing to stretch: one round, so that programs start at once. The file's mode protects the key.
    private static readonly PbeParameters NoPassword = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1);

    /// <summary>Reads a file by a function that may find it damaged.</summary>
    /// <param name="path">The file.</param>
    /// <param name="remedy">What to do about a damaged one.</param>
    /// <param name="read">Reads it.</param>
    public static T Read<T>(string path, string remedy, Func<string, T> read)
    {
        try
        {
            return read(path);
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or FormatException)
        {
            throw new UserError($"{path} is damaged ({e.Message.TrimEnd('.')}); {remedy}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(path, "read", e);
        }
    }

    /// <summary>A certificate with its key, without a password.</summary>
    public static X509Certificate2 ReadPfx(string path, string remedy) => Read(path, remedy, p =>
    {
        var certificate = X509CertificateLoader.LoadPkcs12FromFile(p, "", X509KeyStorageFlags.EphemeralKeySet);
        if (certificate.HasPrivateKey)
        {
            return certificate;
        }

        certificate.Dispose();
        throw new CryptographicException("it holds no private key");
    });

    /// <summary>Writes a certificate with its key, whole or not at all.</summary>
    public static void WritePfx(string path, X509Certificate2 certificate, ECDsa key, UnixFileMode mode)
    {
        using var both = certificate.CopyWithPrivateKey(key);
        FileModes.WriteAtomically(path, both.ExportPkcs12(NoPassword, ""), mode);
    }

    /// <summary>Takes back rights that a key's file should never have given.</summary>
    public static void Restrict(string path, UnixFileMode mode, Action<string> note)
    {
        if (!OperatingSystem.IsWindows() && FileModes.IsWiderThan(path, mode))
        {
            try
            {
                File.SetUnixFileMode(path, mode);
                note($"{path} could be read by others; took that right back. If others use this machine, treat the key as known to them");
            }
            catch (UnauthorizedAccessException e)
            {
                throw new UserError($"{path} can be read by others and is not this user's; run as its owner, or chmod {Convert.ToString((int)mode, 8)} it", e);
            }
        }
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Remoting;

/// <summary>This system's certificate and whom it trusts.</summary>
internal sealed class TlsSettings
{
    private TlsSettings(X509Certificate2 certificate, X509Certificate2Collection authorities, string serverRole)
    {
        Certificate = certificate;
        Authorities = authorities;
        ServerRole = serverRole;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>The only roots that count.</summary>
    public X509Certificate2Collection Authorities { get; }

    /// <summary>The OU that a peer must have to be dialled; empty = any.</summary>
    public string ServerRole { get; }

    /// <summary>Reads the files.</summary>
    /// <exception cref="RemoteTransportException">One is missing, unreadable or not what it should be.</exception>
    public static TlsSettings Load(string certificatePath, string password, string authorityPath, string serverRole)
    {
        var certificate = Read(certificatePath, "akka.remote.dot-netty.tcp.ssl.certificate.path", path => X509CertificateLoader.LoadPkcs12FromFile(path, password));
        if (!certificate.HasPrivateKey)
        {
            throw new RemoteTransportException($"the certificate {certificatePath} holds no private key; it must be a PKCS#12 file (.pfx) with its key");
        }

        var authorities = Read(authorityPath, "akka.remote.dot-netty.tcp.ssl.embedded.ca-path", path =>
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPemFile(path);
            return found.Count > 0 ? found : throw new CryptographicException("it holds no PEM certificate");
        });
        return new TlsSettings(certificate, authorities, serverRole);
    }

    /// <summary>For tests and for callers that hold the certificates already.</summary>
    public static TlsSettings Of(X509Certificate2 certificate, X509Certificate2 authority, string serverRole = "") =>
        new(certificate, [authority], serverRole);

    private static T Read<T>(string path, string key, Func<string, T> read)
    {
        if (path.Length == 0)
        {
            throw new RemoteTransportException($"TLS is on, but {key} is not set");
        }

        try
        {
            return read(path);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new RemoteTransportException($"can't read {path} ({key}): {e.Message}", e);
        }
    }
}

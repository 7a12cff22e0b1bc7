using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting;

namespace EngineTests.Remote.Transports;

/// <summary>A certificate authority for one test.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly X509Certificate2 _authority = Make("CN=test CA", null, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));

    /// <summary>The root that signs.</summary>
    public X509Certificate2 Authority => _authority;

    /// <summary>A certificate with its key, as the seed makes them.</summary>
    public X509Certificate2 Issue(string name, string role, int validFromDays = -1, int validToDays = 1) => Make(
        $"CN={name}, OU={role}, O=ClusterMonitor",
        _authority,
        DateTimeOffset.UtcNow.AddDays(validFromDays),
        DateTimeOffset.UtcNow.AddDays(validToDays));

    public TlsSettings Settings(string name, string role, string serverRole = "") => TlsSettings.Of(Issue(name, role), _authority, serverRole);

    public void Dispose() => _authority.Dispose();

    private static X509Certificate2 Make(string subject, X509Certificate2? issuer, DateTimeOffset from, DateTimeOffset to)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(issuer is null, false, 0, true));
        if (issuer is null)
        {
            return request.CreateSelfSigned(from.AddDays(-400), to.AddDays(400));
        }

        using var signed = request.Create(issuer, from, to, RandomNumberGenerator.GetBytes(8));
        using var withKey = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(withKey.Export(X509ContentType.Pfx), null);
    }
}

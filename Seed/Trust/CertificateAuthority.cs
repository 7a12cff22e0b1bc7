using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>
/// The cluster's own certificate authority: whoever it vouches for may connect, in the role that the certificate names, and nobody else.
/// ECDSA on P-256 throughout. Subjects are <c>CN=name, OU=role, O=ClusterMonitor</c>.
/// </summary>
internal sealed class CertificateAuthority : IDisposable
{
    /// <summary>Of the authority itself.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(3652);

    /// <summary>Of what it issues, unless told otherwise.</summary>
    public static readonly TimeSpan LeafLifetime = TimeSpan.FromDays(365);

    /// <summary>Certificates are valid from a day ago: clocks of machines that join may be behind.</summary>
    public static readonly TimeSpan Backdate = TimeSpan.FromDays(1);

    private const string Organisation = "ClusterMonitor";

    private readonly TimeProvider _time;

    private CertificateAuthority(X509Certificate2 certificate, TimeProvider time)
    {
        Certificate = certificate;
        _time = time;
    }

    /// <summary>With its private key.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>SHA-256 of the certificate: what a join token carries, so that the first contact can be checked.</summary>
    public byte[] Fingerprint => Certificate.GetCertHash(HashAlgorithmName.SHA256);

    /// <summary>A new authority for a key.</summary>
    /// <param name="key">P-256, with its private part.</param>
    /// <param name="time">When now is.</param>
    public static CertificateAuthority Create(ECDsa key, TimeProvider time)
    {
        var label = Convert.ToHexStringLower(SHA256.HashData(key.ExportSubjectPublicKeyInfo()).AsSpan(0, 4));
        var request = new CertificateRequest(Subject($"ClusterMonitor CA {label}", unit: null), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        var now = time.GetUtcNow();
        return new CertificateAuthority(request.CreateSelfSigned(now - Backdate, now + Lifetime), time);
    }

    /// <summary>The authority that a certificate and its key make.</summary>
    /// <exception cref="CryptographicException">They do not belong together, or it is no authority.</exception>
    public static CertificateAuthority From(X509Certificate2 certificate, ECDsa key, TimeProvider time)
    {
        if (!certificate.Extensions.OfType<X509BasicConstraintsExtension>().Any(b => b.CertificateAuthority))
        {
            throw new CryptographicException("it is not the certificate of an authority");
        }

        using var publicKey = certificate.GetECDsaPublicKey() ?? throw new CryptographicException("it has no ECDSA key");
        if (!publicKey.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(key.ExportSubjectPublicKeyInfo()))
        {
            throw new CryptographicException("the key belongs to another certificate");
        }

        return new CertificateAuthority(certificate.CopyWithPrivateKey(key), time);
    }

    /// <summary>Vouches for a public key.</summary>
    /// <param name="key">The peer's; its private part never comes here.</param>
    /// <param name="name">A valid <see cref="NodeName"/>, or a user's name.</param>
    /// <param name="role">What the peer may do: one of <see cref="PeerRoles"/>.</param>
    /// <param name="lifetime">Cut to the authority's own end.</param>
    /// <param name="nodeId">The only node it speaks for; empty: not bound to one.</param>
    /// <returns>Without a private key.</returns>
    public X509Certificate2 Issue(PublicKey key, string name, string role, TimeSpan lifetime, string nodeId = "")
    {
        PeerRoles.Check(role);
        if (!NodeName.IsValid(name))
        {
            throw new UserError($"\"{name}\" can't stand in a certificate: a name is {NodeName.Hint}");
        }

        var request = new CertificateRequest(Subject(name, role), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1", "serverAuth"), new Oid("1.3.6.1.5.5.7.3.2", "clientAuth")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(key, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(Certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));

        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (nodeId.Length > 0)
        {
            names.AddUri(new Uri(CertificateNames.NodeUri + nodeId));
        }

        request.CertificateExtensions.Add(names.Build());

        var now = _time.GetUtcNow();
        var from = Latest(now - Backdate, Certificate.NotBefore);
        var until = now + lifetime < Certificate.NotAfter ? now + lifetime : Certificate.NotAfter;
        return request.Create(Certificate, from, until, NewSerialNumber());
    }

    /// <summary>
    /// Vouches for the key of a certificate request (PKCS #10, DER). Only the key is taken from it, and the proof that the sender has
    /// the private part; name and role are what the seed decided.
    /// </summary>
    /// <exception cref="CryptographicException">The request is malformed, not signed by its key, or of another kind of key.</exception>
    public X509Certificate2 Issue(byte[] certificateRequest, string name, string role, TimeSpan lifetime, string nodeId = "")
    {
        var asked = CertificateRequest.LoadSigningRequest(certificateRequest, HashAlgorithmName.SHA256);
        using var key = asked.PublicKey.GetECDsaPublicKey();
        if (key is null || key.KeySize != 256)
        {
            throw new CryptographicException("only ECDSA keys on P-256 are taken");
        }

        return Issue(asked.PublicKey, name, role, lifetime, nodeId);
    }

    /// <summary>Whether this authority issued the certificate; its dates are not looked at.</summary>
    public bool Issued(X509Certificate2 certificate) => CertificateNames.IsIssuedBy(certificate, Certificate);

    /// <inheritdoc/>
    public void Dispose() => Certificate.Dispose();

    private static X500DistinguishedName Subject(string name, string? unit)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        if (unit is not null)
        {
            subject.AddOrganizationalUnitName(unit);
        }

        subject.AddOrganizationName(Organisation);
        return subject.Build();
    }

    private static DateTimeOffset Latest(DateTimeOffset a, DateTimeOffset b) => a > b ? a : b;

    private static byte[] NewSerialNumber()
    {
        // 127 random bits; a leading zero bit keeps it positive, a leading one bit keeps its length (RFC 5280, 4.1.2.2).
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 0x40);
        return serial;
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Trust;

namespace ClusterMonitor.Seed.Tests.Trust;

public sealed class CertificateAuthorityTests : IDisposable
{
    private static readonly StandingClock Clock = new(DateTimeOffset.Parse("2026-11-21T20:00:00Z"));

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly CertificateAuthority _authority;

    public CertificateAuthorityTests() => _authority = CertificateAuthority.Create(_key, Clock);

    public void Dispose()
    {
        _authority.Dispose();
        _key.Dispose();
    }

    [Fact]
    public void A_request_gets_the_name_and_role_that_the_seed_decided_not_those_it_asks_for()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var asked = new CertificateRequest("CN=king, OU=seed, O=ClusterMonitor", key, HashAlgorithmName.SHA256);
        asked.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        using var issued = _authority.Issue(asked.CreateSigningRequest(), "web-1", PeerRoles.Agent, TimeSpan.FromDays(7));
        Assert.Equal("CN=web-1, OU=agent, O=ClusterMonitor", issued.Subject);
        Assert.False(issued.Extensions.OfType<X509BasicConstraintsExtension>().Single().CertificateAuthority);
        Assert.Equal(Clock.GetUtcNow().AddDays(7).UtcDateTime, issued.NotAfter.ToUniversalTime());
        Assert.True(_authority.Issued(issued));
        Assert.False(issued.HasPrivateKey);
    }

    [Fact]
    public void A_request_that_is_not_signed_by_its_own_key_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSigningRequest();
        request[^5] ^= 1;
        Assert.Throws<CryptographicException>(() => _authority.Issue(request, "x", PeerRoles.Agent, TimeSpan.FromDays(1)));
        Assert.Throws<CryptographicException>(() => _authority.Issue([1, 2, 3], "x", PeerRoles.Agent, TimeSpan.FromDays(1)));
    }

    [Fact]
    public void Other_kinds_of_keys_are_refused()
    {
        using var rsa = RSA.Create(2048);
        var request = new CertificateRequest("CN=x", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSigningRequest();
        Assert.Throws<CryptographicException>(() => _authority.Issue(request, "x", PeerRoles.Agent, TimeSpan.FromDays(1)));
        using var p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        request = new CertificateRequest("CN=x", p384, HashAlgorithmName.SHA256).CreateSigningRequest();
        Assert.Throws<CryptographicException>(() => _authority.Issue(request, "x", PeerRoles.Agent, TimeSpan.FromDays(1)));
    }

    [Theory]
    [InlineData("", "agent")]
    [InlineData("a,OU=seed", "agent")]
    [InlineData("a\u0000b", "agent")]
    [InlineData("a", "king")]
    [InlineData("a", "")]
    public void A_name_or_role_out_of_the_ordinary_is_refused(string name, string role) =>
        Assert.Throws<UserError>(() => _authority.Issue(new PublicKey(_key), name, role, TimeSpan.FromDays(1)));

    [Fact]
    public void Nothing_it_issues_outlives_it()
    {
        using var issued = _authority.Issue(new PublicKey(_key), "x", PeerRoles.Agent, TimeSpan.FromDays(100_000));
        Assert.Equal(_authority.Certificate.NotAfter, issued.NotAfter);
    }

    [Fact]
    public void What_another_authority_of_the_same_name_issued_is_not_its_own()
    {
        using var otherKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = CertificateAuthority.Create(otherKey, Clock);
        using var issued = other.Issue(new PublicKey(_key), "x", PeerRoles.Agent, TimeSpan.FromDays(1));
        Assert.False(_authority.Issued(issued));
        Assert.False(_authority.Issued(_authority.Certificate));
    }

    [Fact]
    public void Serial_numbers_are_long_random_and_positive()
    {
        var serials = Enumerable.Range(0, 20).Select(_ =>
        {
            using var issued = _authority.Issue(new PublicKey(_key), "x", PeerRoles.Agent, TimeSpan.FromDays(1));
            return issued.SerialNumberBytes.ToArray();
        }).ToList();
        Assert.All(serials, s => Assert.True(s.Length == 16 && s[0] is >= 0x40 and < 0x80));
        Assert.Equal(20, serials.Select(Convert.ToHexString).Distinct().Count());
    }

    [Fact]
    public async Task Two_of_its_certificates_make_a_mutual_tls_1_3_link()
    {
        using var authority = CertificateAuthority.Create(_key, TimeProvider.System);
        using var serverKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var clientKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var server = authority.Issue(new PublicKey(serverKey), "s", PeerRoles.Seed, TimeSpan.FromDays(1)).CopyWithPrivateKey(serverKey);
        using var client = authority.Issue(new PublicKey(clientKey), "c", PeerRoles.Agent, TimeSpan.FromDays(1)).CopyWithPrivateKey(clientKey);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var connecting = new TcpClient();
        var connected = connecting.ConnectAsync((IPEndPoint)listener.LocalEndpoint);
        using var accepted = await listener.AcceptTcpClientAsync();
        await connected;
        using var serverSide = new SslStream(accepted.GetStream());
        using var clientSide = new SslStream(connecting.GetStream());
        var policy = Policy(authority);
        await Task.WhenAll(
            serverSide.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = server,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = policy,
            }),
            clientSide.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
            {
                TargetHost = "s",
                ClientCertificates = [client],
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateChainPolicy = policy,
            })).WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Equal(SslProtocols.Tls13, clientSide.SslProtocol);
        using var seen = new X509Certificate2(serverSide.RemoteCertificate!);
        Assert.Equal(PeerRoles.Agent, PeerRoles.Of(seen));
    }

    private static X509ChainPolicy Policy(CertificateAuthority authority) => new()
    {
        TrustMode = X509ChainTrustMode.CustomRootTrust,
        CustomTrustStore = { authority.Certificate },
        RevocationMode = X509RevocationMode.NoCheck,
        DisableCertificateDownloads = true,
    };
}

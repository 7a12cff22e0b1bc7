using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Hosting;

/// <summary>Who wants to join what.</summary>
/// <param name="Seed">Where the seed listens.</param>
/// <param name="Token">From the seed's operator.</param>
/// <param name="Name">What the newcomer is to be called.</param>
/// <param name="NodeId">Of an agent; empty for others.</param>
/// <param name="Role">What it joins as.</param>
public sealed record EnrolmentWish(HostPort Seed, JoinToken Token, string Name, string NodeId, string Role);

/// <summary>What came of it; the caller disposes it.</summary>
/// <param name="Certificate">Without its key.</param>
/// <param name="Key">Made on this machine.</param>
/// <param name="Authority">The cluster's.</param>
/// <param name="Role">As the token has it.</param>
public sealed record Enrolled(X509Certificate2 Certificate, ECDsa Key, X509Certificate2 Authority, string Role) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Certificate.Dispose();
        Key.Dispose();
        Authority.Dispose();
    }
}

/// <summary>
/// A newcomer's side of an enrolment: dials the seed's port without a certificate, checks the seed by the fingerprint in the token before it
/// shows the token's secret, and gets a certificate for a key that never leaves this machine.
/// </summary>
public static class SeedEnrolment
{
    /// <summary>
    /// A clock that is further off is set before anything else: certificates would not be valid, and samples would land in another day.
    /// </summary>
    public static readonly TimeSpan LargestSkew = TimeSpan.FromHours(6);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Asks for a certificate.</summary>
    /// <param name="wish">Who wants it.</param>
    /// <param name="time">When now is.</param>
    /// <param name="stop">Gives up.</param>
    /// <exception cref="UserError">It was not given; one line says why and what to do.</exception>
    public static async Task<Enrolled> RunAsync(EnrolmentWish wish, TimeProvider time, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(wish);
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, stop);
        try
        {
            return await TalkAsync(wish, time, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw Failed(wish, $"no answer in {Patience.TotalSeconds:0} s; is a firewall in between?", e);
        }
        catch (SocketException e)
        {
            throw Failed(wish, $"{e.Message.ToLowerInvariant()}; is a seed running there, and does it listen on that address (Seed --host ADDR)?", e);
        }
        catch (Exception e) when (e is AuthenticationException or EndOfStreamException or IOException or InvalidProtocolBufferException or CryptographicException)
        {
            throw Failed(wish, "what answers there does not speak as a seed of ClusterMonitor does (TLS 1.3); check host and port", e);
        }
        catch (InvalidDataException e)
        {
            throw Failed(wish, e.Message, e);
        }
    }

    private static async Task<Enrolled> TalkAsync(EnrolmentWish wish, TimeProvider time, CancellationToken stop)
    {
        using var socket = new TcpClient { NoDelay = true };
        await socket.ConnectAsync(wish.Seed.Host, wish.Seed.Port, stop).ConfigureAwait(false);
        using var tls = new SslStream(socket.GetStream(), leaveInnerStreamOpen: false);
        byte[] shown = [];
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = wish.Seed.Host,
            EnabledSslProtocols = SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = (_, certificate, _, _) =>
            {
                // Judged below, once the seed has shown the authority that the token names; nothing secret is sent before.
                shown = certificate?.GetRawCertData() ?? [];
                return shown.Length > 0;
            },
        };
        await tls.AuthenticateAsClientAsync(options, stop).ConfigureAwait(false);
        var stream = new EnrolmentStream(tls);
        var greeting = EnrolmentGreeting.Parser.ParseFrom(await stream.ReadAsync(stop).ConfigureAwait(false));
        var authority = CheckSeed(wish, greeting, shown);
        try
        {
            return await AskAsync(wish, stream, greeting, authority, time.GetUtcNow(), stop).ConfigureAwait(false);
        }
        catch
        {
            authority.Dispose();
            throw;
        }
    }

    private static async Task<Enrolled> AskAsync(
        EnrolmentWish wish,
        EnrolmentStream stream,
        EnrolmentGreeting greeting,
        X509Certificate2 authority,
        DateTimeOffset now,
        CancellationToken stop)
    {
        var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        try
        {
            var skewed = (now - DateTimeOffset.FromUnixTimeMilliseconds(greeting.ClockMs)).Duration() > LargestSkew;
            var request = new EnrolmentRequest
            {
                // The seed will refuse a clock that is so far off; it says so in its log as well, and the token is not spent.
                Secret = skewed ? ByteString.Empty : ByteString.CopyFrom(wish.Token.Secret),
                Name = wish.Name,
                NodeId = wish.NodeId,
                Role = wish.Role,
                CertificateRequest = ByteString.CopyFrom(CertificateNames.Request(key, wish.Name)),
                ClockMs = now.ToUnixTimeMilliseconds(),
                Version = ProgramContext.Version,
            };
            await stream.WriteAsync(request.ToByteArray(), stop).ConfigureAwait(false);
            var answer = EnrolmentAnswer.Parser.ParseFrom(await stream.ReadAsync(stop).ConfigureAwait(false));
            if (answer.Refusal.Length > 0)
            {
                throw new InvalidDataException($"the seed refuses: {Printable.Escape(answer.Refusal)}");
            }

            var certificate = X509CertificateLoader.LoadCertificate(answer.Certificate.Span);
            return CertificateNames.IsIssuedBy(certificate, authority)
                ? new Enrolled(certificate, key, authority, answer.Role)
                : throw new InvalidDataException("the certificate that came is not of this cluster's authority");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <summary>The authority is the token's, and the peer's certificate is the authority's, for a seed: TLS has shown that the peer has its key.</summary>
    private static X509Certificate2 CheckSeed(EnrolmentWish wish, EnrolmentGreeting greeting, byte[] shown)
    {
        if (greeting.Version != 1)
        {
            throw new InvalidDataException($"the seed speaks version {greeting.Version} of joining, and this program 1; upgrade the older one");
        }

        var fingerprint = SHA256.HashData(greeting.Authority.Span);
        if (!wish.Token.Fingerprint.SequenceEqual(fingerprint))
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture,
                $"what answers there is not the seed that made the token (its authority is {Short(fingerprint)}, the token's {Short(wish.Token.Fingerprint)}); another cluster, or somebody in between: the token was not sent. Check HOST:PORT, and make a token on that very seed"));
        }

        var authority = X509CertificateLoader.LoadCertificate(greeting.Authority.Span);
        using var leaf = X509CertificateLoader.LoadCertificate(shown);
        if (CertificateNames.IsIssuedBy(leaf, authority) && CertificateNames.Role(leaf) == EngineConfig.SeedRole)
        {
            return authority;
        }

        authority.Dispose();
        throw new InvalidDataException("what answers there shows the seed's authority but not a seed's certificate; somebody is in between: the token was not sent");
    }

    private static string Short(ReadOnlySpan<byte> fingerprint) => Convert.ToHexStringLower(fingerprint[..8]);

    private static UserError Failed(EnrolmentWish wish, string why, Exception cause) => new($"can't join by seed {wish.Seed}: {why}", cause);
}

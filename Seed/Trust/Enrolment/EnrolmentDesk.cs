using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Nodes;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>
/// Gives certificates: to newcomers for a token, to peers for the one they have. It knows no sockets; whatever a stranger sends,
/// the answer is a certificate or one line that says why not.
/// </summary>
/// <param name="authority">Signs.</param>
/// <param name="store">Tokens, and what was issued.</param>
/// <param name="time">The seed's clock.</param>
/// <param name="note">Hears who was let in.</param>
/// <param name="refused">Hears who was not: name, from where, why.</param>
internal sealed class EnrolmentDesk(CertificateAuthority authority, EnrolmentStore store, TimeProvider time, Action<string> note, Action<string, string, string> refused)
{
    private readonly AttemptGate _attempts = new(time);

    /// <summary>What is said first to everyone.</summary>
    public byte[] Greeting => new EnrolmentGreeting
    {
        Version = 1,
        Authority = ByteString.CopyFrom(authority.Certificate.RawData),
        ClockMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
    }.ToByteArray();

    /// <summary>Answers a newcomer.</summary>
    public async Task<byte[]> AnswerAsync(ReadOnlyMemory<byte> request, IPAddress from)
    {
        var answer = await DecideAsync(request, from).ConfigureAwait(false);
        return answer.ToByteArray();
    }

    /// <summary>A new certificate for a peer that has one.</summary>
    public async Task<CertificateIssued> RenewAsync(PeerCard peer, CertificateWanted wanted)
    {
        if (store.Read().IsRevoked(peer.Serial))
        {
            return new CertificateIssued { Refusal = "the certificate was revoked" };
        }

        try
        {
            using var certificate = authority.Issue(wanted.CertificateRequest.ToByteArray(), peer.Name, peer.Role, CertificateAuthority.LeafLifetime, peer.NodeId);
            var entry = Entry(certificate, peer.Role, peer.NodeId, "renewal");
            await store.UpdateAsync(book => (book.Record(entry), true)).ConfigureAwait(false);
            note($"renewed the certificate of {peer.Name} ({peer.Who}), valid until {certificate.NotAfter.ToUniversalTime():u}");
            return new CertificateIssued
            {
                Certificate = ByteString.CopyFrom(certificate.RawData),
                Authority = ByteString.CopyFrom(authority.Certificate.RawData),
            };
        }
        catch (Exception e) when (e is CryptographicException or UserError)
        {
            return new CertificateIssued { Refusal = e.Message };
        }
    }

    private async Task<EnrolmentAnswer> DecideAsync(ReadOnlyMemory<byte> bytes, IPAddress from)
    {
        if (!_attempts.MayTry(from))
        {
            return Refuse("", from, "too many refused attempts from this address; wait a minute");
        }

        EnrolmentRequest request;
        try
        {
            request = EnrolmentRequest.Parser.ParseFrom(bytes.Span);
        }
        catch (InvalidProtocolBufferException)
        {
            return Refuse("", from, "the request can't be read: is the program of another version?");
        }

        // A name goes to logs and events only once it is one.
        var name = NodeName.IsValid(request.Name) ? request.Name : "";
        if (Problem(request) is { } problem)
        {
            return Refuse(name, from, problem);
        }

        try
        {
            var (redeemed, issued) = await RedeemAsync(request).ConfigureAwait(false);
            if (issued is null)
            {
                return Refuse(name, from, redeemed.Text!);
            }

            using var certificate = issued;
            var token = redeemed.Token!;
            note($"{name} at {from} joined as {token.Role} with token {token.Id}, certificate {certificate.SerialNumber} until {certificate.NotAfter.ToUniversalTime():u}");
            return new EnrolmentAnswer { Certificate = ByteString.CopyFrom(certificate.RawData), Role = token.Role };
        }
        catch (UserError e)
        {
            // The seed's own trouble; its operator reads the details.
            note($"{name} at {from} could not join: {e.Message}");
            return new EnrolmentAnswer { Refusal = "the seed can't write down who joins; its log says why" };
        }
    }

    /// <summary>What is wrong with the request itself, before any token is looked at.</summary>
    private string? Problem(EnrolmentRequest request)
    {
        var now = time.GetUtcNow();
        var theirs = DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(request.ClockMs, 0, 4_000_000_000_000));
        if ((now - theirs).Duration() > SeedEnrolment.LargestSkew)
        {
            return $"the newcomer's clock says {theirs.UtcDateTime:yyyy-MM-dd HH:mm} UTC and the seed's {now.UtcDateTime:yyyy-MM-dd HH:mm} UTC; set the one that is wrong and join again, the token is not spent";
        }

        if (request.Role == PeerRoles.Agent && !HelloRules.IsNodeId(request.NodeId))
        {
            return "the request names no valid node id: remove the file node-id from the agent's folder";
        }

        return IsSigned(request.CertificateRequest.ToByteArray()) ? null : "the certificate request is malformed or not signed by its own key (ECDSA, P-256)";
    }

    private static bool IsSigned(byte[] certificateRequest)
    {
        try
        {
            using var key = CertificateRequest.LoadSigningRequest(certificateRequest, HashAlgorithmName.SHA256).PublicKey.GetECDsaPublicKey();
            return key is { KeySize: 256 };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            return false;
        }
    }

    private async Task<(Redemption Result, X509Certificate2? Issued)> RedeemAsync(EnrolmentRequest request)
    {
        var hash = SHA256.HashData(request.Secret.Span);
        var (now, nodeId) = (time.GetUtcNow(), NodeIdOf(request));

        // A guess must not cost a write, nor the lock.
        var (_, expected) = store.Read().Redeem(hash, request.Name, now, nodeId);
        if (expected.Text is not null)
        {
            return (expected, null);
        }

        if (!Fits(expected.Token!.Role, request.Role))
        {
            var text = $"token {expected.Token.Id} is for the role {expected.Token.Role}; paste the line that Seed token create printed for it";
            return (expected with { Refusal = Refusal.BadName, Text = text }, null);
        }

        // Spent and issued in one write: whoever asks at the same time for the same name comes after, and a crash loses no use.
        return await store.UpdateAsync(book =>
        {
            var (after, result) = book.Redeem(hash, request.Name, now, nodeId);
            if (result.Text is not null)
            {
                return (book, (result, (X509Certificate2?)null));
            }

            var certificate = authority.Issue(request.CertificateRequest.ToByteArray(), request.Name, result.Token!.Role, CertificateAuthority.LeafLifetime, nodeId);
            return (after.Record(Entry(certificate, result.Token.Role, nodeId, result.Token.Id)), (result, certificate));
        }).ConfigureAwait(false);
    }

    private static bool Fits(string tokens, string wanted) =>
        tokens == wanted || (tokens == PeerRoles.Operator && wanted == PeerRoles.Dashboard);

    private static string NodeIdOf(EnrolmentRequest request) => request.Role == PeerRoles.Agent ? request.NodeId : "";

    private CertificateEntry Entry(X509Certificate2 certificate, string role, string nodeId, string by) => new(
        certificate.SerialNumber,
        CertificateNames.Name(certificate)!,
        role,
        by,
        time.GetUtcNow(),
        certificate.NotAfter.ToUniversalTime(),
        null,
        nodeId);

    private EnrolmentAnswer Refuse(string name, IPAddress from, string why)
    {
        _attempts.Failed(from);
        refused(name, $"newcomer at {from}", why);
        return new EnrolmentAnswer { Refusal = why };
    }
}

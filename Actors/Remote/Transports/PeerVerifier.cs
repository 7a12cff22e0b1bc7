using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Remoting;

/// <summary>Decides whether a certificate is let in, and says why not in words that help. It holds no connection and reads no clock.</summary>
internal sealed class PeerVerifier(TlsSettings settings)
{
    /// <summary>How <see cref="SslStream"/> is to build the peer's chain: offline, to our roots only, whatever the certificate's key usage.</summary>
    public X509ChainPolicy ChainPolicy(DateTimeOffset now)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            VerificationTime = now.UtcDateTime,
            VerificationTimeIgnored = false,
            VerificationFlags = X509VerificationFlags.IgnoreWrongUsage,
        };
        policy.CustomTrustStore.AddRange(settings.Authorities);
        return policy;
    }

    /// <summary>Null if the peer may be spoken to, else why not. A wrong host name is no error: roles stand for names here.</summary>
    public string? Refuse(X509Certificate2? certificate, X509Chain? chain, SslPolicyErrors errors, DateTimeOffset now, bool dialled)
    {
        if (certificate is null)
        {
            return "no certificate was shown";
        }

        if ((errors & ~SslPolicyErrors.RemoteCertificateNameMismatch) != SslPolicyErrors.None)
        {
            return ChainProblem(certificate, chain, now);
        }

        var role = PeerIdentity.Of(certificate, null).Role;
        return dialled && settings.ServerRole.Length > 0 && role != settings.ServerRole
            ? $"its certificate is for the role '{role}', not '{settings.ServerRole}'"
            : null;
    }

    private static string ChainProblem(X509Certificate2 certificate, X509Chain? chain, DateTimeOffset now)
    {
        var (from, to, when) = (certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime(), now.UtcDateTime);
        if (when < from || when > to)
        {
            var state = when < from ? "not yet valid" : "expired";
            return $"certificate {state}: valid from {from:yyyy-MM-dd HH:mm} to {to:yyyy-MM-dd HH:mm} UTC, and it is {when:yyyy-MM-dd HH:mm} UTC here; is a clock wrong?";
        }

        const X509ChainStatusFlags foreign = X509ChainStatusFlags.PartialChain | X509ChainStatusFlags.UntrustedRoot | X509ChainStatusFlags.NotSignatureValid;
        var statuses = chain?.ChainStatus ?? [];
        if (statuses.Length == 0 || Array.Exists(statuses, s => (s.Status & foreign) != 0))
        {
            return "certificate not signed by this cluster's CA";
        }

        return "certificate refused: " + string.Join(", ", statuses.Select(s => s.Status));
    }
}

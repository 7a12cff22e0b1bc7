using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClusterMonitor.Hosting;

/// <summary>What the certificates of a cluster say of their holders: <c>CN=name, OU=role, O=ClusterMonitor</c>, and an agent's node id as a URI.</summary>
public static class CertificateNames
{
    /// <summary>Before the node id in the URI among an agent's alternative names.</summary>
    public const string NodeUri = "urn:clustermonitor:node:";

    private const string CommonName = "2.5.4.3";
    private const string OrganisationalUnit = "2.5.4.11";

    /// <summary>The subject's only organisational unit; null when it has none or more than one.</summary>
    public static string? Role(X509Certificate2 certificate) => Only(certificate, OrganisationalUnit);

    /// <summary>The subject's only common name; null when it has none or more than one.</summary>
    public static string? Name(X509Certificate2 certificate) => Only(certificate, CommonName);

    /// <summary>The node id in a certificate's URI; empty when it is not bound to a node.</summary>
    public static string NodeId(string uri)
    {
        ArgumentNullException.ThrowIfNull(uri);
        return uri.StartsWith(NodeUri, StringComparison.Ordinal) ? uri[NodeUri.Length..] : "";
    }

    /// <summary>Whether an authority issued a certificate; dates are not looked at.</summary>
    public static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 authority)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.Add(authority);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        chain.ChainPolicy.VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid;
        return chain.Build(certificate) && chain.ChainElements.Count == 2;
    }

    /// <summary>A request for a certificate (PKCS #10, DER), signed by the key.</summary>
    public static byte[] Request(ECDsa key, string name) =>
        new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256).CreateSigningRequest();

    private static string? Only(X509Certificate2 certificate, string oid)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        var found = certificate.SubjectName.EnumerateRelativeDistinguishedNames()
            .Where(n => !n.HasMultipleElements && n.GetSingleElementType().Value == oid)
            .Select(n => n.GetSingleElementValue())
            .ToList();
        return found is [{ } one] ? one : null;
    }
}

using System.Formats.Asn1;
using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Remoting;

/// <summary>Who is at the other end of a link, taken from its verified certificate.</summary>
/// <param name="CommonName">The subject's CN; empty without TLS.</param>
/// <param name="Role">The subject's first OU; empty without TLS.</param>
/// <param name="Thumbprint">SHA-256 of the certificate in hexadecimal; empty without TLS.</param>
/// <param name="RemoteAddress">The IP address it connects from or listens on; null if the transport has none.</param>
public sealed record PeerIdentity(string CommonName, string Role, string Thumbprint, IPAddress? RemoteAddress)
{
    private const string CommonNameOid = "2.5.4.3";
    private const string OrganizationalUnitOid = "2.5.4.11";

    /// <summary>A peer of which nothing is known.</summary>
    public static PeerIdentity Unknown { get; } = new("", "", "", null);

    /// <summary>The certificate's serial number in hexadecimal; empty without TLS.</summary>
    public string SerialNumber { get; init; } = "";

    /// <summary>The first URI among the certificate's alternative names; empty if there is none.</summary>
    public string Uri { get; init; } = "";

    /// <summary>Reads a certificate's subject.</summary>
    public static PeerIdentity Of(X509Certificate2 certificate, IPAddress? remoteAddress)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        string name = "", role = "";
        foreach (var part in certificate.SubjectName.EnumerateRelativeDistinguishedNames())
        {
            if (part.HasMultipleElements)
            {
                continue;
            }

            var (oid, value) = (part.GetSingleElementType().Value, part.GetSingleElementValue() ?? "");
            if (oid == CommonNameOid && name.Length == 0)
            {
                name = value;
            }
            else if (oid == OrganizationalUnitOid && role.Length == 0)
            {
                role = value;
            }
        }

        var thumbprint = certificate.GetCertHashString(System.Security.Cryptography.HashAlgorithmName.SHA256);
        return new PeerIdentity(name, role, thumbprint, remoteAddress) { SerialNumber = certificate.SerialNumber, Uri = UriOf(certificate) };
    }

    /// <summary>RFC 5280, 4.2.1.6: a sequence of general names, of which those tagged 6 are URIs.</summary>
    private static string UriOf(X509Certificate2 certificate)
    {
        var tag = new Asn1Tag(TagClass.ContextSpecific, 6);
        foreach (var extension in certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>())
        {
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (names.PeekTag().HasSameClassAndValue(tag))
                    {
                        return names.ReadCharacterString(UniversalTagNumber.IA5String, tag);
                    }

                    names.ReadEncodedValue();
                }
            }
            catch (AsnContentException)
            {
                // Malformed names name nobody.
                return "";
            }
        }

        return "";
    }

    /// <summary>The same subject: a peer that came back, perhaps with a renewed certificate.</summary>
    internal bool SameSubject(PeerIdentity other) => CommonName == other.CommonName && Role == other.Role;

    /// <inheritdoc/>
    public override string ToString() =>
        CommonName.Length == 0 ? $"{RemoteAddress}" : $"CN={CommonName}, OU={Role} at {RemoteAddress}";
}

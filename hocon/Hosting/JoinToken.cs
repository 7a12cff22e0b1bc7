using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>
/// What someone pastes to let a machine in: the fingerprint of the cluster's authority, by which the newcomer knows the seed, and a secret,
/// by which the seed knows the newcomer. Written as <c>cm1.</c> and 52 bytes in base64url: SHA-256 of the CA certificate (32), the secret (16),
/// and the first 4 bytes of the SHA-256 of those, so that a token cut short or mistyped is told from a refused one.
/// </summary>
public sealed class JoinToken
{
    private const string Prefix = "cm1.";
    private const int FingerprintLength = 32;
    private const int SecretLength = 16;
    private const int CheckLength = 4;

    private readonly byte[] _content;

    private JoinToken(byte[] content) => _content = content;

    /// <summary>SHA-256 of the authority's certificate (DER).</summary>
    public ReadOnlySpan<byte> Fingerprint => _content.AsSpan(0, FingerprintLength);

    /// <summary>Shown to a seed whose fingerprint was checked, and to nobody else.</summary>
    public ReadOnlySpan<byte> Secret => _content.AsSpan(FingerprintLength, SecretLength);

    /// <summary>SHA-256 of the secret: all that the seed keeps.</summary>
    public byte[] SecretHash => SHA256.HashData(Secret);

    /// <summary>What lists call it: the first 8 hexadecimal digits of <see cref="SecretHash"/>. Not secret.</summary>
    public string Id => IdOf(SecretHash);

    /// <summary>A token with a fresh secret.</summary>
    /// <param name="fingerprint">SHA-256 of the authority's certificate.</param>
    public static JoinToken Create(ReadOnlySpan<byte> fingerprint)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(fingerprint.Length, FingerprintLength);
        return new JoinToken([.. fingerprint, .. RandomNumberGenerator.GetBytes(SecretLength)]);
    }

    /// <summary>Reads a token.</summary>
    /// <param name="text">As pasted; blanks and line ends that a terminal put into it are ignored.</param>
    /// <param name="token">The result.</param>
    /// <param name="problem">One line for the person; it never repeats the token.</param>
    public static bool TryParse(string text, [NotNullWhen(true)] out JoinToken? token, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        token = null;
        var plain = string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
        if (!plain.StartsWith(Prefix, StringComparison.Ordinal))
        {
            problem = $"this is no join token; one begins with {Prefix}: make one on the seed's machine with Seed token create";
            return false;
        }

        var bytes = new byte[FingerprintLength + SecretLength + CheckLength + 3];
        var letters = Encoding.UTF8.GetBytes(plain[Prefix.Length..]);
        var length = letters.Length <= Base64Url.GetEncodedLength(bytes.Length)
            && Base64Url.IsValid(letters)
            && Base64Url.TryDecodeFromUtf8(letters, bytes, out var decoded) ? decoded : 0;
        var content = bytes.AsSpan(0, Math.Max(0, length - CheckLength));
        if (length != FingerprintLength + SecretLength + CheckLength || !Check(content).SequenceEqual(bytes.AsSpan(content.Length, CheckLength)))
        {
            problem = "the join token is cut short or mistyped; copy the whole line again";
            return false;
        }

        token = new JoinToken(content.ToArray());
        problem = null;
        return true;
    }

    /// <summary>The whole token: secret. Print it once, never log it.</summary>
    public string Reveal() => Prefix + Base64Url.EncodeToString([.. _content, .. Check(_content)]);

    /// <summary>Not the token: that is secret.</summary>
    public override string ToString() => $"join token {Id}";

    /// <summary>What lists call the token of this secret.</summary>
    public static string IdOf(ReadOnlySpan<byte> secretHash) => Convert.ToHexStringLower(secretHash[..4]);

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> content) => SHA256.HashData(content).AsSpan(0, CheckLength);
}

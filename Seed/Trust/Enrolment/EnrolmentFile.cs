using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>The book as JSON, for <c>DATA/seed/enrolment.json</c>. A version that this program does not know is refused, not guessed at.</summary>
internal static class EnrolmentFile
{
    private const int Version = 1;

    /// <summary>The file's bytes.</summary>
    public static byte[] Write(EnrolmentBook book) => JsonSerializer.SerializeToUtf8Bytes(
        new EnrolmentContent(Version, [.. book.Tokens.Values], [.. book.Certificates.Values]),
        EnrolmentJson.Default.EnrolmentContent);

    /// <summary>The book.</summary>
    /// <exception cref="FormatException">The bytes are damaged or of another version.</exception>
    public static EnrolmentBook Read(ReadOnlySpan<byte> bytes)
    {
        EnrolmentContent? content;
        try
        {
            content = JsonSerializer.Deserialize(bytes, EnrolmentJson.Default.EnrolmentContent);
        }
        catch (JsonException e)
        {
            throw new FormatException($"it is not the JSON that a seed writes (line {e.LineNumber + 1})", e);
        }

        if (content is not { Version: Version, Tokens: { } tokens, Certificates: { } certificates })
        {
            throw new FormatException($"it has version {content?.Version}, and this program knows {Version}");
        }

        return new EnrolmentBook(
            EnrolmentBook.Empty.Tokens.SetItems(tokens.Select(t => KeyValuePair.Create(t.Id, t))),
            EnrolmentBook.Empty.Certificates.SetItems(certificates.Select(c => KeyValuePair.Create(c.Serial, c))));
    }
}

/// <summary>What the file holds.</summary>
internal sealed record EnrolmentContent(int Version, IReadOnlyList<TokenEntry>? Tokens, IReadOnlyList<CertificateEntry>? Certificates);

/// <summary>Reading and writing without reflection.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EnrolmentContent))]
internal sealed partial class EnrolmentJson : JsonSerializerContext;

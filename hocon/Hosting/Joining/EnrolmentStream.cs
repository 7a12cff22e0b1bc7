using System.Buffers.Binary;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>The frames of an enrolment on a newcomer's side: a little-endian 32-bit length, a byte for the kind, the content.</summary>
/// <param name="stream">Inside TLS.</param>
internal sealed class EnrolmentStream(Stream stream)
{
    private const byte Enrolment = 7;
    private const byte Refusal = 6;
    private const int Largest = 16 * 1024;

    public async Task WriteAsync(byte[] content, CancellationToken stop)
    {
        var frame = new byte[5 + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, 1 + content.Length);
        frame[4] = Enrolment;
        content.CopyTo(frame, 5);
        await stream.WriteAsync(frame, stop).ConfigureAwait(false);
    }

    /// <summary>The content of the next frame.</summary>
    /// <exception cref="InvalidDataException">It is none; the message is what to tell the person.</exception>
    /// <exception cref="EndOfStreamException">Nothing came.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken stop)
    {
        var prefix = new byte[5];
        await stream.ReadExactlyAsync(prefix, stop).ConfigureAwait(false);
        var length = BinaryPrimitives.ReadUInt32LittleEndian(prefix);
        if (length is 0 or > Largest || prefix[4] is not (Enrolment or Refusal))
        {
            throw new InvalidDataException("what answers there is no seed of ClusterMonitor, or one of another version");
        }

        var content = new byte[length - 1];
        await stream.ReadExactlyAsync(content, stop).ConfigureAwait(false);
        return prefix[4] == Enrolment ? content : throw new InvalidDataException($"the seed refuses: {Reason(content)}");
    }

    /// <summary>A code, the text's length in 7 bits a byte, the text.</summary>
    private static string Reason(ReadOnlySpan<byte> content)
    {
        var at = 1;
        while (at < content.Length && content[at] >= 0x80)
        {
            at++;
        }

        return at + 1 < content.Length ? Printable.Escape(Encoding.UTF8.GetString(content[(at + 1)..])) : "it does not say why";
    }
}

namespace Actors.Remoting;

/// <summary>The last frame of a link that is closed by intent.</summary>
internal sealed record Goodbye(DisassociateCode Code, string Reason)
{
    private const int ReasonLimit = 1024;

    public void Write(WireBuffer buffer)
    {
        var start = buffer.Begin(FrameKind.Disassociate);
        buffer.Byte((byte)Code);
        buffer.Text(Reason.Length <= ReasonLimit / 4 ? Reason : Reason[..(ReasonLimit / 4)]);
        buffer.End(start);
    }

    public static Goodbye Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        return new Goodbye((DisassociateCode)reader.Byte(), Printable(reader.Text(ReasonLimit)));
    }

    /// <summary>The text comes from a peer and goes to logs and terminals.</summary>
    private static string Printable(string text) =>
        string.Create(text.Length, text, static (span, source) =>
        {
            for (var i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(source[i]) ? ' ' : source[i];
            }
        });
}

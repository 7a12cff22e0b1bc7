namespace Actors.Remoting;

/// <summary>The first frame in either direction: who speaks, and whom it believes to speak to.</summary>
/// <param name="Origin">The sender's address, as others are to name it.</param>
/// <param name="Uid">Tells one life of a system from the next on the same address.</param>
/// <param name="Target">The address that was dialled, or in the answer the dialler's own.</param>
/// <param name="Accepts">The largest frame that the sender takes, in bytes.</param>
internal sealed record Hello(string Origin, long Uid, string Target, int Accepts)
{
    /// <summary>Larger than any hello; the limit before a peer is known.</summary>
    public const int MaximumFrameSize = 4096;

    public const byte Version = 1;
    private const int AddressLimit = 1024;

    /// <summary>"AREM" in ASCII: other protocols that knock on this port are told apart at once.</summary>
    private const ulong Magic = 0x4152454D;

    public void Write(WireBuffer buffer)
    {
        var start = buffer.Begin(FrameKind.Hello);
        buffer.Varint(Magic);
        buffer.Byte(Version);
        buffer.Fixed64(Uid);
        buffer.Text(Origin);
        buffer.Text(Target);
        buffer.Varint((uint)Accepts);
        buffer.End(start);
    }

    /// <summary>Reads the frame's body. What a later version adds behind these fields is not an error.</summary>
    public static Hello Read(ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        if (reader.Varint() != Magic)
        {
            throw new FrameFormatException("the peer doesn't speak this engine's protocol");
        }

        var version = reader.Byte();
        if (version != Version)
        {
            throw new FrameFormatException($"the peer speaks version {version} of the protocol, this system version {Version}; upgrade the older one");
        }

        var uid = reader.Fixed64();
        return new Hello(reader.Text(AddressLimit), uid, reader.Text(AddressLimit), Math.Max(MaximumFrameSize, reader.Int32()));
    }
}

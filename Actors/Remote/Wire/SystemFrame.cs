namespace Actors.Remoting;

/// <summary>The system messages that cross a link. Numbers are never reused.</summary>
internal enum SystemFrameType : byte
{
    /// <summary>The watcher wants to hear of the target's end.</summary>
    Watch = 1,

    /// <summary>It no longer does.</summary>
    Unwatch = 2,

    /// <summary>The other has ended; the target watched it, and existence was confirmed.</summary>
    Ended = 3,

    /// <summary>As <see cref="Ended"/>, but the actor was not there to begin with.</summary>
    NeverThere = 4,

    /// <summary>Stop the target.</summary>
    Terminate = 5,
}

/// <summary>
/// A system message with its number in the sequence of its sender's system to this one.
/// Paths are those of <see cref="RefText"/>: relative to whom they belong to, absolute for third parties.
/// </summary>
/// <param name="Type">What it says.</param>
/// <param name="Target">The actor it is for; belongs to the receiver.</param>
/// <param name="Other">The watcher, or who ended; empty if the type has none.</param>
internal sealed record SystemFrame(SystemFrameType Type, RefText Target, RefText Other)
{
    public void Write(WireBuffer buffer, ulong sequence)
    {
        var start = buffer.Begin(FrameKind.SystemMessage);
        buffer.Varint(sequence);
        buffer.Byte((byte)Type);
        Target.Write(buffer);
        Other.Write(buffer);
        buffer.End(start);
    }

    public static SystemFrame Read(ReadOnlySpan<byte> body, out ulong sequence)
    {
        var reader = new WireReader(body);
        sequence = reader.Varint();
        var type = (SystemFrameType)reader.Byte();
        return type is < SystemFrameType.Watch or > SystemFrameType.Terminate
            ? throw new FrameFormatException($"system message of unknown type {(byte)type}")
            : new SystemFrame(type, RefText.Read(ref reader), RefText.Read(ref reader));
    }
}

namespace Actors.Remoting;

/// <summary>To whose system a reference on the wire belongs. Numbers are never reused.</summary>
internal enum RefOwner : byte
{
    /// <summary>No reference.</summary>
    None = 0,

    /// <summary>The system that wrote the frame; the text is a path without address.</summary>
    Writer = 1,

    /// <summary>The system that reads the frame; the text is a path without address.</summary>
    Reader = 2,

    /// <summary>A third system; the text is a path with address.</summary>
    Third = 3,
}

/// <summary>
/// An actor reference on the wire. Both ends of a link know each other's address, so it is left out for their own actors:
/// shorter, and a peer that was dialled under another name (an alias, a forwarded port) is still understood.
/// </summary>
/// <param name="Owner">Whose actor it is.</param>
/// <param name="Path">The path, with <c>#uid</c> if known.</param>
internal readonly record struct RefText(RefOwner Owner, string Path)
{
    /// <summary>The longest path taken, in bytes of UTF-8.</summary>
    public const int PathLimit = 4096;

    public static readonly RefText None = new(RefOwner.None, "");

    public void Write(WireBuffer buffer)
    {
        buffer.Byte((byte)Owner);
        if (Owner != RefOwner.None)
        {
            buffer.Text(Path);
        }
    }

    public static RefText Read(ref WireReader reader)
    {
        var owner = (RefOwner)reader.Byte();
        return owner switch
        {
            RefOwner.None => None,
            RefOwner.Writer or RefOwner.Reader or RefOwner.Third => new RefText(owner, reader.Text(PathLimit)),
            _ => throw new FrameFormatException($"a reference of unknown kind {(byte)owner}"),
        };
    }
}

namespace Actors.Remoting;

/// <summary>Who is told what a link reads. All but <see cref="Lost"/> are called by the link's reader, in order.</summary>
internal interface ILinkOwner
{
    /// <summary>The peer said who it is; called once, before everything else.</summary>
    void Greeted(Link link, Hello hello);

    /// <summary>A message of an actor. It throws nothing but <see cref="FrameFormatException"/>.</summary>
    void Message(Link link, ReadOnlySpan<byte> body);

    /// <summary>A system message.</summary>
    void System(Link link, SystemFrame frame, ulong sequence);

    /// <summary>System messages up to this one have arrived there.</summary>
    void Acknowledged(Link link, ulong sequence);

    /// <summary>A read is done; the peer is alive, and everything it brought has been handled.</summary>
    void Heard(Link link);

    /// <summary>The link is closed for good. Called once, by any thread. <paramref name="goodbye"/> is the peer's last word, if it had one.</summary>
    void Lost(Link link, string reason, Goodbye? goodbye);
}

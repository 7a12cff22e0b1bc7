using System.Net;

namespace Actors.Remoting;

/// <summary>
/// How bytes travel between systems. Everything above it (frames, links, delivery) is the same for every transport,
/// so a test or a simulation may hand in its own. <c>TransportContract</c> in the tests says what each must keep to.
/// </summary>
internal interface ITransport
{
    /// <summary>The protocol in addresses: <c>akka.ssl.tcp</c>, <c>akka.tcp</c>.</summary>
    string Scheme { get; }

    /// <summary>Starts to accept connections, handed over authenticated and not yet started. Port 0 takes a free one; the answer names it.</summary>
    /// <exception cref="RemoteTransportException">It can't: the text names the address and the remedy.</exception>
    HostPort Listen(HostPort local, Action<IConnection> accepted);

    /// <summary>
    /// Dials. Calls <paramref name="done"/> exactly once, never before this method returns: with a connection that is authenticated and not yet started,
    /// or with the diagnosis why there is none. A cancelled attempt may still succeed; its connection is then closed by the caller.
    /// </summary>
    void Connect(HostPort remote, TimeSpan timeout, CancellationToken cancellation, Action<IConnection?, string> done);

    /// <summary>Stops listening. Connections are their owners' to close.</summary>
    void Close();
}

/// <summary>A duplex stream of bytes to one peer, in order and complete until it is closed.</summary>
internal interface IConnection
{
    /// <summary>Who is at the other end, as the transport has verified it.</summary>
    PeerIdentity Peer { get; }

    /// <summary>Begins to deliver what arrives. Called once. The sink is never called concurrently by its connection.</summary>
    void Start(IConnectionSink sink);

    /// <summary>Sends the bytes; done when the memory may be used again. One at a time. Fails with an <see cref="IOException"/> once the connection is closed.</summary>
    ValueTask WriteAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Closes it; what was written before is still delivered if the peer reads. The sink hears of it once, unless it heard before.</summary>
    void Close(string reason);
}

/// <summary>Who reads a connection.</summary>
internal interface IConnectionSink
{
    /// <summary>Where the next bytes are to be put; never empty.</summary>
    Memory<byte> Space();

    /// <summary>So many bytes (more than 0) have been put there. It doesn't throw.</summary>
    void Received(int count);

    /// <summary>Nothing comes any more. Called once.</summary>
    void Closed(string reason);
}

/// <summary>A host and a port; as a text an IPv6 host stands in brackets.</summary>
internal readonly record struct HostPort(string Host, int Port)
{
    public override string ToString() =>
        IPAddress.TryParse(Host, out var ip) && ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 && !Host.StartsWith('[')
            ? $"[{Host}]:{Port}"
            : $"{Host}:{Port}";
}

using System.Net.Sockets;

namespace Actors.Remoting;

/// <summary>One socket, with or without TLS around it.</summary>
internal sealed class TcpConnection(Socket socket, Stream stream, PeerIdentity peer, TimeProvider time) : IConnection
{
    /// <summary>How long the peer has to read the last bytes and to close its side.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(1);

    private volatile string? _closeReason;

    public PeerIdentity Peer { get; } = peer;

    public void Start(IConnectionSink sink) => _ = ReadAsync(sink);

    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await stream.WriteAsync(bytes).ConfigureAwait(false);
        }
        catch (Exception e) when (e is ObjectDisposedException or InvalidOperationException or SocketException)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <summary>
    /// Ends the sending half and goes on reading (into nothing) for a moment: a socket closed with unread bytes sends a reset, which would
    /// take the last frame from the peer. There is no TLS close notification; the Disassociate frame says more, and truncation can't be mistaken for it.
    /// </summary>
    public void Close(string reason)
    {
        if (Interlocked.CompareExchange(ref _closeReason, reason, null) is not null)
        {
            return;
        }

        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Already gone: closing was the aim.
        }

        _ = DisposeLaterAsync();
    }

    private async Task DisposeLaterAsync()
    {
        await Task.Delay(Linger, time).ConfigureAwait(false);
        socket.Dispose();
    }

    private async Task ReadAsync(IConnectionSink sink)
    {
        var reason = "the peer closed the connection";
        try
        {
            await ReadToEndAsync(sink).ConfigureAwait(false);
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException or InvalidOperationException)
        {
            reason = $"the connection broke: {(e.InnerException ?? e).Message}";
        }

        socket.Dispose();
        reason = Interlocked.CompareExchange(ref _closeReason, reason, null) ?? reason;
        sink.Closed(reason);
    }

    private async Task ReadToEndAsync(IConnectionSink sink)
    {
        var quiet = true;
        while (true)
        {
            if (quiet)
            {
                // Waits without holding a buffer here or in TLS: most links are quiet most of the time.
                await stream.ReadAsync(Memory<byte>.Empty).ConfigureAwait(false);
            }

            var closing = _closeReason is not null;
            var space = closing ? new byte[FrameAssembler.ReadSize] : sink.Space();
            var count = await stream.ReadAsync(space).ConfigureAwait(false);
            if (count == 0)
            {
                return;
            }

            quiet = count < FrameAssembler.ReadSize / 4;
            if (!closing)
            {
                sink.Received(count);
            }
        }
    }
}

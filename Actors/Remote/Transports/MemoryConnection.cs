using System.Net;

namespace Actors.Remoting;

/// <summary>One end of a connection in memory.</summary>
internal sealed class MemoryConnection : IConnection
{
    private readonly MemoryPipe _out;
    private readonly MemoryPipe _in;

    private MemoryConnection(MemoryPipe @out, MemoryPipe @in, PeerIdentity peer) => (_out, _in, Peer) = (@out, @in, peer);

    public PeerIdentity Peer { get; }

    public static (MemoryConnection Dialler, MemoryConnection Listener) Pair(MemoryNetwork network, string from, string to, PeerIdentity dialler)
    {
        var there = new MemoryPipe(network, from, to);
        var back = new MemoryPipe(network, to, from);
        return (new MemoryConnection(there, back, new PeerIdentity(to, "", "", IPAddress.None)), new MemoryConnection(back, there, dialler));
    }

    public void Start(IConnectionSink sink) => _in.Start(sink);

    public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes)
    {
        _out.Write(bytes.Span);
        return ValueTask.CompletedTask;
    }

    public void Close(string reason)
    {
        _out.End("the peer closed the connection");
        _in.Break(reason);
    }
}

/// <summary>One direction of a connection in memory: chunks that arrive in order, each at its time.</summary>
internal sealed class MemoryPipe
{
    private readonly MemoryNetwork _network;
    private readonly Queue<(byte[] Bytes, long Due)> _chunks = new();
    private readonly Lock _lock = new();
    private IConnectionSink? _sink;
    private string? _end;
    private bool _broken;
    private bool _pumping;
    private bool _told;

    public MemoryPipe(MemoryNetwork network, string from, string to)
    {
        (_network, From, To) = (network, from, to);
        network.Add(this);
    }

    public string From { get; }

    public string To { get; }

    public void Start(IConnectionSink sink)
    {
        _sink = sink;
        Pump();
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        lock (_lock)
        {
            if (_end is not null)
            {
                throw new IOException(_end);
            }

            var latency = _network.Latency(From, To);
            _chunks.Enqueue((bytes.ToArray(), _network.Time.GetTimestamp() + (long)(latency.TotalSeconds * _network.Time.TimestampFrequency)));
        }

        Pump();
    }

    /// <summary>Nothing more will be written; what was, is still delivered.</summary>
    public void End(string reason)
    {
        lock (_lock)
        {
            _end ??= reason;
        }

        Pump();
    }

    /// <summary>Ends now; what is on its way is lost.</summary>
    public void Break(string reason)
    {
        lock (_lock)
        {
            _end ??= reason;
            _broken = true;
            _chunks.Clear();
            if (_sink is null)
            {
                _network.Remove(this);
            }
        }

        Pump();
    }

    /// <summary>Delivers what is due, on the network's dispatcher.</summary>
    public void Pump()
    {
        lock (_lock)
        {
            if (_pumping || _sink is null || (_chunks.Count == 0 && _end is null) || _told)
            {
                return;
            }

            _pumping = true;
        }

        _network.Post(Deliver);
    }

    private void Deliver()
    {
        while (true)
        {
            byte[] chunk;
            lock (_lock)
            {
                var held = !_broken && _network.IsBlocked(From, To);
                if (held || (_chunks.Count == 0 && _end is null))
                {
                    _pumping = false;
                    return;
                }

                if (_chunks.Count == 0)
                {
                    _told = true;
                    break;
                }

                var wait = _network.Time.GetElapsedTime(_network.Time.GetTimestamp(), _chunks.Peek().Due);
                if (wait > TimeSpan.Zero)
                {
                    _network.After(wait, Deliver);
                    return;
                }

                chunk = _chunks.Dequeue().Bytes;
            }

            Hand(chunk);
        }

        _network.Remove(this);
        _sink!.Closed(_end!);
    }

    private void Hand(ReadOnlySpan<byte> chunk)
    {
        while (!chunk.IsEmpty)
        {
            var space = _sink!.Space().Span;
            var count = Math.Min(space.Length, chunk.Length);
            chunk[..count].CopyTo(space);
            _sink.Received(count);
            chunk = chunk[count..];
        }
    }
}

using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// One living connection to a peer, used in both directions. Writers append to a buffer under a short lock; one flush at a time
/// takes what has gathered and writes it in one piece, so that a busy link needs few system calls and a quiet one has no delay.
/// </summary>
internal sealed class Link : IConnectionSink, IThreadPoolWorkItem
{
    private readonly IConnection _connection;
    private readonly ILinkOwner _owner;
    private readonly LinkSettings _settings;
    private readonly TimeProvider _time;
    private readonly Action<IThreadPoolWorkItem> _post;
    private readonly FrameAssembler _assembler = new(Hello.MaximumFrameSize);
    private readonly RefWriteTable<IActorRef> _writtenRefs = new();
    private readonly Lock _lock = new();
    private WireBuffer _gathering = new();
    private WireBuffer _writing = new();
    private bool _flushing;
    private bool _ending;
    private bool _greeted;
    private volatile bool _trusted;
    private int _largestOut;
    private readonly TaskCompletionSource _ended = new();
    private Goodbye? _goodbye;
    private int _lost;
    private long _lastReceived;
    private long _lastSent;

    public Link(IConnection connection, bool outbound, ILinkOwner owner, LinkSettings settings, TimeProvider time, Action<IThreadPoolWorkItem> post)
    {
        _largestOut = settings.MaximumFrameSize;
        (_connection, Outbound, _owner, _settings, _time, _post) = (connection, outbound, owner, settings, time, post);
        Opened = _lastReceived = _lastSent = time.GetTimestamp();
    }

    /// <summary>Dialled by this system.</summary>
    public bool Outbound { get; }

    public PeerIdentity Peer => _connection.Peer;

    /// <summary>When it was connected, a timestamp of the time provider.</summary>
    public long Opened { get; }

    /// <summary>When bytes last arrived, a timestamp of the time provider.</summary>
    public long LastReceived => Volatile.Read(ref _lastReceived);

    /// <summary>When bytes were last written, a timestamp of the time provider.</summary>
    public long LastSent => Volatile.Read(ref _lastSent);

    /// <summary>Whose link it is, once the peer has said who it is.</summary>
    public Association? Association { get; set; }

    /// <summary>System messages came that are not acknowledged yet.</summary>
    public bool SystemReceived { get; set; }

    /// <summary>Which life of the peer is at the other end, once it is let in.</summary>
    public long PeerUid { get; set; }

    public LinkCounters Counters { get; } = new();

    /// <summary>What the peer's references stand for; used by the reader only.</summary>
    public RefReadTable<IInternalActorRef> ReadRefs { get; } = new();

    /// <summary>The peer's manifests; used by the reader only.</summary>
    public TextCache Manifests { get; } = new();

    /// <summary>Nothing waits to be written.</summary>
    public bool IsIdle => !Volatile.Read(ref _flushing);

    /// <summary>Done once nothing more will be written to the connection.</summary>
    public Task Ended => _ended.Task;

    public bool IsLost => Volatile.Read(ref _lost) != 0;

    public void Start() => _connection.Start(this);

    /// <summary>The peer is known and let in: frames of all kinds and of full size may come.</summary>
    /// <param name="peerAccepts">The largest frame that the peer takes.</param>
    public void Trust(int peerAccepts)
    {
        _largestOut = Math.Min(_largestOut, peerAccepts);
        _assembler.MaximumFrameSize = _settings.MaximumFrameSize;
        _trusted = true;
    }

    /// <summary>Appends a message of an actor; <paramref name="texts"/> tells how a reference is written for this peer.</summary>
    public SendOutcome Send(IActorRef recipient, IActorRef? sender, in SerializedMessage message, Func<IActorRef, RefText> texts)
    {
        bool post;
        lock (_lock)
        {
            if (_ending || _lost != 0)
            {
                return SendOutcome.Closed;
            }

            if (_gathering.Count > _settings.QueueBytes)
            {
                Counters.Dropped++;
                return SendOutcome.QueueFull;
            }

            var start = _gathering.Begin(FrameKind.Message);
            _writtenRefs.Write(_gathering, recipient, texts);
            _writtenRefs.Write(_gathering, sender, texts);
            _gathering.Varint((uint)message.SerializerId);
            _gathering.Text(message.Manifest);
            _gathering.Bytes(message.Payload);
            if (_gathering.End(start) > _largestOut)
            {
                _gathering.Cut(start);
                _writtenRefs.Forget(recipient);
                _writtenRefs.Forget(sender);
                Counters.Dropped++;
                return SendOutcome.TooLarge;
            }

            post = Gathered();
        }

        if (post)
        {
            _post(this);
        }

        return SendOutcome.Sent;
    }

    public void Send(Hello hello) => Append(hello, static (h, buffer) => h.Write(buffer));

    public void Send(SystemFrame frame, ulong sequence) =>
        Append((frame, sequence), static (f, buffer) => f.frame.Write(buffer, f.sequence));

    public void SendAck(ulong sequence) => Append(sequence, static (s, buffer) =>
    {
        var start = buffer.Begin(FrameKind.Ack);
        buffer.Varint(s);
        buffer.End(start);
    });

    public void SendHeartbeat() => Append(0, static (_, buffer) => buffer.End(buffer.Begin(FrameKind.Heartbeat)));

    /// <summary>Says goodbye, writes what has gathered, and closes. The owner is told at once.</summary>
    public void Close(DisassociateCode code, string reason)
    {
        bool post;
        lock (_lock)
        {
            if (_ending || _lost != 0)
            {
                return;
            }

            new Goodbye(code, reason).Write(_gathering);
            _ending = true;
            post = Gathered();
        }

        if (post)
        {
            _post(this);
        }

        Lose(reason);
    }

    public Memory<byte> Space() => _assembler.Space();

    public void Received(int count)
    {
        if (IsLost)
        {
            return;
        }

        _assembler.Received(count);
        Counters.BytesIn += count;
        Volatile.Write(ref _lastReceived, _time.GetTimestamp());
        try
        {
            while (!IsLost && _assembler.TryNext(out var frame))
            {
                Counters.FramesIn++;
                Handle((FrameKind)frame[0], frame[1..]);
            }

            _assembler.Rest();
            _owner.Heard(this);
        }
        catch (FrameFormatException e)
        {
            Counters.Malformed++;
            Close(DisassociateCode.ProtocolError, $"protocol error: {e.Message}");
        }
        catch (Exception e)
        {
            // A mistake on this side. The connection's reader must live to report the end, and no other link may notice.
            Close(DisassociateCode.ProtocolError, $"internal error: {e.GetType().Name}: {e.Message}");
        }
    }

    /// <summary>The connection's reader has ended.</summary>
    public void Closed(string reason)
    {
        _assembler.Release();
        Lose(reason);
        if (IsIdle)
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>The flush: runs on the engine's dispatcher.</summary>
    void IThreadPoolWorkItem.Execute() => _ = FlushAsync();

    private void Handle(FrameKind kind, ReadOnlySpan<byte> body)
    {
        if (!_trusted && kind is not (FrameKind.Hello or FrameKind.Disassociate))
        {
            throw new FrameFormatException($"a frame of kind {(byte)kind} before the hello was answered");
        }

        switch (kind)
        {
            case FrameKind.Message:
                _owner.Message(this, body);
                break;
            case FrameKind.Heartbeat:
                break;
            case FrameKind.SystemMessage:
                _owner.System(this, SystemFrame.Read(body, out var sequence), sequence);
                break;
            case FrameKind.Ack:
                var reader = new WireReader(body);
                _owner.Acknowledged(this, reader.Varint());
                break;
            case FrameKind.Hello when !_greeted:
                _greeted = true;
                _owner.Greeted(this, Hello.Read(body));
                break;
            case FrameKind.Disassociate:
                _goodbye = Goodbye.Read(body);
                _connection.Close(_goodbye.Reason);
                Lose(_goodbye.Reason);
                break;
            default:
                throw new FrameFormatException($"a frame of kind {(byte)kind} out of place");
        }
    }

    private void Append<T>(T what, Action<T, WireBuffer> write)
    {
        var post = false;
        lock (_lock)
        {
            if (!_ending && _lost == 0)
            {
                write(what, _gathering);
                post = Gathered();
            }
        }

        if (post)
        {
            _post(this);
        }
    }

    /// <summary>A frame is complete; true if a flush must be posted for it.</summary>
    private bool Gathered()
    {
        Counters.FramesOut++;
        var post = !_flushing;
        _flushing = true;
        return post;
    }

    private async Task FlushAsync()
    {
        try
        {
            while (TakeGathered())
            {
                await _connection.WriteAsync(_writing.Written).ConfigureAwait(false);
                Volatile.Write(ref _lastSent, _time.GetTimestamp());
            }

            if (_ending)
            {
                _connection.Close("closed by this system");
                _ended.TrySetResult();
            }
        }
        catch (Exception e)
        {
            // _flushing stays set: nothing is written to this connection any more.
            _connection.Close(e.Message);
            Lose($"the connection broke: {(e.InnerException ?? e).Message}");
            _ended.TrySetResult();
        }
    }

    /// <summary>Swaps the buffers; false if there is nothing to write and the flush ends.</summary>
    private bool TakeGathered()
    {
        lock (_lock)
        {
            _writing.Release();
            if (_gathering.Count == 0)
            {
                _gathering.Release();
                _flushing = _ending;
                return false;
            }

            (_writing, _gathering) = (_gathering, _writing);
            Counters.BytesOut += _writing.Count;
            return true;
        }
    }

    private void Lose(string reason)
    {
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            _owner.Lost(this, reason, _goodbye);
        }
    }
}

/// <summary>What became of a message.</summary>
internal enum SendOutcome
{
    /// <summary>It will be written.</summary>
    Sent,

    /// <summary>The link is closed.</summary>
    Closed,

    /// <summary>Too much waits already.</summary>
    QueueFull,

    /// <summary>It is larger than a frame may be.</summary>
    TooLarge,
}

/// <summary>A message as bytes.</summary>
internal readonly ref struct SerializedMessage(int serializerId, string manifest, ReadOnlySpan<byte> payload)
{
    public readonly int SerializerId = serializerId;
    public readonly string Manifest = manifest;
    public readonly ReadOnlySpan<byte> Payload = payload;
}

/// <summary>What a link has seen; read without a lock, so a figure may lag by a few.</summary>
internal sealed class LinkCounters
{
    public long FramesIn;
    public long FramesOut;
    public long BytesIn;
    public long BytesOut;

    /// <summary>Messages not sent because the queue was full or they were too large.</summary>
    public long Dropped;

    /// <summary>Frames that were not of this protocol; there is at most one, it closes the link.</summary>
    public long Malformed;
}

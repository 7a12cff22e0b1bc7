namespace Actors.Remoting;

/// <summary>
/// System messages on their way to one life (UID) of a peer: numbered from 1, kept until acknowledged, written again on every new link.
/// Within one link TCP loses nothing, so nothing is resent there. Not thread-safe.
/// </summary>
internal sealed class SystemOutbox(int capacity)
{
    private readonly Queue<SystemFrame> _unacked = new();
    private ulong _acked;

    /// <summary>How many wait for their acknowledgement.</summary>
    public int Count => _unacked.Count;

    /// <summary>Keeps the message and gives it its number; false if too many wait already, and the peer must be given up.</summary>
    public bool TryAdd(SystemFrame frame, out ulong sequence)
    {
        sequence = _acked + (ulong)_unacked.Count + 1;
        if (_unacked.Count >= capacity)
        {
            return false;
        }

        _unacked.Enqueue(frame);
        return true;
    }

    /// <summary>Everything up to this number has arrived.</summary>
    /// <exception cref="FrameFormatException">That was never sent.</exception>
    public void Acknowledge(ulong sequence)
    {
        if (sequence > _acked + (ulong)_unacked.Count)
        {
            throw new FrameFormatException($"system message {sequence} acknowledged, but only {_acked + (ulong)_unacked.Count} sent");
        }

        while (_acked < sequence)
        {
            _acked++;
            _unacked.Dequeue();
        }
    }

    /// <summary>What a new link starts with, oldest first.</summary>
    public IEnumerable<(ulong Sequence, SystemFrame Frame)> Unacknowledged() =>
        _unacked.Select((frame, i) => (_acked + (ulong)i + 1, frame));
}

/// <summary>System messages as they come from one life of a peer: each is let through once, in order. Not thread-safe.</summary>
internal sealed class SystemInbox
{
    /// <summary>The highest number let through: what to acknowledge.</summary>
    public ulong Received { get; private set; }

    /// <summary>True if the message is the next one; false if it has been here before.</summary>
    /// <exception cref="FrameFormatException">One in between is missing.</exception>
    public bool Accept(ulong sequence)
    {
        if (sequence > Received + 1)
        {
            throw new FrameFormatException($"system message {sequence} came after {Received}");
        }

        if (sequence <= Received)
        {
            return false;
        }

        Received = sequence;
        return true;
    }
}

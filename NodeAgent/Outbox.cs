using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent;

/// <summary>How much an outbox keeps.</summary>
/// <param name="SamplesPerBlock">A block is sealed when it has so many.</param>
/// <param name="MaxBytes">Of sealed blocks; 16 MiB hold a day of seconds of 120 metrics.</param>
/// <param name="ThinBlocks">So many blocks are thinned into one at a time.</param>
/// <param name="ThinFactor">So many samples become one mean.</param>
internal sealed record OutboxLimits(int SamplesPerBlock = 10, long MaxBytes = 16L * 1024 * 1024, int ThinBlocks = 36, int ThinFactor = 10);

/// <summary>What an outbox holds and what it had to give up.</summary>
/// <param name="Blocks">Held.</param>
/// <param name="Bytes">They take.</param>
/// <param name="ThinnedSamples">That became means.</param>
/// <param name="ShedSamples">Lost for good.</param>
/// <param name="LastSequence">Sealed last; 0 = none yet.</param>
/// <param name="OldestSequence">Held; 0 = none.</param>
/// <param name="AckedSequence">The seed has all up to this one.</param>
/// <param name="SealedBytes">Of all blocks ever sealed.</param>
internal readonly record struct OutboxCounters(
    int Blocks,
    long Bytes,
    long ThinnedSamples,
    long ShedSamples,
    long LastSequence,
    long OldestSequence,
    long AckedSequence,
    long SealedBytes);

/// <summary>One thing to send: a block, or word that blocks are gone.</summary>
internal readonly record struct OutboxItem(OutboxBlock? Block, long AbandonedUpTo, long AbandonedSamples);

/// <summary>A sealed block. <see cref="ShedBefore"/> counts the samples lost for good between the block before it and this one.</summary>
internal sealed record OutboxBlock(long Sequence, long FirstMs, long LastMs, int Samples, MetricSchema Schema, byte[] Bytes, bool Thinned, long ShedBefore)
{
    // What an entry costs beside its bytes: the array's and this object's own fields, the place in the list.
    private const int Overhead = 160;

    public long Cost => Bytes.Length + Overhead;
}

/// <summary>
/// The durable lane's memory on the agent: samples are sealed into blocks, and blocks are kept until the seed has committed them.
/// It outlives actor systems and links. Blocks are numbered from 1, without holes, per start of the process; they are sent in order, at most
/// a window ahead of the acks, and sent again from the first unacked one whenever a new session begins.
/// When it is full, the oldest blocks that were never sent become means of 10 s; when none is left to thin, the oldest are shed. Both are counted.
/// </summary>
/// <remarks>Safe for several threads: the sampler adds while the uplink sends.</remarks>
internal sealed class Outbox(OutboxLimits limits)
{
    private readonly Lock _lock = new();
    private readonly LinkedList<OutboxBlock> _blocks = new();
    private readonly List<Sample> _open = [];
    private MetricSchema _openSchema = MetricSchema.Empty;
    private LinkedListNode<OutboxBlock>? _next;
    private long _bytes;
    private long _lastSequence;
    private long _everSent;
    private long _sent;
    private long _acked;
    private long _thinnedSamples;
    private long _shedSamples;
    private long _sealedBytes;
    private int _inFlight;
    private int _window;

    /// <summary>What it holds now.</summary>
    public OutboxCounters Counters
    {
        get
        {
            lock (_lock)
            {
                return new OutboxCounters(
                    _blocks.Count, _bytes, _thinnedSamples, _shedSamples, _lastSequence, _blocks.First?.Value.Sequence ?? 0, _acked, _sealedBytes);
            }
        }
    }

    /// <summary>
    /// Takes a sample. A full block is sealed; so is one whose schema is another, or whose times would not ascend (the clock was set back).
    /// True when a block was sealed.
    /// </summary>
    public bool Add(MetricSchema schema, Sample sample)
    {
        lock (_lock)
        {
            var sealedOne = false;
            if (_open.Count > 0 && (schema.Hash != _openSchema.Hash || sample.TimeMs <= _open[^1].TimeMs))
            {
                Seal();
                sealedOne = true;
            }

            _openSchema = schema;
            _open.Add(sample);
            var age = sample.TimeMs - _open[0].TimeMs;
            if (_open.Count < limits.SamplesPerBlock && age < (limits.SamplesPerBlock - 1) * 1000L)
            {
                return sealedOne;
            }

            Seal();
            return true;
        }
    }

    /// <summary>Seals what is open, however little; for the end of the process. True when there was something.</summary>
    public bool Flush()
    {
        lock (_lock)
        {
            if (_open.Count == 0)
            {
                return false;
            }

            Seal();
            return true;
        }
    }

    /// <summary>A seed has accepted: sending begins behind what it has committed.</summary>
    /// <param name="acked">Of this incarnation; 0 when it knows nothing.</param>
    /// <param name="window">At most so many blocks ahead of the acks; at least 1 is used.</param>
    public void BeginSession(long acked, int window)
    {
        lock (_lock)
        {
            _acked = Math.Clamp(acked, 0, _everSent);
            _sent = _acked;
            _window = Math.Max(1, window);
            DropAcked();
            _next = _blocks.First;
            _inFlight = 0;
        }
    }

    /// <summary>The link is gone: nothing is sent until the next session.</summary>
    public void EndSession()
    {
        lock (_lock)
        {
            _window = 0;
        }
    }

    /// <summary>The seed has committed everything up to and including this sequence.</summary>
    public void Acked(long sequence)
    {
        lock (_lock)
        {
            // What was not sent cannot have been committed, whoever says so.
            _acked = Math.Max(_acked, Math.Min(sequence, _sent));
            DropAcked();
        }
    }

    /// <summary>The next thing to send, in order; false when there is nothing, the window is full, or there is no session.</summary>
    public bool TryNext(out OutboxItem item)
    {
        lock (_lock)
        {
            item = default;
            if (_next is null || _inFlight >= _window)
            {
                return false;
            }

            var block = _next.Value;
            if (block.Sequence > _sent + 1)
            {
                _sent = block.Sequence - 1;
                _everSent = Math.Max(_everSent, _sent);
                item = new OutboxItem(null, _sent, block.ShedBefore);
                return true;
            }

            _next = _next.Next;
            _sent = block.Sequence;
            _inFlight++;
            _everSent = Math.Max(_everSent, _sent);
            item = new OutboxItem(block, 0, 0);
            return true;
        }
    }

    /// <summary>Whether blocks were sent in this session that are not acked.</summary>
    public bool HasInFlight
    {
        get
        {
            lock (_lock)
            {
                return _inFlight > 0;
            }
        }
    }

    private void Seal()
    {
        var bytes = SampleBlock.Encode(_openSchema, _open);
        var thinned = _open.TrueForAll(s => (s.Flags & SampleFlags.Thinned) != 0);
        var block = new OutboxBlock(++_lastSequence, _open[0].TimeMs, _open[^1].TimeMs, _open.Count, _openSchema, bytes, thinned, 0);
        _open.Clear();
        var node = _blocks.AddLast(block);
        _next ??= node;
        _bytes += block.Cost;
        _sealedBytes += bytes.Length;
        while (_bytes > limits.MaxBytes && (ThinOldest() || ShedOldest()))
        {
        }
    }

    private void DropAcked()
    {
        while (_blocks.First is { } first && first.Value.Sequence <= _acked)
        {
            Remove(first);
        }
    }

    private void Remove(LinkedListNode<OutboxBlock> node)
    {
        if (_next == node)
        {
            _next = node.Next;
        }

        if (node.Value.Sequence <= _sent)
        {
            _inFlight--;
        }

        _bytes -= node.Value.Cost;
        _blocks.Remove(node);
    }

    // Never what was sent once: the seed may have committed it, and would then hold both it and its means.
    private bool ThinOldest()
    {
        var first = _blocks.First;
        while (first is not null && (first.Value.Thinned || first.Value.Sequence <= _everSent))
        {
            first = first.Next;
        }

        var run = new List<LinkedListNode<OutboxBlock>>(limits.ThinBlocks);
        for (var node = first; node is not null && run.Count < limits.ThinBlocks && !node.Value.Thinned && node.Value.Schema.Hash == first!.Value.Schema.Hash; node = node.Next)
        {
            // Clocks that were set back end a run, as they end a block.
            if (run.Count > 0 && node.Value.FirstMs <= run[^1].Value.LastMs)
            {
                break;
            }

            run.Add(node);
        }

        // The newest block stays as it is.
        if (run.Count > 0 && run[^1].Next is null)
        {
            run.RemoveAt(run.Count - 1);
        }

        if (run.Count == 0)
        {
            return false;
        }

        var schema = run[0].Value.Schema;
        var samples = run.SelectMany(n => SampleBlock.Open(n.Value.Bytes).ReadSamples()).ToList();
        var means = Thinning.Thin(schema, samples, limits.ThinFactor);
        var last = run[^1].Value;
        var shedBefore = run.Sum(n => n.Value.ShedBefore);
        var merged = new OutboxBlock(last.Sequence, run[0].Value.FirstMs, last.LastMs, means.Count, schema, SampleBlock.Encode(schema, means), true, shedBefore);
        var place = _blocks.AddAfter(run[^1], merged);
        _bytes += merged.Cost;
        if (_next is not null && run.Contains(_next))
        {
            _next = place;
        }

        foreach (var node in run)
        {
            Remove(node);
        }

        _thinnedSamples += samples.Count - means.Count;
        return true;
    }

    private bool ShedOldest()
    {
        // The block just sealed is never shed: one that is larger than the limit still has its chance.
        if (_blocks.Count <= 1 || _blocks.First is not { } first)
        {
            return false;
        }

        var lost = first.Value.Samples + first.Value.ShedBefore;
        _shedSamples += first.Value.Samples;
        var heir = first.Next!;
        heir.Value = heir.Value with { ShedBefore = heir.Value.ShedBefore + lost };
        Remove(first);
        return true;
    }
}

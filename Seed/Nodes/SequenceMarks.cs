using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>What to do with an offered block.</summary>
internal enum BlockVerdict
{
    /// <summary>It is the next one: store it.</summary>
    Store,

    /// <summary>It is stored: say so again.</summary>
    Acked,

    /// <summary>It is being stored: its ack is on the way.</summary>
    InFlight,

    /// <summary>One before it is missing, or too many are in flight: the agent will offer it again.</summary>
    OutOfOrder,
}

/// <summary>
/// How far the blocks of each incarnation of a node have come. Blocks are taken strictly in sequence, so that one number per incarnation
/// tells which are stored and a repeated one is never stored twice. Pure.
/// </summary>
internal sealed class SequenceMarks(int window)
{
    private const int Kept = 16;

    private readonly Dictionary<ulong, Mark> _marks = [];
    private readonly List<ulong> _order = [];

    /// <summary>Per incarnation, oldest first.</summary>
    public IEnumerable<SequenceMark> All =>
        _order.Select(i => new SequenceMark { Incarnation = i, AckedSequence = _marks[i].Acked, LastSampleMs = _marks[i].LastSampleMs });

    /// <summary>The highest sequence that is stored; 0 for an incarnation that has none.</summary>
    public long Acked(ulong incarnation) => _marks.TryGetValue(incarnation, out var mark) ? mark.Acked : 0;

    /// <summary>Goes on from a snapshot.</summary>
    public void Restore(IEnumerable<SequenceMark> marks)
    {
        foreach (var mark in marks)
        {
            Of(mark.Incarnation).Stored(mark.AckedSequence, mark.LastSampleMs);
        }
    }

    /// <summary>
    /// The agent no longer has the blocks up to this one, and will offer the one behind them next. They count as acked only with
    /// <see cref="Abandon"/>, once what was offered before them is stored: an ack stands for all that came before it.
    /// </summary>
    public void Skip(ulong incarnation, long upTo)
    {
        var mark = Of(incarnation);
        if (upTo > mark.Accepted)
        {
            mark.Skipped += upTo - mark.Accepted;
            mark.Accepted = upTo;
            mark.SkippedTo = upTo;
        }
    }

    /// <summary>The blocks up to this one are stored or gone for good.</summary>
    public void Abandon(ulong incarnation, long upTo)
    {
        var mark = Of(incarnation);
        mark.Acked = Math.Max(mark.Acked, upTo);
        mark.Accepted = Math.Max(mark.Accepted, upTo);
        mark.Settle();
    }

    /// <summary>What to do with this block; when it is to be stored, it counts as in flight from now on.</summary>
    public BlockVerdict Offer(ulong incarnation, long sequence)
    {
        var mark = Of(incarnation);
        if (sequence <= mark.Acked)
        {
            return BlockVerdict.Acked;
        }

        if (sequence <= mark.Accepted)
        {
            return BlockVerdict.InFlight;
        }

        if (sequence != mark.Accepted + 1 || mark.Accepted - mark.Acked - mark.Skipped >= window)
        {
            return BlockVerdict.OutOfOrder;
        }

        mark.Accepted = sequence;
        return BlockVerdict.Store;
    }

    /// <summary>The block is in the journal.</summary>
    public void Stored(ulong incarnation, long sequence, long lastSampleMs) => Of(incarnation).Stored(sequence, lastSampleMs);

    private Mark Of(ulong incarnation)
    {
        if (_marks.TryGetValue(incarnation, out var mark))
        {
            return mark;
        }

        // An agent keeps its outbox only as long as it lives, so old incarnations never come back.
        if (_order.Count == Kept)
        {
            _marks.Remove(_order[0]);
            _order.RemoveAt(0);
        }

        _order.Add(incarnation);
        _marks.Add(incarnation, mark = new Mark());
        return mark;
    }

    private sealed class Mark
    {
        public long Acked { get; set; }

        public long Accepted { get; set; }

        /// <summary>So many of those between the two will never come: they take no place in the window.</summary>
        public long Skipped { get; set; }

        public long SkippedTo { get; set; }

        public long LastSampleMs { get; set; }

        public void Stored(long sequence, long lastSampleMs)
        {
            Acked = Math.Max(Acked, sequence);
            Accepted = Math.Max(Accepted, sequence);
            Settle();
            LastSampleMs = Math.Max(LastSampleMs, lastSampleMs);
        }

        public void Settle() => Skipped = Acked >= SkippedTo ? 0 : Skipped;
    }
}

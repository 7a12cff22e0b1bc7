using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>A range of sequence numbers of a journal, both inclusive.</summary>
internal readonly record struct SequenceRange(long From, long To);

/// <summary>
/// Where in a node's journal the blocks of a span of time are. Sparse: an entry stands for a run of blocks that follow each other in time,
/// so a day takes some 300 entries. Pure.
/// </summary>
internal sealed class HotIndex
{
    private const int BlocksPerEntry = 30;
    private const int MostEntries = 4096;
    private const long NearMs = 60_000;

    private readonly List<HotIndexEntry> _entries = [];

    /// <summary>In the order of the journal.</summary>
    public IReadOnlyList<HotIndexEntry> Entries => _entries;

    /// <summary>Blocks that it leads to.</summary>
    public long Blocks => _entries.Sum(e => (long)e.Blocks);

    /// <summary>Their bytes.</summary>
    public long Bytes => _entries.Sum(e => e.Bytes);

    /// <summary>The oldest sample; <see cref="long.MaxValue"/> when there is none.</summary>
    public long FirstMs => _entries.Count == 0 ? long.MaxValue : _entries.Min(e => e.FirstMs);

    /// <summary>The newest sample; <see cref="long.MinValue"/> when there is none.</summary>
    public long LastMs => _entries.Count == 0 ? long.MinValue : _entries.Max(e => e.LastMs);

    /// <summary>Goes on from a snapshot.</summary>
    public void Restore(IEnumerable<HotIndexEntry> entries)
    {
        _entries.Clear();
        _entries.AddRange(entries.Select(e => e.Clone()));
    }

    /// <summary>A block was stored at this place of the journal.</summary>
    public void Add(long sequenceNr, long firstMs, long lastMs, long receivedMs, int bytes)
    {
        if (_entries.Count > 0 && _entries[^1] is var open && open.Blocks < BlocksPerEntry
            && firstMs >= open.FirstMs && firstMs <= open.LastMs + NearMs)
        {
            open.LastMs = Math.Max(open.LastMs, lastMs);
            open.ReceivedMs = Math.Max(open.ReceivedMs, receivedMs);
            open.Blocks++;
            open.Bytes += bytes;
            return;
        }

        _entries.Add(new HotIndexEntry { FirstMs = firstMs, LastMs = lastMs, SequenceNr = sequenceNr, ReceivedMs = receivedMs, Blocks = 1, Bytes = bytes });
        if (_entries.Count > MostEntries)
        {
            Thin();
        }
    }

    /// <summary>Where blocks with samples in [from, to) may be, up to the journal's last number; ascending, neighbours joined.</summary>
    public List<SequenceRange> Find(long fromMs, long toMs, long lastSequenceNr)
    {
        var found = new List<SequenceRange>();
        for (var i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].LastMs < fromMs || _entries[i].FirstMs >= toMs)
            {
                continue;
            }

            var end = i + 1 < _entries.Count ? _entries[i + 1].SequenceNr - 1 : lastSequenceNr;
            if (found.Count > 0 && found[^1].To + 1 == _entries[i].SequenceNr)
            {
                found[^1] = found[^1] with { To = end };
            }
            else
            {
                found.Add(new SequenceRange(_entries[i].SequenceNr, end));
            }
        }

        return found;
    }

    /// <summary>The last number of the journal before which every block was received before the horizon; 0 when there is none.</summary>
    public long OlderThan(long receivedMs)
    {
        var i = 0;
        while (i < _entries.Count && _entries[i].ReceivedMs < receivedMs)
        {
            i++;
        }

        // The newest entry is still open: what is in it stays until the next begins.
        return i == 0 || i == _entries.Count ? 0 : _entries[i].SequenceNr - 1;
    }

    /// <summary>Blocks up to this number are gone.</summary>
    public void Forget(long toSequenceNr)
    {
        var gone = 0;
        while (gone + 1 < _entries.Count && _entries[gone + 1].SequenceNr - 1 <= toSequenceNr)
        {
            gone++;
        }

        _entries.RemoveRange(0, gone);
    }

    /// <summary>Joins neighbours two by two: reads find more than they need, but the index stays small whatever clocks do.</summary>
    private void Thin()
    {
        var joined = new List<HotIndexEntry>(_entries.Count / 2 + 1);
        for (var i = 0; i < _entries.Count; i += 2)
        {
            var entry = _entries[i];
            if (i + 1 < _entries.Count)
            {
                var next = _entries[i + 1];
                entry.FirstMs = Math.Min(entry.FirstMs, next.FirstMs);
                entry.LastMs = Math.Max(entry.LastMs, next.LastMs);
                entry.ReceivedMs = Math.Max(entry.ReceivedMs, next.ReceivedMs);
                entry.Blocks += next.Blocks;
                entry.Bytes += next.Bytes;
            }

            joined.Add(entry);
        }

        _entries.Clear();
        _entries.AddRange(joined);
    }
}

using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>A sample of the live lane, and whose it is.</summary>
internal readonly record struct LiveEntry(ulong Incarnation, MetricSchema Schema, Sample Sample);

/// <summary>The live samples that no stored block covers yet: the end of the history, and what is sealed when the agent is gone. Pure.</summary>
internal sealed class LiveTail
{
    /// <summary>Ten minutes; an agent whose blocks are that late has them in its outbox.</summary>
    public const int Most = 600;

    private readonly List<LiveEntry> _entries = [];
    private (ulong Incarnation, long FirstMs, long LastMs) _covered;

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<LiveEntry> Entries => _entries;

    /// <summary>Takes a sample, unless it is there or covered already.</summary>
    public void Add(LiveEntry entry)
    {
        var time = entry.Sample.TimeMs;
        if (entry.Incarnation == _covered.Incarnation && time >= _covered.FirstMs && time <= _covered.LastMs)
        {
            return;
        }

        for (var i = _entries.Count - 1; i >= 0 && i >= _entries.Count - 8; i--)
        {
            if (_entries[i].Sample.TimeMs == time && _entries[i].Incarnation == entry.Incarnation)
            {
                return;
            }
        }

        if (_entries.Count == Most)
        {
            _entries.RemoveAt(0);
        }

        _entries.Add(entry);
    }

    /// <summary>A stored block has the samples of this span.</summary>
    public void Cover(ulong incarnation, long firstMs, long lastMs)
    {
        _covered = (incarnation, firstMs, lastMs);
        _entries.RemoveAll(e => e.Incarnation == incarnation && e.Sample.TimeMs >= firstMs && e.Sample.TimeMs <= lastMs);
    }

    /// <summary>Forgets an incarnation.</summary>
    public void Drop(ulong incarnation) => _entries.RemoveAll(e => e.Incarnation == incarnation);

    /// <summary>Seals what is left of an incarnation into blocks; more than one if the schema or the clock changed in between.</summary>
    public List<BlockOffered> Seal(string nodeId, ulong incarnation)
    {
        var blocks = new List<BlockOffered>();
        var run = new List<Sample>();
        MetricSchema? schema = null;
        foreach (var entry in _entries.Where(e => e.Incarnation == incarnation))
        {
            if (run.Count > 0 && (entry.Schema.Hash != schema!.Hash || entry.Sample.TimeMs <= run[^1].TimeMs))
            {
                blocks.Add(Block(nodeId, incarnation, schema, run));
                run.Clear();
            }

            schema = entry.Schema;
            run.Add(entry.Sample);
        }

        if (run.Count > 0)
        {
            blocks.Add(Block(nodeId, incarnation, schema!, run));
        }

        return blocks;
    }

    private static BlockOffered Block(string nodeId, ulong incarnation, MetricSchema schema, List<Sample> samples) => new()
    {
        NodeId = nodeId,
        Incarnation = incarnation,
        FirstMs = samples[0].TimeMs,
        LastMs = samples[^1].TimeMs,
        Samples = samples.Count,
        SchemaHash = schema.Hash,
        Block = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(SampleBlock.Encode(schema, samples)),
    };
}

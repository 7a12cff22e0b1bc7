using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>The schemas that a node's blocks name. Pure.</summary>
internal sealed class SchemaBook
{
    /// <summary>A machine whose devices come and go has a few dozen a day; more than this is a fault of the agent.</summary>
    public const int Most = 512;

    private readonly Dictionary<ulong, Entry> _entries = [];

    /// <summary>All of them, by hash.</summary>
    public IReadOnlyDictionary<ulong, MetricSchema> All => _entries.ToDictionary(e => e.Key, e => e.Value.Schema);

    /// <summary>The schema of this hash, or null.</summary>
    public MetricSchema? Find(ulong hash) => _entries.GetValueOrDefault(hash)?.Schema;

    /// <summary>The summary's columns in the schema of this hash, or null.</summary>
    public VitalsReader? Vitals(ulong hash) => _entries.GetValueOrDefault(hash)?.Vitals;

    /// <summary>Whether there is room for one more.</summary>
    public bool IsFull => _entries.Count >= Most;

    /// <summary>Takes a schema; false if it is known already.</summary>
    public bool Add(MetricSchema schema, long nowMs) => _entries.TryAdd(schema.Hash, new Entry(schema) { UsedMs = nowMs });

    /// <summary>A block or sample of this schema came.</summary>
    public void Use(ulong hash, long nowMs)
    {
        if (_entries.TryGetValue(hash, out var entry))
        {
            entry.UsedMs = Math.Max(entry.UsedMs, nowMs);
        }
    }

    /// <summary>Drops those that nothing has used since: their blocks are deleted too.</summary>
    public void Forget(long usedBeforeMs)
    {
        foreach (var hash in _entries.Where(e => e.Value.UsedMs < usedBeforeMs).Select(e => e.Key).ToList())
        {
            _entries.Remove(hash);
        }
    }

    private sealed class Entry(MetricSchema schema)
    {
        private VitalsReader? _vitals;

        public MetricSchema Schema { get; } = schema;

        public VitalsReader Vitals => _vitals ??= new VitalsReader(Schema);

        public long UsedMs { get; set; }
    }
}

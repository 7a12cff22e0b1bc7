using System.Collections.Concurrent;
using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>
/// Machines of one kind have one schema: it is kept once, not per node (some 50 KB each). Used by all aggregates at once;
/// holds nothing that none of them uses any more.
/// </summary>
internal sealed class SchemaPool
{
    private readonly ConcurrentDictionary<ulong, WeakReference<MetricSchema>> _shared = [];

    /// <summary>The schema that was announced, or the equal one that is there already.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or its hash is not that of its columns.</exception>
    public MetricSchema Read(SchemaAnnounced announced)
    {
        var schema = MetricSchema.FromProto(announced);
        var slot = _shared.GetOrAdd(schema.Hash, _ => new WeakReference<MetricSchema>(schema));
        if (!slot.TryGetTarget(out var there))
        {
            slot.SetTarget(schema);
            return schema;
        }

        // A hash of 64 bits can be forged; then each keeps its own.
        return there.Descriptors.AsSpan().SequenceEqual(schema.Descriptors.AsSpan()) ? there : schema;
    }
}

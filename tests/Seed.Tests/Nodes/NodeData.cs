using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Tests.Nodes;

/// <summary>A small machine for the tests of nodes: its schema, samples and blocks.</summary>
internal static class NodeData
{
    public const long T0 = 1_800_000_000_000;

    public static readonly MetricSchema Schema = new(
    [
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", "user")),
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", "system")),
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", "iowait")),
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", "idle")),
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("cpu", "0"), ("state", "user")),
        MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("cpu", "0"), ("state", "idle")),
        MetricDescriptor.Of("system.memory.utilization", "1", MetricKind.Gauge, -4, ("state", "used")),
        MetricDescriptor.Of("system.memory.usage", "By", MetricKind.Gauge, 0, ("state", "used")),
        MetricDescriptor.Of("system.memory.usage", "By", MetricKind.Gauge, 0, ("state", "free")),
        MetricDescriptor.Of("system.filesystem.utilization", "1", MetricKind.Gauge, -4, ("mountpoint", "/"), ("type", "ext4")),
        MetricDescriptor.Of("system.filesystem.utilization", "1", MetricKind.Gauge, -4, ("mountpoint", "/srv"), ("type", "xfs")),
        MetricDescriptor.Of("system.filesystem.utilization", "1", MetricKind.Gauge, -4, ("mountpoint", "/net"), ("type", "nfs4")),
        MetricDescriptor.Of("system.network.io", "By", MetricKind.Counter, 0, ("device", "lo"), ("direction", "receive")),
        MetricDescriptor.Of("system.network.io", "By", MetricKind.Counter, 0, ("device", "eth0"), ("direction", "receive")),
        MetricDescriptor.Of("system.network.io", "By", MetricKind.Counter, 0, ("device", "eth1"), ("direction", "receive")),
        MetricDescriptor.Of("system.network.io", "By", MetricKind.Counter, 0, ("device", "eth0"), ("direction", "transmit")),
        MetricDescriptor.Of("system.cpu.load_average.1m", "{thread}", MetricKind.Gauge, -2),
        MetricDescriptor.Of("system.disk.io_time", "s", MetricKind.Counter, -3, ("device", "sda")),
        MetricDescriptor.Of("system.disk.io_time", "s", MetricKind.Counter, -3, ("device", "sdb")),
    ]);

    /// <summary>The sample of second <paramref name="n"/>: user = n %, 1000 B/s on eth0, 500 on eth1, 7 on lo, 250 out.</summary>
    public static Sample Sample(long n) => new(
        T0 + (n * 1000),
        [n * 100, 200, 300, 9000 - (n * 100), n * 200, 5000, 4000, 4_000_000, 6_000_000, 5500, 7700, 9900, n * 7, n * 1000, n * 500, n * 250, 123, n * 100, n * 200],
        []);

    public static int Column(string name, params (string Key, string Value)[] attributes) =>
        Enumerable.Range(0, Schema.Count).Single(i => Schema.Descriptors[i].Name == name && Schema.Descriptors[i].Attributes.Length == attributes.Length
            && attributes.All(a => Schema.Descriptors[i].Attribute(a.Key) == a.Value));

    public static Sample With(this Sample sample, int column, long value)
    {
        var values = (long[])sample.Values.Clone();
        values[column] = value;
        return sample with { Values = values };
    }

    public static List<Sample> Samples(long from, long count) => [.. Enumerable.Range(0, (int)count).Select(i => Sample(from + i))];

    public static BlockOffered Block(ulong incarnation, long sequence, IReadOnlyList<Sample> samples, MetricSchema? schema = null) => new()
    {
        NodeId = "n1",
        Incarnation = incarnation,
        Sequence = sequence,
        FirstMs = samples[0].TimeMs,
        LastMs = samples[^1].TimeMs,
        Samples = samples.Count,
        SchemaHash = (schema ?? Schema).Hash,
        Block = Google.Protobuf.ByteString.CopyFrom(SampleBlock.Encode(schema ?? Schema, samples)),
    };

    public static MetricSelector Selector(string metric, params (string Key, string Value)[] attributes)
    {
        var selector = new MetricSelector { Metric = metric };
        foreach (var (key, value) in attributes)
        {
            selector.Attributes[key] = value;
        }

        return selector;
    }
}

/// <summary>Blocks in a list, numbered from 1.</summary>
internal sealed class ListJournal : INodeJournal
{
    public List<BlockStored> Blocks { get; } = [];

    public void Add(BlockOffered block, bool sealedBySeed = false) => Blocks.Add(new BlockStored { Offered = block, SealedBySeed = sealedBySeed });

    public IEnumerable<BlockStored> Read(string persistenceId, IReadOnlyList<SequenceRange> ranges) =>
        ranges.SelectMany(r => Blocks.Skip((int)r.From - 1).Take((int)Math.Min(int.MaxValue, r.To - r.From + 1)));
}

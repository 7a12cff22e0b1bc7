using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Bytes, packets, errors and drops of network interfaces: /proc/net/dev, see proc_net(5).</summary>
/// <remarks>
/// Only interfaces that carry traffic into and out of the machine, so that the sum over devices is the machine's: no loopback, and none of the
/// bridges, bonds, VLANs and virtual cables whose packets pass through a real interface too. One without a single packet is left out.
/// </remarks>
internal sealed class NetDevCollector(string proc) : ICollector
{
    private const int Columns = 8;

    private readonly KernelFile _file = new($"{proc}/net/dev");
    private readonly DeviceTable _interfaces = new(Columns);

    public string Name => "netdev";

    public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>
    /// Two lines of headings, then "name: " and 16 numbers: bytes, packets, errors, drops, fifo, frame, compressed, multicast received;
    /// bytes, packets, errors, drops, … sent. True when the interfaces are others than before.
    /// </summary>
    public static bool Parse(ReadOnlySpan<byte> text, DeviceTable into)
    {
        into.BeginRead();
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            // A name may hold colons (old aliases do); the numbers never.
            var colon = line.Rest.LastIndexOf((byte)':');
            if (colon < 0)
            {
                continue;
            }

            var name = line.Rest[..colon].Trim((byte)' ');
            var numbers = new KernelText(line.Rest[(colon + 1)..]);
            if (name.IsEmpty || IsLayered(name))
            {
                continue;
            }

            var received = Counters.Next(ref numbers);
            numbers.Skip(4);
            var sent = Counters.Next(ref numbers);
            if (received.Packets == 0 && sent.Packets == 0)
            {
                continue;
            }

            var row = into.Add(name);
            (row[0], row[2], row[4], row[6]) = received;
            (row[1], row[3], row[5], row[7]) = sent;
        }

        return into.EndRead();
    }

    public void Read(in CollectorTick tick)
    {
        if (Parse(_file.Read(), _interfaces))
        {
            Descriptors = _interfaces.Describe(DescriptorsOf);
        }
    }

    public void Write(Span<long> values)
    {
        for (var i = 0; i < _interfaces.Count; i++)
        {
            _interfaces.Values(i).CopyTo(values[(i * Columns)..]);
        }
    }

    public void Dispose() => _file.Dispose();

    private static bool IsLayered(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("lo"u8) || name.Contains((byte)'.') || name.StartsWith("veth"u8) || name.StartsWith("docker"u8)
        || name.StartsWith("br-"u8) || (name.StartsWith("br"u8) && name.Length > 2 && char.IsAsciiDigit((char)name[2]))
        || name.StartsWith("virbr"u8) || name.StartsWith("vmbr"u8) || name.StartsWith("vnet"u8) || name.StartsWith("tap"u8)
        || name.StartsWith("ifb"u8) || name.StartsWith("dummy"u8) || name.StartsWith("cni"u8) || name.StartsWith("cali"u8)
        || name.StartsWith("flannel"u8) || name.StartsWith("lxc"u8) || name.StartsWith("cilium"u8) || name.StartsWith("bond"u8)
        || name.StartsWith("team"u8) || name.StartsWith("vlan"u8) || name.StartsWith("fwbr"u8) || name.StartsWith("fwpr"u8)
        || name.StartsWith("fwln"u8) || name.StartsWith("ovs"u8);

    private static IEnumerable<MetricDescriptor> DescriptorsOf(string device)
    {
        foreach (var (name, unit) in new[] { ("io", "By"), ("packets", "{packet}"), ("errors", "{error}"), ("dropped", "{packet}") })
        {
            yield return MetricDescriptor.Of($"system.network.{name}", unit, MetricKind.Counter, 0, ("device", device), ("direction", "receive"));
            yield return MetricDescriptor.Of($"system.network.{name}", unit, MetricKind.Counter, 0, ("device", device), ("direction", "transmit"));
        }
    }

    private readonly record struct Counters(long Bytes, long Packets, long Errors, long Drops)
    {
        public static Counters Next(ref KernelText numbers) => new(numbers.NextNumber(), numbers.NextNumber(), numbers.NextNumber(), numbers.NextNumber());
    }
}

using System.Collections.Immutable;
using System.Globalization;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.Load;

/// <summary>
/// A machine that is not there: columns named as the real collectors name them, and values that behave as a real machine's do. Business comes and
/// goes in waves with bursts, and the rest follows it: clock ticks come in hundredths, memory in pages, disk traffic in spurts between idle seconds.
/// </summary>
internal sealed class LifelikeSource : ISampleSource
{
    private const long Gib = 1L << 30;
    private const long Page = 4096;
    private const int FixedColumns = 52;
    private const int States = 8;

    private static readonly string[] StateNames = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];
    private static readonly string[] ProcessNames = ["postgres", "dotnet", "nginx", "redis-server", "java", "python3", "kworker/0:1", "node"];

    private readonly Random _dice;
    private readonly MetricSchema _schema;
    private readonly int _cores;
    private readonly long[] _counters = new long[64];
    private readonly double[] _loads = new double[3];
    private readonly (int Pid, string Name, long Resident, int Threads)[] _processes;
    private readonly long _memory;
    private readonly double _scale;
    private double _base;
    private double _busy;
    private double _used;
    private double _disk;
    private long _uptime;

    /// <param name="seed">Two machines with one seed behave alike.</param>
    /// <param name="metrics">So many columns, as near as whole cores allow; at least those of one core.</param>
    public LifelikeSource(int seed, int metrics)
    {
        _dice = new Random(seed);
        _cores = Math.Max(1, (metrics - FixedColumns - States) / States);
        _schema = new MetricSchema(Columns(_cores, Math.Max(0, metrics - FixedColumns - States - (_cores * States))));
        _memory = Gib << _dice.Next(1, 7);
        _scale = Math.Pow(2, (_dice.NextDouble() * 4) - 2);
        _base = 0.1 + (0.4 * _dice.NextDouble());
        _busy = _base;
        _used = 0.2 + (0.5 * _dice.NextDouble());
        _disk = 0.2 + (0.6 * _dice.NextDouble());
        _uptime = _dice.Next(1_000, 100_000_000);
        for (var c = 0; c < _counters.Length; c++)
        {
            _counters[c] = _dice.NextInt64(1L << _dice.Next(10, 38));
        }

        _processes = [.. Enumerable.Range(0, 6).Select(i => (_dice.Next(300, 60_000), ProcessNames[_dice.Next(ProcessNames.Length)], Page * _dice.Next(500, 200_000), _dice.Next(1, 60)))];
    }

    public IReadOnlyList<string> Failed => [];

    public CollectedValues Collect()
    {
        Live();
        var values = new long[_schema.Count];
        var next = Cpu(values);
        next = System(values, next);
        next = Storage(values, next);
        next = Counters(values, next);
        for (; next < values.Length; next++)
        {
            values[next] = (long)(1000 * (40 + (20 * _busy)));
        }

        return new CollectedValues(_schema, values, Busiest());
    }

    public void Dispose()
    {
    }

    private static IEnumerable<MetricDescriptor> Columns(int cores, int sensors)
    {
        foreach (var state in StateNames)
        {
            yield return MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", state));
        }

        for (var core = 0; core < cores; core++)
        {
            foreach (var state in StateNames)
            {
                yield return MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("cpu", core.ToString(CultureInfo.InvariantCulture)), ("state", state));
            }
        }

        foreach (var column in SystemColumns().Concat(StorageColumns()).Concat(CounterColumns()))
        {
            yield return column;
        }

        for (var sensor = 0; sensor < sensors; sensor++)
        {
            yield return MetricDescriptor.Of("hw.temperature", "Cel", MetricKind.Gauge, -3, ("sensor", $"coretemp Core {sensor}"));
        }
    }

    private static IEnumerable<MetricDescriptor> SystemColumns() =>
    [
        Gauge("system.cpu.load_average.1m", "{thread}", -2),
        Gauge("system.cpu.load_average.5m", "{thread}", -2),
        Gauge("system.cpu.load_average.15m", "{thread}", -2),
        Gauge("system.linux.threads", "{thread}", 0),
        Gauge("system.processes.count", "{process}", 0),
        Gauge("system.uptime", "s", -2),
        Gauge("system.memory.limit", "By", 0),
        Gauge("system.memory.usage", "By", 0, ("state", "used")),
        Gauge("system.memory.usage", "By", 0, ("state", "free")),
        Gauge("system.memory.usage", "By", 0, ("state", "buffers")),
        Gauge("system.memory.usage", "By", 0, ("state", "cached")),
        Gauge("system.memory.utilization", "1", -4, ("state", "used")),
        Gauge("system.linux.memory.available", "By", 0),
        Gauge("system.linux.memory.dirty", "By", 0),
        Gauge("system.paging.usage", "By", 0, ("state", "used")),
        Gauge("system.paging.usage", "By", 0, ("state", "free")),
        Gauge("system.paging.utilization", "1", -4, ("state", "used")),
    ];

    private static IEnumerable<MetricDescriptor> StorageColumns()
    {
        foreach (var mountpoint in new[] { "/", "/var" })
        {
            foreach (var state in new[] { "used", "free", "reserved" })
            {
                yield return Gauge("system.filesystem.usage", "By", 0, ("device", "/dev/sda" + mountpoint.Length), ("mountpoint", mountpoint), ("state", state), ("type", "ext4"));
            }

            yield return Gauge("system.filesystem.limit", "By", 0, ("device", "/dev/sda" + mountpoint.Length), ("mountpoint", mountpoint), ("type", "ext4"));
            yield return Gauge("system.filesystem.utilization", "1", -4, ("device", "/dev/sda" + mountpoint.Length), ("mountpoint", mountpoint), ("type", "ext4"));
        }
    }

    private static IEnumerable<MetricDescriptor> CounterColumns() =>
    [
        Counter("system.linux.context_switches", "{switch}", 0),
        Counter("system.processes.created", "{process}", 0),
        Counter("system.paging.faults", "{fault}", 0, ("type", "minor")),
        Counter("system.paging.faults", "{fault}", 0, ("type", "major")),
        Counter("system.disk.io", "By", 0, ("device", "sda"), ("direction", "read")),
        Counter("system.disk.io", "By", 0, ("device", "sda"), ("direction", "write")),
        Counter("system.disk.operations", "{operation}", 0, ("device", "sda"), ("direction", "read")),
        Counter("system.disk.operations", "{operation}", 0, ("device", "sda"), ("direction", "write")),
        Counter("system.disk.operation_time", "s", -3, ("device", "sda"), ("direction", "read")),
        Counter("system.disk.operation_time", "s", -3, ("device", "sda"), ("direction", "write")),
        Counter("system.disk.io_time", "s", -3, ("device", "sda")),
        Counter("system.network.io", "By", 0, ("device", "eth0"), ("direction", "receive")),
        Counter("system.network.io", "By", 0, ("device", "eth0"), ("direction", "transmit")),
        Counter("system.network.packets", "{packet}", 0, ("device", "eth0"), ("direction", "receive")),
        Counter("system.network.packets", "{packet}", 0, ("device", "eth0"), ("direction", "transmit")),
        Counter("system.network.errors", "{error}", 0, ("device", "eth0"), ("direction", "receive")),
        Counter("system.network.errors", "{error}", 0, ("device", "eth0"), ("direction", "transmit")),
        Counter("system.network.dropped", "{packet}", 0, ("device", "eth0"), ("direction", "receive")),
        Counter("system.network.dropped", "{packet}", 0, ("device", "eth0"), ("direction", "transmit")),
        .. new[] { "cpu", "io", "memory" }.SelectMany(r => new[] { "some", "full" }.Select(t => Counter("system.linux.psi.time", "s", -6, ("resource", r), ("type", t)))),
    ];

    private static MetricDescriptor Gauge(string name, string unit, int scale, params ReadOnlySpan<(string Key, string Value)> attributes) =>
        MetricDescriptor.Of(name, unit, MetricKind.Gauge, scale, attributes);

    private static MetricDescriptor Counter(string name, string unit, int scale, params ReadOnlySpan<(string Key, string Value)> attributes) =>
        MetricDescriptor.Of(name, unit, MetricKind.Counter, scale, attributes);

    // A second passes: business drifts back to its usual level, now and then it jumps; memory and disk follow slowly.
    private void Live()
    {
        if (_dice.Next(40) == 0)
        {
            _busy = _dice.NextDouble();
        }

        if (_dice.Next(600) == 0)
        {
            _base = 0.05 + (0.6 * _dice.NextDouble());
        }

        _busy = Math.Clamp(_busy + (0.1 * (_base - _busy)) + (0.03 * Noise()), 0, 1);
        _used = Math.Clamp(_used + (0.002 * Noise()) + (0.001 * (_busy - _used)), 0.05, 0.98);
        _disk = Math.Clamp(_disk + (0.000002 * (1 + Noise())), 0, 0.99);
        _uptime += 100;
        double[] minutes = [60, 300, 900];
        for (var i = 0; i < minutes.Length; i++)
        {
            var keep = Math.Exp(-1 / minutes[i]);
            _loads[i] = (_loads[i] * keep) + (_busy * _cores * (1 - keep));
        }
    }

    private int Cpu(Span<long> values)
    {
        var all = values[..States];
        for (var core = 0; core < _cores; core++)
        {
            var columns = values.Slice((core + 1) * States, States);
            var busy = (int)Math.Round(100 * Math.Clamp(_busy + (0.1 * Noise()), 0, 1));
            var system = busy / 5;
            var soft = _dice.Next(8) == 0 ? 1 : 0;
            var wait = _dice.Next(20) == 0 ? _dice.Next(3) : 0;
            columns[0] = Math.Max(0, busy - system - soft);
            columns[2] = system;
            columns[4] = Math.Min(wait, 100 - busy);
            columns[6] = Math.Min(soft, busy - system);
            columns[3] = 100 - columns[0] - columns[2] - columns[4] - columns[6];
            for (var s = 0; s < States; s++)
            {
                all[s] += columns[s];
                columns[s] *= 100;
            }
        }

        foreach (ref var state in all)
        {
            state = state * 100 / _cores;
        }

        return (_cores + 1) * States;
    }

    private int System(Span<long> values, int at)
    {
        var used = Pages(_memory * _used);
        var buffers = Pages(_memory * 0.01);
        var free = Pages(_memory * (0.9 - (_used * 0.8)) / 2);
        var swap = 2 * Gib;
        var swapped = Pages(swap * Math.Max(0, _used - 0.6));
        ReadOnlySpan<long> row =
        [
            (long)(_loads[0] * 100), (long)(_loads[1] * 100), (long)(_loads[2] * 100), 300 + (long)(20 * _busy), 110 + (long)(5 * _busy), _uptime,
            _memory, used, free, buffers, _memory - used - free - buffers, used * 10_000 / _memory, _memory - used, Pages(1 << 22) + (Page * _dice.Next(200)),
            swapped, swap - swapped, swapped * 10_000 / swap,
        ];
        row.CopyTo(values[at..]);
        return at + row.Length;
    }

    private int Storage(Span<long> values, int at)
    {
        foreach (var size in new[] { 50 * Gib, 200 * Gib })
        {
            var used = Pages(size * _disk);
            var reserved = Pages(size * 0.05);
            ReadOnlySpan<long> row = [used, Math.Max(0, size - used - reserved), reserved, size, used * 10_000 / (size - reserved)];
            row.CopyTo(values[at..]);
            at += row.Length;
        }

        return at;
    }

    private int Counters(Span<long> values, int at)
    {
        var spurt = _dice.Next(4) == 0 ? Some(200) : 0;
        var reads = _dice.Next(10) == 0 ? Some(80) : 0;
        var packetsIn = Some(400);
        var packetsOut = Some(300);
        ReadOnlySpan<long> steps =
        [
            Some(8_000), Some(30), Some(20_000), reads / 20, reads * 16 * 512, spurt * 24 * 512, reads, spurt, reads / 3, spurt, (reads + spurt) / 2,
            (packetsIn * 700) + Some(5_000), (packetsOut * 300) + Some(3_000), packetsIn, packetsOut, 0, 0, 0, 0,
            Some(90_000), 0, spurt * 300, spurt * 200, 0, 0,
        ];
        for (var c = 0; c < steps.Length; c++)
        {
            _counters[c] += steps[c];
            values[at + c] = _counters[c];
        }

        return at + steps.Length;
    }

    private ImmutableArray<ProcessSample> Busiest() =>
    [
        .. _processes.Select((p, i) => new ProcessSample(p.Pid, p.Name, 100 * (int)(_busy * 100 * _dice.NextDouble() / (i + 1)), p.Resident + (Page * _dice.Next(20)), p.Threads))
            .OrderByDescending(p => p.CpuPermyriad)
            .Take(5),
    ];

    // Traffic of a machine of this size that is as busy as this one, give or take.
    private long Some(int usual) => (long)(usual * _scale * _busy * (0.5 + _dice.NextDouble()));

    private double Noise() => _dice.NextDouble() + _dice.NextDouble() - 1;

    private static long Pages(double bytes) => (long)bytes / Page * Page;
}

using System.Collections.Immutable;
using System.Globalization;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>CPU time by state, in total and per core, context switches and new processes: /proc/stat, see proc_stat(5).</summary>
internal sealed class StatCollector(string proc) : ICollector
{
    /// <summary>The states in the file's order; guest time is part of user.</summary>
    public static readonly ImmutableArray<string> States = ["user", "nice", "system", "idle", "iowait", "irq", "softirq", "steal"];

    private const int TailColumns = 4;

    private readonly KernelFile _file = new($"{proc}/stat");
    private StatSnapshot _now = new();
    private StatSnapshot _before = new();
    private bool _comparable;

    public string Name => "stat";

    public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>Reads the file's lines into a snapshot that is used again and again.</summary>
    public static void Parse(ReadOnlySpan<byte> text, StatSnapshot into)
    {
        into.Clear();
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            var key = line.NextWord();
            if (key.StartsWith("cpu"u8))
            {
                var core = new KernelText(key[3..]);
                into.AddRow(key.Length == 3 ? StatSnapshot.AllCores : (int)core.NextNumber(), ref line);
            }
            else if (key.SequenceEqual("ctxt"u8))
            {
                into.ContextSwitches = line.NextNumber();
            }
            else if (key.SequenceEqual("processes"u8))
            {
                into.Forks = line.NextNumber();
            }
            else if (key.SequenceEqual("procs_running"u8))
            {
                into.Running = line.NextNumber();
            }
            else if (key.SequenceEqual("procs_blocked"u8))
            {
                into.Blocked = line.NextNumber();
            }
        }
    }

    /// <summary>
    /// Shares of the time between two snapshots of one row, in 1/10000. Each share is of the row's own total, so a late or
    /// missed tick does not distort it; a state that ran backwards (idle and iowait do, a little) counts as zero.
    /// What is rounded is the running total, so that the shares always sum to exactly 1.
    /// </summary>
    public static void Shares(ReadOnlySpan<long> before, ReadOnlySpan<long> now, Span<long> into)
    {
        long total = 0;
        for (var s = 0; s < into.Length; s++)
        {
            into[s] = Math.Max(0, now[s] - before[s]);
            total += into[s];
        }

        if (total == 0)
        {
            into.Fill(MetricValue.Missing);
            return;
        }

        long running = 0;
        long given = 0;
        foreach (ref var share in into)
        {
            running += share;
            var upToHere = ((running * 10_000) + (total / 2)) / total;
            share = upToHere - given;
            given = upToHere;
        }
    }

    public void Read(in CollectorTick tick)
    {
        (_before, _now) = (_now, _before);
        Parse(_file.Read(), _now);
        _comparable = _now.SameRows(_before);
        if (!_comparable || Descriptors.IsEmpty)
        {
            Descriptors = Describe(_now.Rows);
        }
    }

    public void Write(Span<long> values)
    {
        for (var row = 0; row < _now.Rows.Count; row++)
        {
            var columns = values.Slice(row * States.Length, States.Length);
            if (_comparable)
            {
                Shares(_before.Times(row), _now.Times(row), columns);
            }
            else
            {
                columns.Fill(MetricValue.Missing);
            }
        }

        var tail = values[^TailColumns..];
        tail[0] = _now.ContextSwitches;
        tail[1] = _now.Forks;
        tail[2] = _now.Running;
        tail[3] = _now.Blocked;
    }

    public void Dispose() => _file.Dispose();

    private static ImmutableArray<MetricDescriptor> Describe(IReadOnlyList<int> rows)
    {
        var descriptors = ImmutableArray.CreateBuilder<MetricDescriptor>((rows.Count * States.Length) + TailColumns);
        foreach (var core in rows)
        {
            foreach (var state in States)
            {
                descriptors.Add(core == StatSnapshot.AllCores
                    ? MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", state))
                    : MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("cpu", core.ToString(CultureInfo.InvariantCulture)), ("state", state)));
            }
        }

        descriptors.Add(MetricDescriptor.Of("system.linux.context_switches", "{switch}", MetricKind.Counter, 0));
        descriptors.Add(MetricDescriptor.Of("system.processes.created", "{process}", MetricKind.Counter, 0));
        descriptors.Add(MetricDescriptor.Of("system.linux.threads.runnable", "{thread}", MetricKind.Gauge, 0));
        descriptors.Add(MetricDescriptor.Of("system.linux.threads.blocked", "{thread}", MetricKind.Gauge, 0));
        return descriptors.MoveToImmutable();
    }
}

/// <summary>What /proc/stat said at one time.</summary>
internal sealed class StatSnapshot
{
    /// <summary>Stands for the row of all cores together.</summary>
    public const int AllCores = -1;

    private readonly List<int> _rows = [];
    private long[] _times = [];

    /// <summary>The core of each row.</summary>
    public IReadOnlyList<int> Rows => _rows;

    public long ContextSwitches { get; set; }

    public long Forks { get; set; }

    public long Running { get; set; }

    public long Blocked { get; set; }

    /// <summary>Clock ticks by state of a row.</summary>
    public ReadOnlySpan<long> Times(int row) => _times.AsSpan(row * StatCollector.States.Length, StatCollector.States.Length);

    public bool SameRows(StatSnapshot other) =>
        System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_rows).SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(other._rows));

    public void Clear()
    {
        _rows.Clear();
        ContextSwitches = Forks = Running = Blocked = MetricValue.Missing;
    }

    /// <summary>Adds a row; a core that stands there twice is taken once.</summary>
    public void AddRow(int core, ref KernelText numbers)
    {
        // The rows ascend; anything else would give two columns one name.
        if (_rows.Count > 0 && core <= _rows[^1])
        {
            return;
        }

        _rows.Add(core);
        var width = StatCollector.States.Length;
        if (_times.Length < _rows.Count * width)
        {
            Array.Resize(ref _times, Math.Max(2 * _times.Length, _rows.Count * width));
        }

        var times = _times.AsSpan((_rows.Count - 1) * width, width);
        foreach (ref var time in times)
        {
            time = numbers.NextNumber();
        }
    }
}

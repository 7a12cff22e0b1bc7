using ClusterMonitor.Messages;
using Google.Protobuf;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Tui.Tests;

/// <summary>A clock that stands still, or is moved by hand; its time zone is UTC.</summary>
internal sealed class ManualTime(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override DateTimeOffset GetUtcNow() => Now;
}

/// <summary>A fleet that is always the same: what golden screens are made from.</summary>
internal static class SampleFleet
{
    public static readonly DateTimeOffset Now = new(2026, 11, 21, 18, 4, 2, 250, TimeSpan.Zero);

    private static readonly long NowMs = Now.ToUnixTimeMilliseconds();

    public static AppState State(Theme theme, TimeProvider? time = null, int nodes = 26)
    {
        var state = new AppState(new Clock(time ?? new ManualTime(Now)), "10.0.0.5:4053", theme);
        Update.Apply(state, new FleetArrived(Frame(nodes)));
        return state;
    }

    public static FleetFrame Frame(int nodes, long version = 1)
    {
        var frame = new FleetFrame
        {
            SeedIncarnation = 77,
            Version = version,
            Full = true,
            TimeMs = NowMs,
            Seed = new SeedInfo { Name = "seed-1", Address = "akka.ssl.tcp://clustermonitor@10.0.0.5:4053", Version = "0.1.0", AgentsConnected = nodes, DashboardsConnected = 2 },
        };
        for (var i = 0; i < nodes; i++)
        {
            frame.Nodes.Add(Node(i));
        }

        return frame;
    }

    /// <summary>Only what changes each second, for measurements.</summary>
    public static FleetFrame NextSecond(int nodes, int second)
    {
        var frame = new FleetFrame { SeedIncarnation = 77, Version = 1 + second, TimeMs = NowMs + (second * 1000L) };
        for (var i = 0; i < nodes; i++)
        {
            frame.Nodes.Add(new FleetNode { NodeId = $"id-{i}", Vitals = Vitals(i, second) });
        }

        return frame;
    }

    public static FleetNode Node(int i)
    {
        var dice = new Random(i);
        var state = StateOf(i);
        var numbers = state is AvailabilityUp or AvailabilitySuspect;
        var node = new FleetNode
        {
            NodeId = $"id-{i}",
            Identity = new NodeIdentity
            {
                Name = NameOf(i),
                Address = $"akka.ssl.tcp://clustermonitor@10.0.1.{i + 1}:41000",
                Incarnation = 0xABCD_0000_0000_0000 + (ulong)i,
                AgentVersion = "0.1.0",
                Os = "Debian GNU/Linux 12 (bookworm)",
                Kernel = "Linux 6.1.0-25-amd64",
                Cores = 8,
                MemoryBytes = 16_712_000_000,
                BootedMs = NowMs - 1_483_200_000,
                StartedMs = NowMs - 7_200_000,
            },
            Standing = Standing(i, state),
        };
        node.Identity.Labels["rack"] = $"a{i % 4}";
        node.Identity.Labels["role"] = i % 3 == 0 ? "web" : "db";
        if (state != AvailabilityJoining)
        {
            node.Vitals = Vitals(i, 0);
            node.Vitals.TimeMs = numbers ? NowMs - 250 : NowMs - 132_000;
        }

        if (numbers)
        {
            var level = dice.NextDouble();
            var trail = new byte[60];
            for (var s = 0; s < trail.Length; s++)
            {
                level = Math.Clamp(level + ((dice.NextDouble() - 0.5) * 0.3), 0, 1);
                trail[s] = i == 4 && s is > 20 and < 30 ? CpuTrail.Gap : (byte)(level * 200);
            }

            trail[^1] = (byte)(node.Vitals!.Cpu * 200);
            node.CpuTrail = ByteString.CopyFrom(trail);
        }

        return node;
    }

    public static NodeVitals Vitals(int i, int second)
    {
        var dice = new Random((i * 7919) + second);
        var calm = new Random(i);
        return new NodeVitals
        {
            TimeMs = NowMs - 250 + (second * 1000L),
            Cpu = (float)Math.Clamp(calm.NextDouble() + ((dice.NextDouble() - 0.5) * 0.2), 0, 1),
            Memory = (float)(0.1 + (calm.NextDouble() * 0.88)),
            Swap = i % 5 == 1 ? float.NaN : (float)(calm.NextDouble() * 0.2),
            Disk = (float)(0.2 + (calm.NextDouble() * 0.78)),
            RxBytesPerS = Math.Pow(10, 2 + (dice.NextDouble() * 7)),
            TxBytesPerS = Math.Pow(10, 2 + (dice.NextDouble() * 7)),
            ReadBytesPerS = Math.Pow(10, 3 + (dice.NextDouble() * 5)),
            WriteBytesPerS = Math.Pow(10, 3 + (dice.NextDouble() * 5)),
            Load1 = (float)(dice.NextDouble() * 12),
        };
    }

    /// <summary>Details and charts of one node, as the seed would answer.</summary>
    public static void OpenNode(AppState state, int i)
    {
        state.OpenNode($"id-{i}");
        Update.Apply(state, new DetailArrived(Detail(i)));
        for (var chart = 0; chart < state.Node.Charts.Count; chart++)
        {
            Update.Apply(state, new ChartArrived($"id-{i}", state.Node.Range, chart, Series(chart, state.Node.Range)));
        }
    }

    public static HistorySeries Series(int chart, ChartRange range)
    {
        var dice = new Random(chart + 41);
        var rate = chart is >= 2 and <= 5;
        var series = new HistorySeries { Unit = rate ? "By/s" : "1" };
        var step = (long)range.Step.TotalMilliseconds;
        var count = (int)(range.Span / range.Step);
        var level = 0.4;
        for (var k = count; k > 0; k--)
        {
            level = Math.Clamp(level + ((dice.NextDouble() - 0.5) * (chart is 1 or 6 or 7 ? 0.02 : 0.16)), 0.02, 0.98);

            // A minute ago nothing was measured for a while.
            if (k > count / 5 && k < count / 4)
            {
                continue;
            }

            series.TimeMs.Add(((NowMs / step) - k) * step);
            series.Avg.Add(rate ? level * 90e6 : level);
            series.Min.Add(series.Avg[^1]);
            series.Max.Add(series.Avg[^1]);
        }

        return series;
    }

    public static EventsAnswer Events()
    {
        var answer = new EventsAnswer();
        for (var i = 25; i >= 0; i--)
        {
            answer.Transitions.Add(Transition(i, 60_000L * i * i, i % 3 == 0 ? AvailabilitySuspect : AvailabilityUp, i % 3 == 0 ? AvailabilityUnreachable : AvailabilitySuspect));
        }

        answer.Refusals.Add(new ClaimRefused { TimeMs = NowMs - 90_000, Name = "web-3", ClaimedBy = "10.0.9.9", Reason = "the name web-3 is taken by another node whose link is alive" });
        return answer;
    }

    public static NodeDetail Detail(int i)
    {
        var detail = new NodeDetail
        {
            Node = Node(i),
            TimeMs = NowMs,
            FirstSeenMs = NowMs - (20L * 3_600_000),
            BlocksStored = 8640,
            BytesStored = 9_000_000,
            Evidence = new Evidence
            {
                Observer = "seed-1",
                Phi = 0.42,
                Link = LinkState.LinkAlive,
                MemberStatus = "Up",
                LastHeartbeatMs = NowMs - 300,
                LastSampleMs = NowMs - 250,
            },
            Counters = new AgentCounters { MissedTicks = 2, LateTicks = 5, OutboxBlocks = 1, OutboxBytes = 2048 },
        };
        detail.Transitions.Add(Transition(i, 600_000, AvailabilityUnreachable, AvailabilityUp));
        detail.Transitions.Add(Transition(i, 1_500_000, AvailabilitySuspect, AvailabilityUnreachable));
        detail.Transitions.Add(Transition(i, 1_505_000, AvailabilityUp, AvailabilitySuspect));
        detail.Transitions.Add(Transition(i, 9_000_000, AvailabilityDown, AvailabilityUp));
        detail.Transitions.Add(Transition(i, 12_000_000, AvailabilityUp, AvailabilityDown));
        detail.Transitions.Add(Transition(i, 72_000_000, AvailabilityJoining, AvailabilityUp));
        detail.Outages.Add(new OutageSpan { FromMs = NowMs - 1_500_000, ToMs = NowMs - 600_000, Reason = Reason(AvailabilityUnreachable) });
        detail.Outages.Add(new OutageSpan { FromMs = NowMs - 12_000_000, ToMs = NowMs - 9_000_000, Reason = Reason(AvailabilityDown) });
        AddMetrics(detail);
        string[] names = ["postgres", "nginx: worker process", "dotnet", "kworker/u16:3-events_unbound", "sshd"];
        for (var p = 0; p < names.Length; p++)
        {
            detail.Processes.Add(new ProcessEntry { Pid = 812 + (p * 1111), Name = names[p], CpuPermyriad = 14_200 / (p + 1), ResidentBytes = 1_400_000_000L / ((p * 3) + 1), Threads = 4 + (p * 9) });
        }

        return detail;
    }

    private static void AddMetrics(NodeDetail detail)
    {
        for (var cpu = 0; cpu < 8; cpu++)
        {
            Add("system.cpu.utilization", 0.08 * (cpu + 1), ("cpu", $"{cpu}"), ("state", "user"));
            Add("system.cpu.utilization", 0.03, ("cpu", $"{cpu}"), ("state", "system"));
            Add("system.cpu.utilization", 0.97 - (0.08 * (cpu + 1)), ("cpu", $"{cpu}"), ("state", "idle"));
        }

        foreach (var (mount, used, limit) in new[] { ("/", 41e9, 100e9), ("/var/lib/postgresql", 1.82e12, 1.95e12), ("/boot", 0.12e9, 0.5e9) })
        {
            Add("system.filesystem.utilization", used / limit, ("mountpoint", mount), ("state", "used"));
            Add("system.filesystem.usage", used, ("mountpoint", mount), ("state", "used"));
            Add("system.filesystem.limit", limit, ("mountpoint", mount));
        }

        foreach (var (device, rx, tx) in new[] { ("eth0", 91.2e6, 3.4e6), ("wg0", 812, 77.0) })
        {
            Add("system.network.io", rx, ("device", device), ("direction", "receive"));
            Add("system.network.io", tx, ("device", device), ("direction", "transmit"));
            Add("system.network.errors", device == "wg0" ? 2 : 0, ("device", device), ("direction", "receive"));
        }

        Add("system.disk.io", 4.1e6, ("device", "nvme0n1"), ("direction", "read"));
        Add("system.disk.io", 18.7e6, ("device", "nvme0n1"), ("direction", "write"));
        Add("system.disk.io_time", 0.37, ("device", "nvme0n1"));
        Add("hw.temperature", 61.5, ("sensor", "coretemp Package id 0"));
        Add("hw.temperature", 44, ("sensor", "nvme Composite"));

        void Add(string name, double value, params (string Key, string Value)[] attributes)
        {
            var metric = new MetricDescriptorProto { Name = name };
            metric.Attributes.AddRange(attributes.Select(a => new MetricAttribute { Key = a.Key, Value = a.Value }));
            detail.Metrics.Add(metric);
            detail.Current.Add(value);
        }
    }

    private static StateChanged Transition(int i, long agoMs, AvailabilityState from, AvailabilityState to) => new()
    {
        NodeId = $"id-{i}",
        Name = NameOf(i),
        TimeMs = NowMs - agoMs,
        From = from,
        To = to,
        Reason = Reason(to),
    };

    private static NodeStanding Standing(int i, AvailabilityState state) => new()
    {
        State = state,
        SinceMs = NowMs - (state == AvailabilityUp ? 7_200_000 : 131_000),
        Reason = Reason(state),
        Availability1H = 1,
        Availability24H = i % 2 == 0 ? 0.9998 : 1,
        Availability7D = 0.9871,
        Availability30D = double.NaN,
        ClockSkewMs = i == 3 ? 1700 : 4,
    };

    private static string Reason(AvailabilityState state) => state switch
    {
        AvailabilitySuspect => "its link broke: connection reset",
        AvailabilityUnreachable => "no heartbeat for 3.1 s (phi 8.4)",
        AvailabilityDown => "unreachable for 20 s",
        AvailabilityLeft => "it said goodbye",
        AvailabilityExpectedOff => "maintenance until 20:00: new memory",
        AvailabilityUnknown => "no seed was watching",
        _ => "",
    };

    private static AvailabilityState StateOf(int i) => i switch
    {
        5 => AvailabilityDown,
        7 => AvailabilitySuspect,
        12 => AvailabilityUnreachable,
        15 => AvailabilityJoining,
        17 => AvailabilityLeft,
        18 => AvailabilityExpectedOff,
        19 => AvailabilityUnknown,
        _ => AvailabilityUp,
    };

    private static string NameOf(int i) => i switch
    {
        3 => "数据库-03",
        6 => "cafe\u0301-zürich-06",
        9 => "evil\u001b[31m-09\u202Egnp",
        11 => "a-very-long-name-of-a-node.rack7.hall1.example.org",
        _ => $"gpu-a{i:000}.hall1",
    };
}

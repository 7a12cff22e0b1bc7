using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>All that membership keeps of one node.</summary>
internal sealed class NodeRecord
{
    private readonly HashSet<ulong> _replaced = [];

    /// <summary>Makes a node of its first hello.</summary>
    public NodeRecord(NodeHello hello, long firstSeenMs)
    {
        Hello = hello;
        Address = ParseAddress(hello.Address);
        FirstSeenMs = firstSeenMs;
        Facts = new NodeFacts { NodeId = hello.NodeId, Name = hello.Name };
    }

    /// <summary>What its agent last said of itself; without the schema, which the node's aggregate keeps.</summary>
    public NodeHello Hello { get; private set; }

    /// <summary>Of its actor system, as the cluster knows it; null when the journal has none that can be read.</summary>
    public Address? Address { get; private set; }

    /// <summary>When it said hello for the first time, Unix milliseconds.</summary>
    public long FirstSeenMs { get; }

    /// <summary>Its transitions.</summary>
    public Ledger Ledger { get; } = new();

    /// <summary>What operators announced, oldest first.</summary>
    public List<MaintenanceSet> Maintenance { get; } = [];

    /// <summary>What is known of its availability.</summary>
    public NodeFacts Facts { get; set; }

    /// <summary>The agent's clock minus the seed's, milliseconds, as the last sample told.</summary>
    public long SkewMs { get; set; }

    /// <summary>Incarnations that newer ones took the place of, since the seed's start.</summary>
    public IReadOnlyCollection<ulong> Replaced => _replaced;

    /// <summary>Its agent said hello: as it was admitted, or as the journal has it.</summary>
    public void Register(NodeHello hello)
    {
        if (Hello.Incarnation != hello.Incarnation && Hello.Incarnation != 0)
        {
            _replaced.Remove(hello.Incarnation);
            _replaced.Add(Hello.Incarnation);
        }

        Hello = hello;
        Address = ParseAddress(hello.Address);
        Facts = Facts with { Name = hello.Name };
    }

    /// <summary>Another node took the name; this one goes on under a name that says whose it was.</summary>
    public void LoseName()
    {
        Hello = Hello.Clone();
        Hello.Name = $"{Hello.Name}~{Hello.NodeId[..Math.Min(8, Hello.NodeId.Length)]}";
        Facts = Facts with { Name = Hello.Name };
    }

    /// <summary>The facts as far as the journal tells them, after recovery.</summary>
    public void Recall()
    {
        var last = Ledger.Transitions.Count == 0 ? null : Ledger.Transitions[^1];
        var announced = Maintenance.Count == 0 ? null : Maintenance[^1];
        Facts = Facts with
        {
            Incarnation = Hello.Incarnation,
            State = Ledger.State,
            SinceMs = last?.TimeMs ?? FirstSeenMs,
            Reason = last?.Reason ?? "",
            Judged = Ledger.State,
            JudgedReason = last?.Reason ?? "",
            Goodbye = Ledger.State == AvailabilityState.AvailabilityLeft,
            HeardMs = last?.Evidence?.LastHeartbeatMs ?? 0,
            SampleMs = last?.Evidence?.LastSampleMs ?? 0,
            MaintenanceFromMs = announced?.FromMs ?? 0,
            MaintenanceToMs = announced?.ToMs ?? 0,
            MaintenanceWhy = announced?.Why ?? "",
        };
    }

    /// <summary>As lists show it.</summary>
    public NodeIdentity ToIdentity()
    {
        var identity = new NodeIdentity
        {
            Name = Hello.Name,
            Address = Hello.Address,
            Incarnation = Hello.Incarnation,
            AgentVersion = Hello.AgentVersion,
            Os = Hello.Os,
            Kernel = Hello.Kernel,
            Cores = Hello.Cores,
            MemoryBytes = Hello.MemoryBytes,
            BootedMs = Hello.BootedMs,
            StartedMs = Hello.StartedMs,
        };
        identity.Labels.Add(Hello.Labels);
        identity.FailedCollectors.Add(Hello.FailedCollectors);
        return identity;
    }

    /// <summary>State and availability as lists show them.</summary>
    public NodeStanding ToStanding(long nowMs) => new()
    {
        State = Facts.State,
        SinceMs = Facts.SinceMs,
        Reason = Facts.Reason,
        Availability1H = Availability(0, nowMs),
        Availability24H = Availability(1, nowMs),
        Availability7D = Availability(2, nowMs),
        Availability30D = Availability(3, nowMs),
        ClockSkewMs = SkewMs,
    };

    private static Address? ParseAddress(string text)
    {
        try
        {
            return text.Length == 0 ? null : Address.Parse(text);
        }
        catch (Exception e) when (e is UriFormatException or FormatException or ArgumentException)
        {
            return null;
        }
    }

    // Five decimals: a second of a day can be seen, and a steady node does not change with every look.
    private double Availability(int window, long nowMs) =>
        Math.Round(Ledger.AccountOf(Ledger.WindowsMs[window], nowMs).Availability, 5);
}

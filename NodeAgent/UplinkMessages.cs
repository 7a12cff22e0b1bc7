using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.NodeAgent;

/// <summary>Puts what an agent has to say into the messages of agent.proto.</summary>
internal static class UplinkMessages
{
    public static NodeHello Hello(AgentState state, string address, long nowMs)
    {
        var profile = state.Profile;
        var hello = new NodeHello
        {
            NodeId = profile.NodeId,
            Name = profile.Name,
            Incarnation = profile.Incarnation,
            StartedMs = profile.StartedMs,
            BootedMs = profile.Machine.BootedMs,
            AgentVersion = profile.Version,
            Os = profile.Machine.Os,
            Kernel = profile.Machine.Kernel,
            Cores = profile.Machine.Cores,
            MemoryBytes = profile.Machine.MemoryBytes,
            Schema = state.Latest?.Schema.ToProto(),
            ClockMs = nowMs,
            OldestUnackedSequence = state.Outbox.Counters.OldestSequence,
            Address = address,
        };
        hello.Labels.Add(profile.Labels);
        hello.FailedCollectors.Add(state.Source.Failed);
        return hello;
    }

    public static LiveSample Live(AgentState state, TakenSample taken, long nowMs)
    {
        var live = new LiveSample
        {
            NodeId = state.Profile.NodeId,
            Incarnation = state.Profile.Incarnation,
            SchemaHash = taken.Schema.Hash,
            TimeMs = taken.Sample.TimeMs,
            Flags = (uint)taken.Sample.Flags,
            SentMs = nowMs,
            Counters = state.Counters(),
        };
        live.Values.Capacity = taken.Sample.Values.Length;
        live.Values.AddRange(taken.Sample.Values);
        foreach (var p in taken.Sample.Processes)
        {
            live.Processes.Add(new ProcessEntry { Pid = p.Pid, Name = p.Name, CpuPermyriad = p.CpuPermyriad, ResidentBytes = p.ResidentBytes, Threads = p.Threads });
        }

        return live;
    }

    public static BlockOffered Offer(AgentProfile profile, OutboxBlock block) => new()
    {
        NodeId = profile.NodeId,
        Incarnation = profile.Incarnation,
        Sequence = block.Sequence,
        FirstMs = block.FirstMs,
        LastMs = block.LastMs,
        Samples = block.Samples,
        SchemaHash = block.Schema.Hash,

        // Nobody changes a sealed block.
        Block = UnsafeByteOperations.UnsafeWrap(block.Bytes),
    };

    public static BlocksAbandoned Abandon(AgentProfile profile, in OutboxItem item) => new()
    {
        NodeId = profile.NodeId,
        Incarnation = profile.Incarnation,
        UpToSequence = item.AbandonedUpTo,
        Samples = item.AbandonedSamples,
    };
}

using System.Collections.Immutable;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>What is unusual about a sample.</summary>
[Flags]
public enum SampleFlags : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It was taken more than 100 ms after the second it stands for.</summary>
    Late = 1,

    /// <summary>It is the mean of 10 s: the outbox was full and thinned out its oldest samples.</summary>
    Thinned = 2,
}

/// <summary>One of the busiest processes at the time of a sample.</summary>
/// <param name="Pid">Process id.</param>
/// <param name="Name">The kernel's <c>comm</c>, at most 15 bytes, not to be trusted.</param>
/// <param name="CpuPermyriad">CPU time since the last sample in 1/10000 of one core.</param>
/// <param name="ResidentBytes">Resident set size, bytes.</param>
/// <param name="Threads">Number of threads.</param>
public readonly record struct ProcessSample(int Pid, string Name, int CpuPermyriad, long ResidentBytes, int Threads);

/// <summary>What a machine measured at one second.</summary>
/// <param name="TimeMs">The second it stands for, Unix milliseconds by the agent's clock.</param>
/// <param name="Values">One per column of the schema; <see cref="MetricValue.Missing"/> where nothing was measured.</param>
/// <param name="Processes">The busiest, at most 5, by CPU.</param>
/// <param name="Flags">What is unusual about it.</param>
public sealed record Sample(long TimeMs, long[] Values, ImmutableArray<ProcessSample> Processes, SampleFlags Flags = SampleFlags.None);

using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>The number of processes, and the busiest of them: /proc/PID/stat, by <see cref="ProcessScan"/>.</summary>
internal sealed class ProcessCollector(string proc, int top = 5) : ICollector, IProcessSource
{
    // The kernel's unit of CPU time in /proc: USER_HZ, 100 on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    private static readonly int PageBytes = Environment.SystemPageSize;

    private readonly ProcessScan _scan = new(proc);
    private readonly int[] _busiest = new int[top];
    private TimeSpan _elapsed;

    public string Name => "process";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } = [MetricDescriptor.Of("system.processes.count", "{process}", MetricKind.Gauge, 0)];

    /// <summary>
    /// The indexes of the busiest, busiest first: by CPU time since the last scan, and by memory where that is equal. Gives how many there are.
    /// </summary>
    public static int Select(ReadOnlySpan<ProcessSlot> processes, Span<int> into)
    {
        var count = 0;
        for (var i = 0; i < processes.Length; i++)
        {
            if (count == into.Length && !IsBusier(processes[i], processes[into[^1]]))
            {
                continue;
            }

            var place = count < into.Length ? count++ : count - 1;
            for (; place > 0 && IsBusier(processes[i], processes[into[place - 1]]); place--)
            {
                into[place] = into[place - 1];
            }

            into[place] = i;
        }

        return count;
    }

    /// <summary>Clock ticks in a time as 1/10000 of one core.</summary>
    public static int Permyriad(long ticks, TimeSpan elapsed) =>
        elapsed <= TimeSpan.Zero ? 0 : (int)Math.Min(int.MaxValue, Math.Round(ticks * (10_000.0 / TicksPerSecond) / elapsed.TotalSeconds));

    public void Read(in CollectorTick tick)
    {
        _scan.Run();
        _elapsed = tick.Elapsed;
    }

    public void Write(Span<long> values) => values[0] = _scan.Count;

    public ImmutableArray<ProcessSample> Busiest()
    {
        var processes = _scan.Processes;
        var count = Select(processes, _busiest);
        var samples = ImmutableArray.CreateBuilder<ProcessSample>(count);
        foreach (var i in _busiest.AsSpan(0, count))
        {
            ref var process = ref processes[i];
            process.Text ??= process.Name.ToString();
            samples.Add(new ProcessSample(process.Pid, process.Text, Permyriad(process.CpuDelta, _elapsed), process.ResidentPages * PageBytes, process.Threads));
        }

        return samples.MoveToImmutable();
    }

    public void Dispose() => _scan.Dispose();

    private static bool IsBusier(in ProcessSlot a, in ProcessSlot b) =>
        a.CpuDelta != b.CpuDelta ? a.CpuDelta > b.CpuDelta : a.ResidentPages > b.ResidentPages;
}

using System.Diagnostics;
using EngineTests.Benchmarks;

// dotnet run -c Release --project tests/Benchmarks [name part]: the figures of the engine, the best of some rounds each.
// On a busy machine the rate means little; the processor time of all threads per operation says more.
const int Rounds = 5;
var wanted = args.FirstOrDefault() ?? "";
foreach (var (name, operations, run) in ActorBenchmarks.All.Where(b => b.Name.Contains(wanted, StringComparison.OrdinalIgnoreCase)))
{
    var (bestRate, bestCost) = (0.0, double.MaxValue);
    for (var round = 0; round < Rounds; round++)
    {
        GC.Collect();
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        await run(operations);
        var elapsed = Stopwatch.GetElapsedTime(start);
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        bestRate = Math.Max(bestRate, operations / elapsed.TotalSeconds);
        bestCost = Math.Min(bestCost, cpu.TotalNanoseconds / operations);
    }

    Console.WriteLine(FormattableString.Invariant($"{name,-40} {bestRate / 1e6,8:F2} M/s {bestCost,8:F0} ns of processor each"));
}

if (wanted.Length == 0 || "memory".Contains(wanted, StringComparison.OrdinalIgnoreCase))
{
    Console.WriteLine(FormattableString.Invariant($"{"heap of an idle UntypedActor",-40} {await ActorBenchmarks.BytesPerIdleActor(100_000),8:F0} B"));
}

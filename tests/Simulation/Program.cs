using System.Globalization;
using Simulation;

// dotnet run --project tests/Simulation -- --seed N [--seeds S] [--nodes M] [--steps K] [--count C] [--trace]
var seed = Option("--seed", 1);
var seeds = Option("--seeds", 1);
var nodes = Option("--nodes", 5);
var steps = Option("--steps", 30);
var count = Option("--count", 1);
var failed = 0;
for (var number = seed; number < seed + count; number++)
{
    var run = new SimulationRun(number, seeds, nodes - seeds, steps);
    IReadOnlyList<string> faults;
    try
    {
        faults = run.Play();
    }
    catch (Exception e)
    {
        faults = [$"{e}"];
    }

    if (args.Contains("--trace") || (faults.Count > 0 && count == 1))
    {
        foreach (var entry in run.World.Journal.Entries)
        {
            Console.WriteLine(entry);
        }
    }

    foreach (var fault in faults.Take(200))
    {
        Console.WriteLine(fault);
    }

    failed += faults.Count > 0 ? 1 : 0;
    if (faults.Count > 0 || count == 1)
    {
        Console.WriteLine($"seed {number}: {(faults.Count == 0 ? "all is well" : "FAILED")}; {run.World.Time.Elapsed.TotalSeconds:0} simulated s, {run.World.Time.Events} events, fingerprint {run.World.Journal.Fingerprint():x8}");
    }

    if (faults.Count > 0)
    {
        Console.WriteLine($"replay: dotnet run --project tests/Simulation -- --seed {number} --seeds {seeds} --nodes {nodes} --steps {steps}");
    }
}

Console.WriteLine($"{count - failed} passed, {failed} failed");
return failed == 0 ? 0 : 1;

int Option(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? int.Parse(args[at + 1], CultureInfo.InvariantCulture) : otherwise;
}

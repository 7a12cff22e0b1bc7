using System.CommandLine;
using ClusterMonitor.Hosting;
using ClusterMonitor.Load;

// N agents in one process over the real protocol: Load --seed HOST:PORT --data DIR --nodes N [--metrics 120] [--seconds S]
var context = ProgramContext.OfThisProcess("Load", TimeProvider.System, new Random());
var runner = new ProgramRunner(context, "Many agents in one process, for measurements: real protocol, lifelike data");
runner.Root.List("--seed", "monitor.agent.seeds", "HOST:PORT", "Seed to report to", OptionChecks.Address);
var nodes = Number("--nodes", "N", "How many agents", 10);
var metrics = Number("--metrics", "N", "Columns of each, as near as whole cores allow", 120);
var seconds = Number("--seconds", "S", "How long; 0 = until a signal", 0);
var dice = Number("--dice", "N", "Other numbers give other nodes", 1);
var prefix = new Option<string>("--prefix") { HelpName = "TEXT", Description = "Names begin with this", DefaultValueFactory = _ => "load" };
runner.Root.Command.Add(prefix);
var probe = new Option<bool>("--probe") { Description = "The first agent is called 'probe' and its load average tells the second: 100 + Unix second mod 900" };
runner.Root.Command.Add(probe);
var flood = Number("--flood", "N", "The first agent sends its live sample N times a second; 0 = as the others", 0);
var samples = new Option<string?>("--samples") { HelpName = "FILE", Description = "Writes down each sample taken and each ack; load averages are those of the probe plus a hundredth per node" };
runner.Root.Command.Add(samples);
runner.Root.OnRun(async run =>
{
    var seeds = run.Settings.Addresses("monitor.agent.seeds", 4053);
    if (seeds.Count == 0)
    {
        throw new UsageError("no seed to report to: give --seed HOST:PORT");
    }

    var duration = run.Arguments.GetValue(seconds);
    var plan = new LoadPlan(
        seeds,
        new DataFolder(run.Settings.Text("monitor.data")),
        run.Settings,
        run.Arguments.GetValue(nodes),
        run.Arguments.GetValue(metrics),
        duration == 0 ? null : TimeSpan.FromSeconds(duration),
        run.Arguments.GetValue(prefix)!,
        run.Arguments.GetValue(dice),
        run.Arguments.GetValue(probe),
        run.Arguments.GetValue(flood))
    {
        SampleFile = run.Arguments.GetValue(samples),
    };
    using var stop = new CancellationTokenSource();
    using var signals = new ProgramSignals(_ => stop.Cancel());
    using var log = ProgramLog.ToStandardError(run.Context, run.Settings);
    await run.Context.Out.WriteLineAsync(await new LoadRun(plan, run.Context.Time, log).Run(stop.Token));
    return ExitCodes.Done;
});
return await runner.RunAsync(args);

Option<int> Number(string name, string value, string description, int standard)
{
    var option = new Option<int>(name) { HelpName = value, Description = $"{description} [default: {standard}]", DefaultValueFactory = _ => standard };
    runner.Root.Command.Add(option);
    return option;
}

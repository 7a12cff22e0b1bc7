using System.CommandLine;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Trust;
using ClusterMonitor.Tui;
using Hocon;

namespace ClusterMonitor.Seed;

/// <summary>The command line of <c>Seed</c>.</summary>
internal static class SeedCommand
{
    /// <summary>All of it.</summary>
    public static ProgramRunner Build(ProgramContext context)
    {
        var runner = new ProgramRunner(context, "The seed of a cluster monitor: agents report to it, and it draws the dashboard");
        var root = runner.Root;
        root.Option("--host", "monitor.seed.host", "ADDR", "Address to listen on; 0.0.0.0 = all [default: 127.0.0.1]", OptionChecks.Host);
        root.Option("--port", "monitor.seed.port", "PORT", "Port to listen on [default: 4053]", OptionChecks.Port, recursive: true);
        root.Option("--name", "monitor.name", "NODE", "Name of this node [default: the machine's]", OptionChecks.Name);
        root.Flag("--headless", "monitor.seed.headless", value: true, "Draw no dashboard, log to stderr");
        root.Flag("--no-agent", "monitor.seed.agent", value: false, "Do not monitor the seed's own machine");
        root.OnRun(SeedRun.RunAsync);
        AddMaintenance(root);
        TrustCommand.AddTo(root);
        return runner;
    }

    private static void AddMaintenance(ProgramCommand root)
    {
        var verb = root.Verb("maintenance", "Announces that a node will be off, to the seed that runs on this data folder");
        var node = new Argument<string>("NODE") { Description = "Name or id of the node" };
        var length = new Option<string>("--for") { HelpName = "TIME", Description = "How long: 30m, 2h, 1d; 0s ends it", Required = true };
        length.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && OptionChecks.Duration(token.Value) is { } problem)
            {
                result.AddError($"--for is \"{token.Value}\"; it {problem}");
            }
        });
        var why = new Option<string>("--why") { HelpName = "TEXT", Description = "Reason, shown with the node", DefaultValueFactory = _ => "" };
        verb.Command.Add(node);
        verb.Command.Add(length);
        verb.Command.Add(why);
        verb.OnRun(async run =>
        {
            HoconUnits.TryDuration(run.Arguments.GetValue(length)!, out var time);
            var set = new SetMaintenance
            {
                Node = run.Arguments.GetValue(node),
                ForMs = (long)time.TotalMilliseconds,
                Why = run.Arguments.GetValue(why),
                Who = Viewer.Name(run.Context.Environment.GetValueOrDefault),
            };
            await using var link = SeedLink.Open(run, RunningSeed(run), new DataFolder(run.Settings.Text("monitor.data")).OperatorCertificate);
            var done = await link.AskAsync<OperatorDone>(set).ConfigureAwait(false);
            await run.Context.Out.WriteLineAsync(Printable.Escape(done.Text)).ConfigureAwait(false);
            return ExitCodes.Done;
        });
    }

    /// <summary>Where the seed of this data folder listens.</summary>
    private static HostPort RunningSeed(ProgramRun run)
    {
        var folder = new DataFolder(run.Settings.Text("monitor.data"));
        return SeedLock.WhereIs(folder)
            ?? throw new UserError($"no seed has ever run on {folder.Path}: give --data the folder of the running one");
    }
}

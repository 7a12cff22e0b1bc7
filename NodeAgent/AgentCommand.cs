using System.CommandLine;
using ClusterMonitor.Hosting;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent;

/// <summary>The command line of <c>NodeAgent</c>.</summary>
internal static class AgentCommand
{
    /// <summary>All of it.</summary>
    public static ProgramRunner Build(ProgramContext context)
    {
        var runner = new ProgramRunner(context, "Samples this machine once a second and reports to a ClusterMonitor seed");
        var root = runner.Root;
        root.List("--seed", "monitor.agent.seeds", "HOST:PORT", "Seed to report to [default: the one it joined by]", OptionChecks.Address);
        AddNodeOptions(root);
        root.OnRun(RunAsync);
        JoinCommand.AddTo(root, AddNodeOptions, RunAgent);

        var sample = root.Verb("sample", "Prints what this machine would report; needs no seed");
        var count = new Option<int>("--count") { HelpName = "N", Description = "How many samples, one a second", DefaultValueFactory = _ => 1 };
        count.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && !(int.TryParse(token.Value, out var n) && n >= 1))
            {
                result.AddError($"--count is \"{token.Value}\"; it must be a number of at least 1");
            }
        });
        var json = new Option<bool>("--json") { Description = "One JSON object a line" };
        sample.Command.Add(count);
        sample.Command.Add(json);
        sample.OnRun(run => RunSample(run, run.Arguments.GetValue(count), run.Arguments.GetValue(json)));
        return runner;
    }

    private static void AddNodeOptions(ProgramCommand command)
    {
        command.Option("--name", "monitor.name", "NODE", "Name of this node [default: the machine's]", OptionChecks.Name);
        command.Option("--host", "monitor.agent.host", "ADDR", "Address to listen on [default: the one from which the seed is reached]", OptionChecks.Host);
        command.Option("--port", "monitor.agent.port", "PORT", "Port to listen on; 0 = any free one [default: 0]", OptionChecks.Port);
        command.List("--label", "monitor.agent.labels", "KEY=VALUE", "Label shown with the node", OptionChecks.Label);
    }

    private static async Task<int> RunSample(ProgramRun run, int count, bool json)
    {
        using var stop = new CancellationTokenSource();
        using var signals = new ProgramSignals(_ => stop.Cancel());
        await SampleCommand.Run(run.Context, count, json, stop.Token).ConfigureAwait(false);
        return ExitCodes.Done;
    }

    private static async Task<int> RunAsync(ProgramRun run)
    {
        var options = AgentOptions.From(run.Settings, Environment.MachineName);
        using var identity = AgentIdentity.Open(options.Data, options.Name, run.Context.Dice);
        return await RunAgent(run, options, identity).ConfigureAwait(false);
    }

    private static async Task<int> RunAgent(ProgramRun run, AgentOptions options, AgentIdentity identity)
    {
        var context = run.Context;
        using var stop = new CancellationTokenSource();
        using var signals = new ProgramSignals(_ => stop.Cancel());
        using var log = ProgramLog.ToStandardError(context, run.Settings);
        using var state = NewState(options, identity, context.Time, text => log.Warning(AgentHost.LogSource, text));
        var around = new AgentSurroundings(context.Time, context.Dice, log);
        using var service = new ServiceNotifier(context.Environment, context.Time);
        using var stopping = stop.Token.Register(service.Stopping);
        service.Ready($"node {options.Name}, seeds {string.Join(", ", options.Seeds)}");
        log.Info(AgentHost.LogSource, $"node {options.Name} ({identity.NodeId}), seeds {string.Join(", ", options.Seeds)}");
        try
        {
            await new AgentHost(options, state, around).RunAsync(stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Asked to stop before it had an address; there is nothing to leave.
        }

        return ExitCodes.Done;
    }

    /// <summary>A fresh outbox and this machine's collectors.</summary>
    public static AgentState NewState(AgentOptions options, AgentIdentity identity, TimeProvider time, Action<string> log)
    {
        var profile = new AgentProfile(
            identity.NodeId,
            identity.Name,
            identity.Incarnation,
            time.GetUtcNow().ToUnixTimeMilliseconds(),
            ProgramContext.Version,
            MachineInfo.Read(),
            options.Labels);
        return new AgentState(profile, new CollectorSet(CollectorCatalog.All(), time, log), new Outbox(new OutboxLimits()));
    }
}

using System.CommandLine;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary><c>NodeAgent join HOST:PORT --token …</c>: gets this machine's certificate from the seed, remembers the seed, and runs.</summary>
internal static class JoinCommand
{
    /// <summary>Adds the verb.</summary>
    /// <param name="root">The program.</param>
    /// <param name="options">Adds what every run of an agent takes.</param>
    /// <param name="runAgent">Runs it.</param>
    public static void AddTo(ProgramCommand root, Action<ProgramCommand> options, Func<ProgramRun, AgentOptions, AgentIdentity, Task<int>> runAgent)
    {
        var verb = root.Verb("join", "Joins a cluster by a seed, and runs; Seed token create on the seed's machine prints the line to paste");
        var seed = new Argument<string>("HOST:PORT") { Description = "The seed" };
        seed.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && OptionChecks.Address(token.Value) is { } problem)
            {
                result.AddError($"the seed is \"{token.Value}\"; it {problem}");
            }
        });
        var token = new Option<string>("--token") { HelpName = "TOKEN", Description = "From Seed token create", Required = true };
        var noRun = new Option<bool>("--no-run") { Description = "Only join: a service runs the agent" };
        verb.Command.Add(seed);
        verb.Command.Add(token);
        verb.Command.Add(noRun);
        options(verb);
        verb.OnRun(async run =>
        {
            HostPort.TryParse(run.Arguments.GetValue(seed)!, AgentOptions.DefaultSeedPort, out var at, out _);
            if (!JoinToken.TryParse(run.Arguments.GetValue(token)!, out var parsed, out var problem))
            {
                throw new UsageError(problem);
            }

            var joining = AgentOptions.ForJoining(run.Settings, Environment.MachineName, at);
            using var identity = AgentIdentity.Open(joining.Data, joining.Name, run.Context.Dice);
            await JoinAsync(run.Context, joining, identity, at, parsed).ConfigureAwait(false);
            return run.Arguments.GetValue(noRun) ? ExitCodes.Done : await runAgent(run, joining, identity).ConfigureAwait(false);
        });
    }

    private static async Task JoinAsync(ProgramContext context, AgentOptions options, AgentIdentity identity, HostPort seed, JoinToken token)
    {
        var files = options.Data.JoinedAgentCertificate(options.Name);
        var remembered = new JoinedAgent([seed], options.Labels);
        if (HeldCertificate.IsOf(files, token.Fingerprint, context.Time.GetUtcNow()))
        {
            remembered.Write(options.Data, options.Name);
            context.Complain($"{options.Name} has joined this cluster already; the token was not used. To join anew, first remove {files.Certificate} and, on the seed, Seed cert revoke {options.Name}");
            return;
        }

        using var enrolled = await SeedEnrolment
            .RunAsync(new EnrolmentWish(seed, token, options.Name, identity.NodeId, EngineConfig.AgentRole), context.Time, CancellationToken.None)
            .ConfigureAwait(false);
        HeldCertificate.Write(files, enrolled.Certificate, enrolled.Key, enrolled.Authority, FileModes.OwnerFile);
        remembered.Write(options.Data, options.Name);
        context.Complain($"joined as {options.Name}; key and certificate are in {options.Data.Agent(options.Name)}, and from now on plain NodeAgent with the same --data is enough");
    }
}

using System.CommandLine;
using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Tui;

/// <summary><c>Tui join HOST:PORT --token …</c>: gets a dashboard's (or operator's) certificate from the seed and remembers where it is.</summary>
internal static class JoinCommand
{
    private const string SeedKey = "monitor.dashboard.seed";
    private const int DefaultPort = 4053;

    /// <summary>Adds the verb.</summary>
    public static void Add(ProgramRunner runner)
    {
        var verb = runner.Root.Verb("join", "Joins a seed to watch it from this machine; Seed token create --role dashboard there prints the line to paste");
        var seed = new Argument<string>("HOST:PORT") { Description = "The seed" };
        seed.Validators.Add(result =>
        {
            if (result.Tokens is [var given] && OptionChecks.Address(given.Value) is { } problem)
            {
                result.AddError($"the seed is \"{given.Value}\"; it {problem}");
            }
        });
        var token = new Option<string>("--token") { HelpName = "TOKEN", Description = "From Seed token create --role dashboard", Required = true };
        verb.Command.Add(seed);
        verb.Command.Add(token);
        verb.Option("--name", "monitor.name", "NAME", "What this certificate is called in the seed's lists [default: user-machine]", OptionChecks.Name);
        verb.OnRun(run =>
        {
            HostPort.TryParse(run.Arguments.GetValue(seed)!, DefaultPort, out var at, out _);
            return JoinToken.TryParse(run.Arguments.GetValue(token)!, out var parsed, out var problem) ? JoinAsync(run, at, parsed) : throw new UsageError(problem);
        });
    }

    /// <summary>The seed to watch: as the settings say, or the one that was joined.</summary>
    public static HostPort Seed(MonitorSettings settings)
    {
        var file = RememberedIn(new DataFolder(settings.Text("monitor.data")));
        return settings.IsDefault(SeedKey) && TryRead(file) is { } joined ? joined : settings.Address(SeedKey, DefaultPort);
    }

    private static async Task<int> JoinAsync(ProgramRun run, HostPort seed, JoinToken token)
    {
        var (context, data) = (run.Context, new DataFolder(run.Settings.Text("monitor.data")));
        if (Directory.Exists(data.Ca))
        {
            throw new UserError($"{data.Path} is a seed's own data folder: its dashboards need no token, plain Tui --data {data.Path} is enough; to watch another seed from here, give --data another folder");
        }

        data.Create(data.Dashboard);
        var user = context.Environment.GetValueOrDefault("USER") is { Length: > 0 } u ? u : Environment.UserName;
        var name = run.Settings.Name("monitor.name", $"{user}-{Environment.MachineName}");
        using var enrolled = await SeedEnrolment
            .RunAsync(new EnrolmentWish(seed, token, name, "", EngineConfig.DashboardRole), context.Time, CancellationToken.None)
            .ConfigureAwait(false);
        HeldCertificate.Write(data.DashboardCertificate, enrolled.Certificate, enrolled.Key, enrolled.Authority, FileModes.GroupFile);
        FileModes.WriteAtomically(RememberedIn(data), Encoding.UTF8.GetBytes($"{seed}\n"), FileModes.GroupFile);
        context.Complain($"joined as {name} ({Printable.Escape(enrolled.Role)}); key and certificate are in {data.Dashboard}, and from now on plain Tui with the same --data is enough");
        return ExitCodes.Done;
    }

    private static string RememberedIn(DataFolder data) => Path.Combine(data.Dashboard, "joined");

    private static HostPort? TryRead(string file)
    {
        try
        {
            return File.ReadLines(file).FirstOrDefault() is { } line && HostPort.TryParse(line, DefaultPort, out var seed, out _) ? seed : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Nothing is remembered, or not for this user: the settings' default.
            return null;
        }
    }
}

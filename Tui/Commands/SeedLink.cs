using System.Net;
using System.Net.Sockets;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>A connection to a seed, for as long as a command runs.</summary>
internal sealed class SeedLink : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly TimeProvider _time;

    private SeedLink(ActorSystem system, ICanTell door, HostPort seed, TimeProvider time)
    {
        System = system;
        Door = door;
        Seed = seed;
        _time = time;
    }

    public ActorSystem System { get; }

    /// <summary>Every request of dashboard.proto goes here.</summary>
    public ICanTell Door { get; }

    public HostPort Seed { get; }

    /// <summary>Opens a connection to the seed that the settings name.</summary>
    /// <exception cref="UserError">There is no certificate, or the seed's host has no address.</exception>
    public static SeedLink Open(ProgramRun run) => Open(run, JoinCommand.Seed(run.Settings));

    /// <summary>Starts the actor system with the dashboard's certificate, or another one; nothing has been sent yet.</summary>
    /// <exception cref="UserError">There is no certificate, or the seed's host has no address.</exception>
    public static SeedLink Open(ProgramRun run, HostPort seed, CertificateFiles? by = null)
    {
        var settings = run.Settings;
        var folder = new DataFolder(settings.Text("monitor.data"));
        var certificate = by ?? folder.DashboardCertificate;
        foreach (var file in new[] { certificate.Certificate, certificate.Authority })
        {
            folder.CheckReadable(file, "on the seed's machine give it the seed's --data; elsewhere join with the line that Seed token create --role dashboard prints there");
        }

        var config = EngineConfig.ForDashboard(settings, certificate, LocalAddressTowards(seed));
        var actors = MonitorSystem.Start(config, log: null);

        // There is no plaintext mode, so this is the protocol of every address.
        var door = actors.ActorSelection($"akka.ssl.tcp://{EngineConfig.SystemName}@{seed}/user/dashboards");
        return new SeedLink(actors, door, seed, run.Context.Time);
    }

    /// <summary>Asks the seed one thing.</summary>
    /// <exception cref="UserError">No answer, or a refusal.</exception>
    public async Task<T> AskAsync<T>(object request)
        where T : class
    {
        var problems = System.ActorOf(Props.Create(() => new LinkReports(ActorRefs.Nobody)));
        object answer;
        try
        {
            answer = await Door.Ask<object>(request, Patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            var problem = await problems.Ask<LinkProblem>(LinkQuestion.Instance, Patience).ConfigureAwait(false);
            var why = problem.Text.Length > 0 ? $": {problem.Text}" : "";
            throw new UserError($"no answer from seed {Seed} in {Patience.TotalSeconds:0} s{why}; is it running there? Start it with Seed, or say where it is with --seed HOST:PORT");
        }
        finally
        {
            System.Stop(problems);
        }

        return answer switch
        {
            T expected => expected,
            QueryRefused refused => throw Refusal(refused),
            _ => throw new UserError($"seed {Seed} answered with {answer.GetType().Name}; are the seed and this program of the same version?"),
        };
    }

    public async ValueTask DisposeAsync()
    {
        var ended = CoordinatedShutdown.Get(System).Run(UserReason.Instance);
        await Task.WhenAny(ended, Task.Delay(Farewell, _time, CancellationToken.None)).ConfigureAwait(false);
    }

    /// <summary>What is wrong with the question exits with 2, what is wrong with the world with 1.</summary>
    private static UserError Refusal(QueryRefused refused)
    {
        if (refused.Reason == QueryRefusal.Ambiguous)
        {
            var choices = refused.Choices.Select(c => string.Join(' ', c.Attributes.OrderBy(a => a.Key, StringComparer.Ordinal).Select(a => $"--attr {a.Key}={a.Value}")));
            return new UsageError($"{refused.Text.TrimEnd('.')}; choose one: {string.Join(" | ", choices.Order(StringComparer.Ordinal))}");
        }

        return refused.Reason is QueryRefusal.BadRange or QueryRefusal.TooLarge ? new UsageError(refused.Text) : new UserError(refused.Text);
    }

    /// <summary>Which of this machine's addresses talks to the seed: routing decides, nothing is sent.</summary>
    private static string LocalAddressTowards(HostPort seed)
    {
        try
        {
            using var probe = new Socket(SocketType.Dgram, ProtocolType.Udp);
            probe.Connect(seed.Host, seed.Port);
            var address = ((IPEndPoint)probe.LocalEndPoint!).Address;
            return (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).ToString();
        }
        catch (SocketException e)
        {
            throw new UserError($"seed {seed} can't be reached: {e.Message.ToLowerInvariant()}; say where it is with --seed HOST:PORT", e);
        }
    }
}

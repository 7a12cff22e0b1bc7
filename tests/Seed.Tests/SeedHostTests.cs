using System.Net;
using System.Net.Sockets;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using Hocon;

namespace ClusterMonitor.Seed.Tests;

/// <summary>A whole seed within the test's process, on a port and a data folder of its own.</summary>
public sealed class SeedHostTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DataFolder _folder = new(Directory.CreateTempSubdirectory("seed-host-").FullName);
    private readonly StringWriter _log = new();
    private int _starts;

    public void Dispose() => Directory.Delete(_folder.Path, recursive: true);

    private SeedOptions Options(int port)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["MONITOR_SEED_PORT"] = port.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ["MONITOR_SEED_AGENT"] = "off",
        };
        return new SeedOptions(SettingsLoader.Load(environment, HoconObject.Empty), _folder, "seed-1", TimeProvider.System, new Random(++_starts));
    }

    private async Task<SeedHost> StartAsync(int port = 0)
    {
        _folder.Create(_folder.Seed);
        var options = Options(port);
        var context = new ProgramContext("Seed", TextWriter.Null, TextWriter.Synchronized(_log), TimeProvider.System, new Random(1), new Dictionary<string, string>(), Terminals.None);
        return await SeedHost.StartAsync(options, ProgramLog.ToStandardError(context, options.Settings));
    }

    private static NodeHello Hello() => new() { NodeId = "3f0c9a52d1e84b7f", Name = "b", Incarnation = 7, StartedMs = 1_000, AgentVersion = "1", Schema = new SchemaAnnounced() };

    [Fact]
    public async Task A_seed_serves_dashboards_when_it_has_started_and_knows_its_nodes_when_it_starts_again()
    {
        var first = await StartAsync();
        var welcome = await first.Door.Ask<DashboardWelcome>(new DashboardHello { Who = "test" }, Patience);
        Assert.Equal("seed-1", welcome.Seed.Name);
        Assert.Equal(first.Address.ToString(), welcome.Seed.Address);
        await first.StopAsync(UserReason.Instance);
        Assert.Contains("Listens on 127.0.0.1:", _log.ToString(), StringComparison.Ordinal);

        var second = await StartAsync();
        var frame = await second.Door.Ask<FleetFrame>(new FleetPull(), Patience);
        Assert.NotEqual(welcome.SeedIncarnation, frame.SeedIncarnation);
        await second.StopAsync(UserReason.Instance);
    }

    [Fact]
    public async Task An_agent_that_says_hello_is_shown_and_can_be_asked_about()
    {
        var seed = await StartAsync();
        var agent = await HelloFrom(seed);
        Assert.IsType<HelloAccepted>(agent);
        var detail = await seed.Door.Ask<NodeDetail>(new NodeQuery { Node = "b" }, Patience);
        Assert.Equal("b", detail.Node.Identity.Name);
        Assert.NotEmpty(detail.Transitions);
        var events = await seed.Door.Ask<EventsAnswer>(new EventsQuery { ToMs = long.MaxValue }, Patience);
        Assert.Contains(events.Transitions, t => t.Name == "b" && t.To == AvailabilityState.AvailabilityJoining);
        await seed.StopAsync(UserReason.Instance);

        var again = await StartAsync();
        var frame = await again.Door.Ask<FleetFrame>(new FleetPull(), Patience);
        Assert.Equal("b", Assert.Single(frame.Nodes).Identity.Name);
        Assert.Equal(AvailabilityState.AvailabilityUnknown, frame.Nodes[0].Standing.State);
        await again.StopAsync(UserReason.Instance);
    }

    [Fact]
    public async Task A_port_in_use_is_one_line_with_the_remedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<UserError>(() => StartAsync(port));
        Assert.Contains($"port {port}", error.Message, StringComparison.Ordinal);
        Assert.Contains("--port", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_none_is_refused_and_left_alone()
    {
        _folder.Create(_folder.Seed);
        var content = string.Concat(Enumerable.Repeat("this is no database\n", 500));
        await File.WriteAllTextAsync(_folder.SeedDatabase, content);
        var error = await Assert.ThrowsAsync<UserError>(() => StartAsync());
        Assert.Contains(_folder.SeedDatabase, error.Message, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllTextAsync(_folder.SeedDatabase));
    }

    [Fact]
    public void One_data_folder_has_one_seed_and_tells_where_it_is()
    {
        _folder.Create(_folder.Seed);
        using (var first = SeedLock.TryTake(_folder, out _))
        {
            Assert.NotNull(first);
            first.Tell(new HostPort("127.0.0.1", 4053));
            Assert.Null(SeedLock.TryTake(_folder, out var running));
            Assert.Equal(new HostPort("127.0.0.1", 4053), running);
        }

        using var next = SeedLock.TryTake(_folder, out _);
        Assert.NotNull(next);
        Assert.Equal(new HostPort("127.0.0.1", 4053), SeedLock.WhereIs(_folder));
    }

    [Theory]
    [InlineData(0, 0, null)]
    [InlineData(1, 0, "Stop the seed? Connected: agent a0")]
    [InlineData(5, 1, "Stop the seed? Connected: agents a0, a1, a2 and 2 more; viewer v0")]
    public void The_question_before_the_end_names_who_would_notice(int agents, int viewers, string? question) =>
        Assert.Equal(question, QuitWords.Question(new ConnectedPeers(
            [.. Enumerable.Range(0, agents).Select(i => "a" + i)],
            [.. Enumerable.Range(0, viewers).Select(i => "v" + i)])));

    private static Task<object> HelloFrom(SeedHost seed) =>
        seed.System.ActorSelection("/user/nodes").Ask<object>(Hello(), Patience);
}

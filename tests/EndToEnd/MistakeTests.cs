using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterMonitor.EndToEnd;

/// <summary>What goes wrong on a command line or on a disk is one line that says what to do.</summary>
public sealed class MistakeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("clustermonitor-e2e-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Data => Path.Combine(_folder, "data");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string ProgramOf(string name) => name switch
    {
        "Seed" => Programs.Seed,
        "NodeAgent" => Programs.NodeAgent,
        _ => Programs.Tui,
    };

    private Task<Ended> SeedAsync(params string[] more) =>
        RunningProgram.RunAsync(Programs.Seed, _folder, ["--headless", "--data", Data, .. more]);

    private static void IsOneLine(Ended ended, int exitCode, params string[] words)
    {
        Assert.True(ended.ExitCode == exitCode, $"exit {ended.ExitCode}: {ended.Error}");
        var line = Assert.Single(ended.ErrorLines);
        Assert.All(words, w => Assert.Contains(w, line, StringComparison.Ordinal));
        Assert.Empty(ended.Out);
    }

    [Theory]
    [InlineData("Seed")]
    [InlineData("NodeAgent")]
    [InlineData("Tui")]
    public async Task An_unknown_option_is_named_and_exits_with_2(string program) =>
        IsOneLine(await RunningProgram.RunAsync(ProgramOf(program), _folder, "--no-such-option"), 2, "--no-such-option", "--help");

    [Theory]
    [InlineData("Seed")]
    [InlineData("NodeAgent")]
    [InlineData("Tui")]
    public async Task Help_and_version_are_there(string program)
    {
        var help = await RunningProgram.RunAsync(ProgramOf(program), _folder, "--help");
        Assert.Equal(0, help.ExitCode);
        Assert.Contains("--data", help.Out, StringComparison.Ordinal);
        var version = await RunningProgram.RunAsync(ProgramOf(program), _folder, "--version");
        Assert.Equal(0, version.ExitCode);
        Assert.Matches(@"\d+\.\d+\.\d+", version.Out);
    }

    [Theory]
    [InlineData("nonsense:port")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("a b:4053")]
    public async Task A_bad_address_is_refused_before_anything_starts(string address)
    {
        IsOneLine(await RunningProgram.RunAsync(Programs.NodeAgent, _folder, "--seed", address, "--data", Data), 2, address);
        IsOneLine(await RunningProgram.RunAsync(Programs.Tui, _folder, "status", "--seed", address, "--data", Data), 2, address);
    }

    [Fact]
    public async Task A_bad_port_is_refused() => IsOneLine(await SeedAsync("--port", "99999"), 2, "--port", "99999");

    [Fact]
    public async Task A_node_name_of_control_characters_is_refused_without_printing_them()
    {
        var ended = await RunningProgram.RunAsync(Programs.NodeAgent, _folder, "--seed", "127.0.0.1:4053", "--data", Data, "--name", "b\u001b[2J\u0007");
        IsOneLine(ended, 2, "--name");
        Assert.DoesNotContain('\u001b', ended.Error);
    }

    [Fact]
    public async Task A_port_in_use_is_named_with_the_remedy()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = Text(((IPEndPoint)listener.LocalEndpoint).Port);
        IsOneLine(await SeedAsync("--port", port), 1, port, "--port");
    }

    [Fact]
    public async Task A_data_folder_that_is_a_file_is_refused()
    {
        await File.WriteAllTextAsync(Data, "not a folder");
        IsOneLine(await SeedAsync("--port", Text(MonitoredFleet.FreePort())), 1, Data, "--data");
    }

    [Fact]
    public async Task A_broken_config_is_refused_with_its_place()
    {
        var config = Path.Combine(_folder, "broken.conf");
        await File.WriteAllTextAsync(config, "monitor.seed {\n  port = 4053\n  host = \"never closed\n}\n");
        var ended = await SeedAsync("--config", config);
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(config + ":3", Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("this is no database, whatever its name says")]
    [InlineData("SQLite format 3\0 and then nothing of the sort")]
    public async Task A_corrupt_database_is_refused_and_left_as_it_is(string content)
    {
        var database = Path.Combine(Data, "seed", "journal.db");
        Directory.CreateDirectory(Path.GetDirectoryName(database)!);
        var filler = string.Concat(Enumerable.Repeat(content + "\n", 200));
        await File.WriteAllTextAsync(database, filler);
        IsOneLine(await SeedAsync("--port", Text(MonitoredFleet.FreePort())), 1, database);
        Assert.Equal(filler, await File.ReadAllTextAsync(database));
    }

    [Fact]
    public async Task A_second_seed_on_the_same_data_is_refused_and_told_where_the_first_is()
    {
        await using var fleet = new MonitoredFleet();
        await fleet.StartSeedAsync();
        await fleet.UntilStateAsync("seed", "up");
        var second = await RunningProgram.RunAsync(
            Programs.Seed, fleet.Folder, "--headless", "--data", fleet.Data, "--port", Text(MonitoredFleet.FreePort()));
        IsOneLine(second, 1, fleet.Address);
        Assert.Equal("up", (await fleet.StatusAsync()).StateOf("seed"));
    }

    [Fact]
    public async Task A_dashboard_whose_seed_is_not_there_says_so()
    {
        await using var fleet = new MonitoredFleet();
        var seed = await fleet.StartSeedAsync();
        await fleet.UntilStateAsync("seed", "up");
        seed.Signal(RunningProgram.SigKill);
        await seed.EndAsync(TimeSpan.FromSeconds(5));
        var ended = await fleet.TuiAsync("status", "--json");
        IsOneLine(ended, 1, fleet.Address);
    }

    [Fact]
    public async Task An_agent_whose_seed_is_not_there_says_so_once_and_keeps_trying()
    {
        await using var fleet = new MonitoredFleet();
        var seed = await fleet.StartSeedAsync();
        await fleet.UntilStateAsync("seed", "up");
        seed.Signal(RunningProgram.SigKill);
        await seed.EndAsync(TimeSpan.FromSeconds(5));
        var agent = fleet.StartAgent("a");
        await Wait.ForAsync("the agent says so", TimeSpan.FromSeconds(20), () => Task.FromResult(agent.Transcript), t => t.Contains(fleet.Address, StringComparison.Ordinal));
        await fleet.StartSeedAsync();
        await fleet.UntilStateAsync("a", "up");
    }
}

using System.Diagnostics;
using System.Globalization;

namespace ClusterMonitor.EndToEnd;

/// <summary>The seed on a terminal: <c>script</c> (of every Debian) gives it one.</summary>
public sealed class TerminalTests
{
    private const string LeavesAlternateScreen = "\u001b[?1049l";

    private static string[] SeedArgs(MonitoredFleet fleet) =>
        ["--port", fleet.Port.ToString(CultureInfo.InvariantCulture), "--data", fleet.Data, "--name", "seed"];

    private static Task<string> UntilDrawnAsync(RunningProgram program, string text) => Wait.ForAsync(
        $"\"{text}\" on the screen", TimeSpan.FromSeconds(30), () => Task.FromResult(program.Output), o => o.Contains(text, StringComparison.Ordinal) || program.HasExited, () => program.Transcript);

    [Fact]
    public async Task A_seed_on_a_terminal_draws_its_own_machine_and_q_stops_it()
    {
        await using var fleet = new MonitoredFleet();
        var clock = Stopwatch.StartNew();
        var seed = fleet.StartOnTerminal(Programs.Seed, SeedArgs(fleet));
        await UntilDrawnAsync(seed, "seed");
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
        Assert.DoesNotContain(" INFO ", seed.Output, StringComparison.Ordinal);

        seed.Type("q");
        Assert.Equal(0, (await seed.EndAsync(TimeSpan.FromSeconds(20))).ExitCode);
        Assert.Contains(LeavesAlternateScreen, seed.Output, StringComparison.Ordinal);
        Assert.Contains("Listens on", await File.ReadAllTextAsync(Path.Combine(fleet.Data, "seed.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_seed_whose_terminal_goes_away_goes_on()
    {
        await using var fleet = new MonitoredFleet();
        var seed = fleet.StartOnTerminal(Programs.Seed, SeedArgs(fleet));
        await UntilDrawnAsync(seed, "seed");
        seed.Signal(RunningProgram.SigKill);
        await seed.EndAsync(TimeSpan.FromSeconds(10));

        await fleet.UntilStateAsync("seed", "up");
        await Wait.ForAsync(
            "the log says so",
            TimeSpan.FromSeconds(20),
            () => File.ReadAllTextAsync(Path.Combine(fleet.Data, "seed.log")),
            t => t.Contains("goes on without it", StringComparison.Ordinal));
        var process = Assert.Single(fleet.Processes("Seed.dll"));
        RunningProgram.Signal(process, RunningProgram.SigTerm);
        await Wait.ForAsync("it stops when it is asked to", TimeSpan.FromSeconds(20), () => Task.FromResult(fleet.Processes("Seed.dll")), p => p.Count == 0);
    }

    [Fact]
    public async Task A_second_seed_on_a_terminal_opens_the_dashboard_of_the_first_and_q_leaves_that_running()
    {
        await using var fleet = new MonitoredFleet();
        await fleet.StartSeedAsync();
        await fleet.UntilStateAsync("seed", "up");
        var second = fleet.StartOnTerminal(Programs.Seed, "--data", fleet.Data);
        await UntilDrawnAsync(second, "seed");
        second.Type("q");
        Assert.Equal(0, (await second.EndAsync(TimeSpan.FromSeconds(20))).ExitCode);
        Assert.Equal("up", (await fleet.StatusAsync()).StateOf("seed"));
    }
}

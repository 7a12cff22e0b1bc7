using System.Diagnostics;
using System.Globalization;

namespace ClusterMonitor.EndToEnd;

/// <summary>
/// A network namespace for the seed and one for each of two machines. Each machine has a line of its own to the seed, and neither has a way
/// to the other. Needs root and iproute2.
/// </summary>
internal sealed class ThreeMachines : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private readonly string _tag = "cm" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private readonly List<RunningProgram> _programs = [];

    private ThreeMachines()
    {
    }

    /// <summary>A folder of each machine stands in for its disk.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("clustermonitor-e2e-").FullName;

    /// <summary>Whether this machine can play several.</summary>
    public static bool CanRun { get; } = OperatingSystem.IsLinux() && Environment.UserName == "root" && Ip("netns", "list") == 0;

    public static ThreeMachines Make()
    {
        var made = new ThreeMachines();
        made.Must("netns", "add", made.Name(0));
        made.Must("-n", made.Name(0), "link", "set", "lo", "up");
        for (var machine = 1; machine <= 2; machine++)
        {
            var (near, far) = ($"{made._tag}s{machine}", $"{made._tag}m{machine}");
            made.Must("netns", "add", made.Name(machine));
            made.Must("link", "add", near, "netns", made.Name(0), "type", "veth", "peer", "name", far, "netns", made.Name(machine));
            made.Must("-n", made.Name(0), "addr", "add", $"10.77.{machine}.1/30", "dev", near);
            made.Must("-n", made.Name(machine), "addr", "add", $"10.77.{machine}.2/30", "dev", far);
            made.Must("-n", made.Name(0), "link", "set", near, "up");
            made.Must("-n", made.Name(machine), "link", "set", far, "up");
            made.Must("-n", made.Name(machine), "link", "set", "lo", "up");
        }

        return made;
    }

    public string Data(int machine) => Path.Combine(Folder, $"disk{machine}");

    /// <summary>Starts a program on a machine; 0 is the seed's.</summary>
    public RunningProgram Start(int machine, string program, params string[] args)
    {
        var started = RunningProgram.StartAny("ip", Folder, ["netns", "exec", Name(machine), RunningProgram.Dotnet, program, .. args]);
        _programs.Add(started);
        return started;
    }

    /// <summary>Runs a program on a machine to its end.</summary>
    public async Task<Ended> RunAsync(int machine, string program, params string[] args)
    {
        await using var running = RunningProgram.StartAny("ip", Folder, ["netns", "exec", Name(machine), RunningProgram.Dotnet, program, .. args]);
        return await running.EndAsync(Patience);
    }

    public async Task<FleetStatus> UntilAsync(string what, Func<FleetStatus, bool> holds) => await Wait.ForAsync(
        what,
        Patience,
        async () => new FleetStatus(await RunAsync(0, Programs.Tui, "status", "--json", "--data", Data(0))),
        holds,
        () => string.Join("\n", _programs.Select(p => p.Transcript)));

    public async Task<string> EventsAsync() => (await RunAsync(0, Programs.Tui, "events", "--data", Data(0))).Out;

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        for (var machine = 0; machine <= 2; machine++)
        {
            Ip("netns", "del", Name(machine));
        }

        Directory.Delete(Folder, recursive: true);
    }

    private string Name(int machine) => $"{_tag}-{machine}";

    private void Must(params string[] args)
    {
        if (Ip(args) is var code and not 0)
        {
            throw new InvalidOperationException($"ip {string.Join(' ', args)} failed with {code}");
        }
    }

    private static int Ip(params string[] args)
    {
        try
        {
            var info = new ProcessStartInfo("ip") { RedirectStandardOutput = true, RedirectStandardError = true };
            Array.ForEach(args, info.ArgumentList.Add);
            using var process = Process.Start(info)!;
            process.WaitForExit();
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}

/// <summary>A test that needs network namespaces; elsewhere it is skipped, and says so.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FactOfThreeMachinesAttribute : FactAttribute
{
    public FactOfThreeMachinesAttribute() => Skip = ThreeMachines.CanRun ? null : "needs root and iproute2 for network namespaces";
}

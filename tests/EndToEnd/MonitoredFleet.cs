using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ClusterMonitor.EndToEnd;

/// <summary>A seed and its agents as processes on this machine, with a data folder of their own; looked at with the program that people use.</summary>
internal sealed class MonitoredFleet : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<RunningProgram> _programs = [];

    public MonitoredFleet()
    {
        Folder = Directory.CreateTempSubdirectory("clustermonitor-e2e-").FullName;
        Port = FreePort();
    }

    public string Folder { get; }

    public string Data => Path.Combine(Folder, "data");

    public int Port { get; }

    public string Address => "127.0.0.1:" + Port.ToString(CultureInfo.InvariantCulture);

    /// <summary>A port that nobody listens on now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a seed and waits until it listens: from then on there are certificates for agents.</summary>
    public async Task<RunningProgram> StartSeedAsync()
    {
        var seed = Add(RunningProgram.Start(
            Programs.Seed,
            Folder,
            "--headless", "--port", Port.ToString(CultureInfo.InvariantCulture), "--data", Data, "--name", "seed"));
        await Wait.ForAsync(
            "the seed listens",
            Patience,
            () => Task.FromResult(seed.Transcript),
            t => t.Contains("Listens on", StringComparison.Ordinal) || seed.HasExited);
        return seed;
    }

    /// <summary>A program on a terminal: <c>script</c> (of every Debian) makes one.</summary>
    public RunningProgram StartOnTerminal(string program, params string[] args) => Add(RunningProgram.StartAny(
        "script",
        Folder,
        "-qec",
        $"exec {string.Join(' ', args.Prepend(program).Prepend(RunningProgram.Dotnet).Select(a => $"'{a}'"))}",
        Path.Combine(Folder, "typescript")));

    /// <summary>Processes of this fleet, whoever started them.</summary>
    public IReadOnlyList<int> Processes(string containing) =>
        [.. Directory.GetDirectories("/proc")
            .Select(d => int.TryParse(Path.GetFileName(d), CultureInfo.InvariantCulture, out var pid) ? pid : 0)
            .Where(pid => pid > 0 && CommandLine(pid) is var line && line.Contains(Folder, StringComparison.Ordinal) && line.Contains(containing, StringComparison.Ordinal))];

    public RunningProgram StartAgent(string name, params string[] more) => StartAgentWithData(name, Data, more);

    public RunningProgram StartAgentWithData(string name, string data, params string[] more) => Add(RunningProgram.Start(
        Programs.NodeAgent,
        Folder,
        ["--seed", Address, "--data", data, "--name", name, .. more]));

    public Task<Ended> TuiAsync(params string[] args) =>
        RunningProgram.RunAsync(Programs.Tui, Folder, [.. args, "--seed", Address, "--data", Data]);

    /// <summary>The fleet as <c>Tui status --json</c> tells it.</summary>
    public async Task<FleetStatus> StatusAsync()
    {
        var ended = await TuiAsync("status", "--json");
        return new FleetStatus(ended);
    }

    /// <summary>Waits until the fleet is as wanted.</summary>
    public Task<FleetStatus> UntilAsync(string what, Func<FleetStatus, bool> holds, TimeSpan? within = null) =>
        Wait.ForAsync(what, within ?? Patience, StatusAsync, holds, () => string.Join("\n", _programs.Select(p => p.Transcript)));

    public Task<FleetStatus> UntilStateAsync(string node, string state, TimeSpan? within = null) =>
        UntilAsync($"{node} is {state}", s => s.StateOf(node) == state, within);

    /// <summary>The transitions of a node as <c>Tui events --json</c> tells them, oldest first.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string? node = null)
    {
        var ended = await TuiAsync("events", "--json");
        Assert.True(ended.ExitCode == 0, ended.Error);
        return [.. ended.Out
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(l => JsonDocument.Parse(l).RootElement)
            .Where(e => node is null || e.GetProperty("node").GetString() == node)];
    }

    public async Task<IReadOnlyList<string>> StatesAsync(string node) =>
        [.. (await EventsAsync(node)).Select(e => e.GetProperty("to").GetString()!)];

    public async ValueTask DisposeAsync()
    {
        foreach (var program in _programs)
        {
            await program.DisposeAsync();
        }

        foreach (var pid in Processes(""))
        {
            RunningProgram.KillIfThere(pid);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string CommandLine(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended since.
            return "";
        }
    }

    private RunningProgram Add(RunningProgram program)
    {
        _programs.Add(program);
        return program;
    }
}

/// <summary>One answer of <c>Tui status --json</c>; a failed one has no nodes.</summary>
internal sealed class FleetStatus
{
    private readonly Ended _ended;

    public FleetStatus(Ended ended)
    {
        _ended = ended;
        Root = ended.ExitCode == 0 ? JsonDocument.Parse(ended.Out).RootElement : default;
    }

    public JsonElement Root { get; }

    public IEnumerable<JsonElement> Nodes =>
        Root.ValueKind == JsonValueKind.Object ? Root.GetProperty("nodes").EnumerateArray() : [];

    public JsonElement? Find(string node) =>
        Nodes.Where(n => n.GetProperty("name").GetString() == node).Select(n => (JsonElement?)n).FirstOrDefault();

    public string? StateOf(string node) => Find(node)?.GetProperty("state").GetString();

    public double? CpuOf(string node) =>
        Find(node)?.GetProperty("metrics").GetProperty("cpu") is { ValueKind: JsonValueKind.Number } cpu ? cpu.GetDouble() : null;

    public override string ToString() => $"exit {_ended.ExitCode} {_ended.Out}{_ended.Error}";
}

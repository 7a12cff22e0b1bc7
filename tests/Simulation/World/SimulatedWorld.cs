using Actors.Core;

namespace Simulation.World;

/// <summary>Hosts, what runs on them, and the network between them. The same seed gives the same run.</summary>
internal sealed class SimulatedWorld
{
    public const int Port = 4053;
    private readonly Dictionary<string, Process> _processes = [];
    private readonly Dictionary<string, int> _lives = [];

    public SimulatedWorld(int seed, int seeds, int agents)
    {
        Seed = seed;
        Dice = new Random(seed);
        Wires = new Wires(Time, seed) { BaseMs = 0.1 + (Dice.NextDouble() * 20) };
        Journal = new Journal(Time);
        SeedHosts = [.. Enumerable.Range(0, seeds).Select(i => $"s{i}")];
        Hosts = [.. SeedHosts, .. Enumerable.Range(0, agents).Select(i => $"a{i}")];
        SeedAddresses = [.. SeedHosts.Select(h => new Address("akka.ssl.tcp", "clustermonitor", h, Port))];
    }

    public int Seed { get; }

    public Random Dice { get; }

    public SimulatedTime Time { get; } = new();

    public Wires Wires { get; }

    public Journal Journal { get; }

    public IReadOnlyList<string> Hosts { get; }

    public IReadOnlyList<string> SeedHosts { get; }

    public IReadOnlyList<Address> SeedAddresses { get; }

    /// <summary>Faults that have not ended by themselves yet.</summary>
    public int PendingFaults { get; set; }

    public IEnumerable<Process> Living => Hosts.Select(h => _processes.GetValueOrDefault(h)).OfType<Process>().Where(p => p.IsAlive);

    public string RoleOf(string host) => SeedHosts.Contains(host) ? "seed" : "agent";

    public Process? At(string host) => _processes.GetValueOrDefault(host) is { IsAlive: true } process ? process : null;

    public void Start(string host)
    {
        var life = _lives[host] = _lives.GetValueOrDefault(host) + 1;
        Journal.Add(new Deed(Time.Elapsed, host, life, "starts"));
        _processes[host] = new Process(this, host, life);
    }

    /// <summary>Starts a process if none runs there.</summary>
    public void StartUnlessRunning(string host)
    {
        if (At(host) is null)
        {
            Start(host);
        }
    }

    /// <summary>A process that ended by itself comes back, unless somebody else has started it.</summary>
    public void StartAgain(Process ended)
    {
        if (_processes[ended.Host] == ended)
        {
            StartUnlessRunning(ended.Host);
        }
    }

    public void Run(TimeSpan duration) => Time.RunUntil(Time.Elapsed + duration);
}

using Actors.Clustering;
using Simulation.Checkers;
using Simulation.Faults;
using Simulation.World;

namespace Simulation;

/// <summary>One run: a cluster comes up, faults strike as the seed's dice fall, all becomes quiet, and everything is checked.</summary>
internal sealed class SimulationRun(int seed, int seeds, int agents, int steps)
{
    /// <summary>Long enough for everyone to notice, be downed, start again, and agree.</summary>
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(60);

    private readonly SimulatedWorld _world = new(seed, seeds, agents);

    public SimulatedWorld World => _world;

    /// <summary>What is wrong; empty if all is well.</summary>
    public IReadOnlyList<string> Play()
    {
        foreach (var host in _world.Hosts)
        {
            _world.Start(host);
        }

        _world.Run(TimeSpan.FromSeconds(_world.Dice.Next(1, 15)));
        for (var i = 0; i < steps; i++)
        {
            FaultCatalog.All[_world.Dice.Next(FaultCatalog.All.Count)].Strike(_world);
            _world.Run(TimeSpan.FromMilliseconds(_world.Dice.Next(1, 6000)));
        }

        while (_world.PendingFaults > 0)
        {
            _world.Run(TimeSpan.FromSeconds(1));
        }

        _world.Journal.Say("quiet");
        _world.Run(Quiet);
        var record = Record();
        return [.. CheckerCatalog.All.SelectMany(c => c.Check(record).Select(fault => $"{c.GetType().Name}: {fault}"))];
    }

    private RunRecord Record()
    {
        var views = _world.Living.Select(ViewOf).ToArray();
        var actors = _world.Living.Select(p => $"{p.Host}/{p.ChatterUid}").ToHashSet();
        return new RunRecord(_world.Journal.Entries, views, actors);
    }

    private static FinalView ViewOf(Process process)
    {
        var state = process.Cluster.State;
        var leader = state.Members.FirstOrDefault(m => m.Address == state.Leader);
        return new FinalView(
            process.Host,
            process.Life,
            process.IsSeed,
            $"{process.Cluster.SelfUniqueAddress}",
            state.Members.ToDictionary(m => $"{m.UniqueAddress}", m => $"{m.Status}"),
            [.. state.Unreachable.Select(m => $"{m.UniqueAddress}")],
            leader?.UniqueAddress.ToString(),
            leader?.Roles.First());
    }
}

using Simulation.World;

namespace Simulation.Checkers;

/// <summary>Whoever watches an actor hears of its end, however it ended; and nobody hears of it twice, or without having watched.</summary>
internal sealed class DeathWatchFires : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var watched = new HashSet<(string Host, int Life, string Whom)>();
        foreach (var entry in run.Entries.OfType<Watching>())
        {
            var pair = (entry.Host, entry.Life, entry.Whom);
            if (entry.Ended ? !watched.Remove(pair) : !watched.Add(pair))
            {
                yield return $"not expected: {entry}";
            }
        }

        var living = run.Views.Select(v => (v.Host, v.Life)).ToHashSet();
        foreach (var (host, life, whom) in watched.Where(w => living.Contains((w.Host, w.Life)) && !run.LivingActors.Contains(w.Whom)))
        {
            yield return $"{host}#{life} has never heard of the end of {whom}";
        }
    }
}

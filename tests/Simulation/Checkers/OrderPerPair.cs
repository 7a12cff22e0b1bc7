using Simulation.World;

namespace Simulation.Checkers;

/// <summary>What one actor sends to another arrives in order and at most once; some of it may be missing.</summary>
internal sealed class OrderPerPair : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var last = new Dictionary<(string Host, int Life, string From), long>();
        foreach (var entry in run.Entries.OfType<Received>())
        {
            var pair = (entry.Host, entry.Life, entry.From);
            if (last.TryGetValue(pair, out var before) && entry.Number <= before)
            {
                yield return $"after {before}: {entry}";
            }

            last[pair] = entry.Number;
        }
    }
}

using Simulation.World;

namespace Simulation.Checkers;

/// <summary>
/// No cut, pause or crash of others makes a seed give up its part in the cluster. One that was never Up may, and join anew: the seed that
/// let it in may have died before it told the others. And a founder gives way if it finds that it has founded a second cluster.
/// </summary>
internal sealed class SeedsStay : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var gaveWay = run.Entries.OfType<Logged>().Where(e => e.Text.Contains("founded a second cluster", StringComparison.Ordinal)).Select(e => (e.Host, e.Life)).ToHashSet();
        return run.Entries.OfType<PartEnded>()
            .Where(e => e.Host.StartsWith('s') && e is { Asked: false, WasUp: true } && !gaveWay.Contains((e.Host, e.Life)))
            .Select(e => $"a seed gave up: {e}");
    }
}

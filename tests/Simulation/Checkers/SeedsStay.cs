using Simulation.World;

namespace Simulation.Checkers;

/// <summary>
/// No cut, pause or crash of others makes a seed give up its part in the cluster. One that was never Up may, and join anew: the seed that
/// let it in may have died before it told the others.
/// </summary>
internal sealed class SeedsStay : IChecker
{
    public IEnumerable<string> Check(RunRecord run) =>
        run.Entries.OfType<PartEnded>().Where(e => e.Host.StartsWith('s') && e is { Asked: false, WasUp: true }).Select(e => $"a seed gave up: {e}");
}

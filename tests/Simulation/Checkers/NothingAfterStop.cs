using Simulation.World;

namespace Simulation.Checkers;

/// <summary>A stopped actor processes nothing any more.</summary>
internal sealed class NothingAfterStop : IChecker
{
    public IEnumerable<string> Check(RunRecord run) => run.Entries.OfType<RanAfterStop>().Select(e => $"{e}");
}

using Simulation.World;

namespace Simulation.Checkers;

/// <summary>Something that must hold in every run. One file each; <see cref="CheckerCatalog"/> is the only list.</summary>
internal interface IChecker
{
    /// <summary>What is wrong, for people; nothing if all is well. Asked when all faults have ended and it has been quiet for a while.</summary>
    IEnumerable<string> Check(RunRecord run);
}

/// <summary>How a host sees the cluster at the end.</summary>
/// <param name="Host">Where.</param>
/// <param name="Life">Which start of the process.</param>
/// <param name="IsSeed">Whether it votes.</param>
/// <param name="Self">Its incarnation, as text.</param>
/// <param name="Members">All members with their status: incarnation and status, as text.</param>
/// <param name="Unreachable">Incarnations that it takes for unreachable.</param>
/// <param name="Leader">Who leads; null if nobody does.</param>
/// <param name="LeaderRole">A role of the leader.</param>
internal sealed record FinalView(
    string Host, int Life, bool IsSeed, string Self, IReadOnlyDictionary<string, string> Members, IReadOnlyCollection<string> Unreachable, string? Leader, string? LeaderRole);

/// <summary>What checkers judge.</summary>
/// <param name="Entries">All that happened.</param>
/// <param name="Views">How the living see it at the end.</param>
/// <param name="LivingActors">The chatters that live at the end, as sinks call them.</param>
internal sealed record RunRecord(IReadOnlyList<Entry> Entries, IReadOnlyList<FinalView> Views, IReadOnlySet<string> LivingActors);

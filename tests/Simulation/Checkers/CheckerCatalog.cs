namespace Simulation.Checkers;

/// <summary>All that every run is checked for.</summary>
internal static class CheckerCatalog
{
    public static IReadOnlyList<IChecker> All { get; } =
    [
        new MembersAgree(), new OneLeader(), new RemovedStaysAway(), new OrderPerPair(), new DeathWatchFires(), new NothingAfterStop(), new SeedsStay(), new OnlyTheDeadAreDowned(),
    ];
}

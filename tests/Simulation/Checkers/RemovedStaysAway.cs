using Actors.Clustering;
using Simulation.World;

namespace Simulation.Checkers;

/// <summary>An incarnation that was removed after Down or Exiting never shows up again where that was seen.</summary>
internal sealed class RemovedStaysAway : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var removed = new HashSet<(string Host, int Life, UniqueAddress Who)>();
        foreach (var entry in run.Entries.OfType<ClusterHappening>())
        {
            switch (entry.Event)
            {
                case ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down or MemberStatus.Exiting } e:
                    removed.Add((entry.Host, entry.Life, e.Member.UniqueAddress));
                    break;
                case ClusterEvent.IMemberEvent e and not ClusterEvent.MemberRemoved when removed.Contains((entry.Host, entry.Life, e.Member.UniqueAddress)):
                    yield return $"back after its removal: {entry}";
                    break;
                default:
                    break;
            }
        }
    }
}

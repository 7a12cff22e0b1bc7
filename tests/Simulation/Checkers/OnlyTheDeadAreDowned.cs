using Actors.Clustering;
using Simulation.World;

namespace Simulation.Checkers;

/// <summary>Nobody is downed who had not been unreachable at the one who downed for as long as the supervisor waits, or replaced by a new life.</summary>
internal sealed class OnlyTheDeadAreDowned : IChecker
{
    public IEnumerable<string> Check(RunRecord run)
    {
        var accused = new HashSet<UniqueAddress>();
        var joined = new Dictionary<string, HashSet<UniqueAddress>>();
        var downed = new List<(ClusterHappening Entry, UniqueAddress Who)>();
        foreach (var entry in run.Entries.OfType<ClusterHappening>())
        {
            switch (entry.Event)
            {
                case ClusterEvent.UnreachableMember e:
                    accused.Add(e.Member.UniqueAddress);
                    break;
                case ClusterEvent.MemberJoined e:
                    joined.TryAdd($"{e.Member.Address}", []);
                    joined[$"{e.Member.Address}"].Add(e.Member.UniqueAddress);
                    break;
                case ClusterEvent.MemberDowned e:
                    downed.Add((entry, e.Member.UniqueAddress));
                    break;
                default:
                    break;
            }
        }

        foreach (var (entry, who) in downed)
        {
            if (!accused.Contains(who) && !(joined.GetValueOrDefault($"{who.Address}")?.Any(other => other != who) ?? false))
            {
                yield return $"downed without cause: {entry}";
            }
        }
    }
}

using System.Collections.Immutable;
using Actors.Clustering;
using Actors.Core;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Clustering;

/// <summary>
/// Gossips as they really come about: a few voters start from one cluster, each changes its own copy by the decisions that voters take,
/// and now and then one learns what another knows. What comes out are all versions that ever existed.
/// </summary>
internal static class GossipHistories
{
    public static readonly UniqueAddress[] Voters = [.. Enumerable.Range(0, 3).Select(i => Who($"s{i}", i))];

    public static readonly UniqueAddress[] Agents = [.. Enumerable.Range(0, 5).Select(i => Who($"a{i / 2}", 100 + i))];

    private static readonly Gen<(int Actor, int Deed, int Object, bool Flag)> Deeds =
        from actor in Gen.Choose(0, Voters.Length - 1)
        from deed in Gen.Choose(0, 9)
        from subject in Gen.Choose(0, Voters.Length + Agents.Length - 1)
        from flag in ArbMap.Default.GeneratorFor<bool>()
        select (actor, deed, subject, flag);

    /// <summary>All versions that existed, oldest first.</summary>
    public static Gen<ImmutableArray<Gossip>> Versions => Deeds.ListOf().Select(deeds => Play(deeds));

    /// <summary>Three versions of one history.</summary>
    public static Gen<(Gossip A, Gossip B, Gossip C)> Three =>
        from versions in Versions.Resize(60)
        from a in Gen.Choose(0, versions.Length - 1)
        from b in Gen.Choose(0, versions.Length - 1)
        from c in Gen.Choose(0, versions.Length - 1)
        select (versions[a], versions[b], versions[c]);

    public static UniqueAddress Who(string host, long uid) => new(new Address("akka.ssl.tcp", "clustermonitor", host, 4053), uid);

    /// <summary>Everything but the seen table, which is no part of what is agreed on.</summary>
    public static string Content(Gossip g) =>
        string.Join(",", g.Members.Select(m => $"{m} {m.UpNumber}")) + g.Reachability + g.Version
        + string.Join(",", g.Tombstones.Select(t => $"{t.Key}: {t.Value}"));

    private static Gossip Start()
    {
        var members = MemberTable.Of(Voters.Select((v, i) => new Member(v, MemberStatus.Up, ["seed"], i + 1)));
        return new Gossip("seed", members, [.. Voters], Reachability.Empty, VectorClock.Zero.Increment(Voters[0]), Gossip.Empty("seed").Tombstones);
    }

    private static ImmutableArray<Gossip> Play(IEnumerable<(int Actor, int Deed, int Object, bool Flag)> deeds)
    {
        var replicas = Voters.Select(_ => Start()).ToArray();
        var versions = ImmutableArray.CreateBuilder<Gossip>();
        versions.Add(replicas[0]);
        var now = 1000L;
        foreach (var (actor, deed, subject, flag) in deeds)
        {
            now++;
            if (!replicas[actor].IsVoter(Voters[actor]))
            {
                // Removed by the others; it is gone.
                continue;
            }

            var state = new MembershipState(replicas[actor], Voters[actor]);
            var who = subject < Voters.Length ? Voters[subject] : Agents[subject - Voters.Length];
            var next = deed switch
            {
                0 or 1 => MembershipDecisions.Join(state, Agents[subject % Agents.Length], ["agent"]).Gossip,
                2 => MembershipDecisions.Leave(state, who),
                3 => MembershipDecisions.Down(state, who.Address),
                4 => MembershipDecisions.DownPredecessors(state, who),
                5 => MembershipDecisions.Observe(state, flag ? new HashSet<UniqueAddress> { who, Agents[0] } : new HashSet<UniqueAddress>()),
                6 => MembershipDecisions.LeaderActions(state, new HashSet<UniqueAddress> { who }, flag, now),
                _ => Learn(state, replicas[subject % Voters.Length]),
            };
            replicas[actor] = next;
            versions.Add(next);
        }

        return versions.ToImmutable();
    }

    private static Gossip Learn(MembershipState state, Gossip other)
    {
        var merged = state.Gossip.Merge(other);
        return merged.IsVoter(state.Self) ? merged.SeenBy(state.Self) : merged;
    }
}

using Actors.Clustering;
using FsCheck;
using FsCheck.Fluent;
using static EngineTests.Clustering.GossipHistories;

namespace EngineTests.Clustering;

public sealed class GossipProperties
{
    [Fact]
    public void It_makes_no_difference_who_merges_whom() => Holds(t => Same(t.A.Merge(t.B), t.B.Merge(t.A)));

    [Fact]
    public void It_makes_no_difference_in_which_order_three_are_merged() => Holds(t => Same(t.A.Merge(t.B).Merge(t.C), t.A.Merge(t.B.Merge(t.C))));

    [Fact]
    public void What_is_known_already_changes_nothing() => Holds(t =>
    {
        var merged = t.A.Merge(t.B);
        return Same(t.A.Merge(t.A), t.A) && Same(merged.Merge(t.A), merged) && Same(merged.Merge(t.B), merged);
    });

    [Fact]
    public void The_same_version_always_says_the_same() => Holds(t => !t.A.Version.Equals(t.B.Version) || Same(t.A, t.B));

    [Fact]
    public void Nobody_who_was_removed_comes_back_and_no_status_goes_back() => Holds(t =>
    {
        var merged = t.A.Merge(t.B);
        return merged.Members.All(m =>
            !t.A.Tombstones.ContainsKey(m.UniqueAddress)
            && !t.B.Tombstones.ContainsKey(m.UniqueAddress)
            && (t.A.Members.Find(m.UniqueAddress) is not { } a || a.Status.Rank() <= m.Status.Rank())
            && (t.B.Members.Find(m.UniqueAddress) is not { } b || b.Status.Rank() <= m.Status.Rank()));
    });

    [Fact]
    public void Nobody_who_does_not_vote_observes_stands_in_the_seen_table_or_counts_changes() => Holds(t =>
        new[] { t.A, t.B, t.C, t.A.Merge(t.B) }.All(g =>
            !Agents.Any(a => g.IsSeenBy(a) || g.Version.Counts.ContainsKey(a) || g.Reachability.Versions.Any(v => v.Key == a))));

    [Fact]
    public void Nobody_who_does_not_vote_leads() => Holds(t =>
        Voters.All(v => new MembershipState(t.A, v).Leader is not { } leader || Voters.Contains(leader.UniqueAddress)));

    [Fact]
    public void Whether_the_voters_agree_does_not_depend_on_those_who_do_not_vote() => Holds(t =>
        Voters.Where(t.A.Members.Contains).All(v =>
        {
            var state = new MembershipState(t.A, v);
            var agentsOnly = t.A.Members.Where(m => Agents.Contains(m.UniqueAddress)).Select(m => m.UniqueAddress).ToHashSet();
            var without = new Gossip("seed", t.A.Members.Without(agentsOnly), t.A.Seen, t.A.Reachability.Remove(agentsOnly), t.A.Version, t.A.Tombstones);
            return state.HasConverged(agentsOnly) == new MembershipState(without, v).HasConverged(agentsOnly);
        }));

    [Fact]
    public void Every_gossip_survives_the_wire() => Holds(t =>
    {
        var sent = new GossipEnvelope(Voters[0], Voters[1], t.A.Merge(t.B));
        var got = (GossipEnvelope)ClusterCodec.Decode(ClusterCodec.Encode(sent));
        return got.From == sent.From && got.To == sent.To && Same(got.Gossip, sent.Gossip) && got.Gossip.Seen.SetEquals(sent.Gossip.Seen);
    });

    [Fact]
    public void Views_of_followers_are_the_voters_whatever_was_left_out() =>
        Prop.ForAll(Versions.Resize(60).ToArbitrary(), versions =>
        {
            // The same voter's versions in order, told to a follower that asks only now and then.
            var mine = versions.Where(v => v.IsVoter(Voters[0]) && v.IsSeenBy(Voters[0])).ToArray();
            var book = new ViewBook(Voters[0]);
            book.Follow(Agents[0], 0);
            var (members, unreachable) = (MemberTable.Empty, new SortedSet<UniqueAddress>());
            for (var i = 0; i < mine.Length; i++)
            {
                var view = ClusterView.Of(new MembershipState(mine[i], Voters[0]));
                book.Update(view);
                if (i % 3 != 2 && i != mine.Length - 1)
                {
                    continue;
                }

                if (book.Next(Agents[0]) is { } update)
                {
                    members = MemberTable.Of(update.Changed.Concat(members.Where(m => !update.Changed.Contains(m) && !update.Gone.ContainsKey(m.UniqueAddress))));
                    unreachable.ExceptWith(update.Changed.Select(m => m.UniqueAddress));
                    unreachable.ExceptWith(update.Gone.Keys);
                    unreachable.UnionWith(update.Unreachable);
                }

                if (!members.SequenceEqual(view.Members) || !members.Select(m => m.Status).SequenceEqual(view.Members.Select(m => m.Status))
                    || !unreachable.SequenceEqual(view.Unreachable))
                {
                    return false;
                }
            }

            return true;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200));

    private static bool Same(Gossip a, Gossip b) => Content(a) == Content(b);

    private static void Holds(Func<(Gossip A, Gossip B, Gossip C), bool> property) =>
        Prop.ForAll(Three.ToArbitrary(), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
}

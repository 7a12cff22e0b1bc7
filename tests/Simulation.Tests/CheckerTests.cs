using System.Collections.Immutable;
using Actors.Clustering;
using Actors.Core;
using Simulation.Checkers;
using Simulation.World;

namespace Simulation.Tests;

/// <summary>Each checker finds what it is there for in a run that was made wrong by hand, and nothing in the same run made right.</summary>
public sealed class CheckerTests
{
    private static readonly TimeSpan At = TimeSpan.FromSeconds(1);
    private static readonly UniqueAddress Seed = Who("s0", 1);
    private static readonly UniqueAddress Agent = Who("a0", 2);
    private static readonly FinalView SeedView = View("s0", Seed);
    private static readonly FinalView AgentView = View("a0", Agent);

    [Fact]
    public void All_is_well_where_all_is_well()
    {
        var run = Run(
            [new Received(At, "s0", 1, "a0/1", 1), new Received(At, "s0", 1, "a0/1", 3), new Watching(At, "s0", 1, "a0/1", Ended: false)]);
        Assert.All(CheckerCatalog.All, checker => Assert.Empty(checker.Check(run)));
    }

    [Fact]
    public void A_member_that_is_missing_a_ghost_and_an_unreachable_one_are_found()
    {
        var blind = SeedView with { Members = new Dictionary<string, string> { [$"{Seed}"] = "Up", ["ghost"] = "Down" }, Unreachable = [$"{Agent}"] };
        Assert.Equal(3, new MembersAgree().Check(Run([], blind, AgentView)).Count());
    }

    [Fact]
    public void Two_leaders_and_a_leader_that_does_not_vote_are_found()
    {
        Assert.NotEmpty(new OneLeader().Check(Run([], SeedView, AgentView with { Leader = "other" })));
        Assert.NotEmpty(new OneLeader().Check(Run([], SeedView with { LeaderRole = "agent" })));
    }

    [Fact]
    public void One_that_comes_back_after_its_removal_is_found()
    {
        var up = new Member(Agent, MemberStatus.Up, ["agent"], 2);
        Entry gone = Happened(new ClusterEvent.MemberRemoved(up.With(MemberStatus.Removed), MemberStatus.Down));
        Assert.NotEmpty(new RemovedStaysAway().Check(Run([gone, Happened(new ClusterEvent.MemberUp(up))])));
        Assert.Empty(new RemovedStaysAway().Check(Run([Happened(new ClusterEvent.MemberUp(up)), gone])));
    }

    [Fact]
    public void A_number_that_comes_twice_or_late_is_found()
    {
        Assert.NotEmpty(new OrderPerPair().Check(Run([new Received(At, "s0", 1, "a0/1", 2), new Received(At, "s0", 1, "a0/1", 2)])));
        Assert.NotEmpty(new OrderPerPair().Check(Run([new Received(At, "s0", 1, "a0/1", 2), new Received(At, "s0", 1, "a0/1", 1)])));
        Assert.Empty(new OrderPerPair().Check(Run([new Received(At, "s0", 1, "a0/1", 2), new Received(At, "s0", 1, "a0/9", 1)])));
    }

    [Fact]
    public void An_end_that_nobody_was_told_of_is_found_and_one_told_twice()
    {
        Entry watches = new Watching(At, "s0", 1, "a0/9", Ended: false);
        Entry ended = new Watching(At, "s0", 1, "a0/9", Ended: true);
        Assert.NotEmpty(new DeathWatchFires().Check(Run([watches])));
        Assert.Empty(new DeathWatchFires().Check(Run([watches, ended])));
        Assert.NotEmpty(new DeathWatchFires().Check(Run([watches, ended, ended])));
    }

    [Fact]
    public void An_actor_that_runs_after_its_stop_is_found() =>
        Assert.NotEmpty(new NothingAfterStop().Check(Run([new RanAfterStop(At, "s0", 1, "x")])));

    [Fact]
    public void A_seed_that_gives_up_is_found_and_one_that_was_asked_to_is_not()
    {
        Assert.NotEmpty(new SeedsStay().Check(Run([new PartEnded(At, "s0", 1, Asked: false, WasUp: true)])));
        Assert.Empty(new SeedsStay().Check(Run([new PartEnded(At, "s0", 1, Asked: true, WasUp: true), new PartEnded(At, "a0", 1, Asked: false, WasUp: true)])));
    }

    [Fact]
    public void One_that_is_downed_without_having_been_unreachable_is_found()
    {
        var up = new Member(Agent, MemberStatus.Up, ["agent"], 2);
        Entry downed = Happened(new ClusterEvent.MemberDowned(up.With(MemberStatus.Down)));
        Assert.NotEmpty(new OnlyTheDeadAreDowned().Check(Run([downed])));
        Assert.Empty(new OnlyTheDeadAreDowned().Check(Run([Happened(new ClusterEvent.UnreachableMember(up)), downed])));
        var heir = new Member(Who("a0", 3), MemberStatus.Joining, ["agent"]);
        Assert.Empty(new OnlyTheDeadAreDowned().Check(Run([downed, Happened(new ClusterEvent.MemberJoined(heir))])));
    }

    [Fact]
    public void Every_checker_is_tested_here() => Assert.Equal(8, CheckerCatalog.All.Count);

    private static UniqueAddress Who(string host, long uid) => new(new Address("akka.ssl.tcp", "clustermonitor", host, 4053), uid);

    private static ClusterHappening Happened(ClusterEvent.IClusterDomainEvent what) => new(At, "s0", 1, what);

    private static FinalView View(string host, UniqueAddress self) => new(
        host, 1, host[0] == 's', $"{self}", new Dictionary<string, string> { [$"{Seed}"] = "Up", [$"{Agent}"] = "Up" }, [], $"{Seed}", "seed");

    private static RunRecord Run(Entry[] entries, params FinalView[] views) =>
        new(entries, views.Length > 0 ? views : [SeedView, AgentView], ImmutableHashSet.Create("a0/1", "s0/1"));
}

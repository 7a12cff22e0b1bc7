using System.Collections.Immutable;
using Actors.Clustering;
using Actors.Core;
using static EngineTests.Clustering.ClusterSystems;

namespace EngineTests.Clustering;

/// <summary>The topology of the programs with real actor systems, over TLS and in memory.</summary>
public abstract class ClusterTests(bool tls) : IAsyncDisposable
{
    private readonly ClusterSystems _systems = new(tls);

    private protected ClusterSystems Systems => _systems;

    public async ValueTask DisposeAsync()
    {
        await _systems.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task One_seed_and_twenty_agents_agree()
    {
        var all = Fleet(20);
        await Agree(all);
        Assert.All(all, c => Assert.Equal(all[0].SelfAddress, c.State.Leader));
        Assert.All(all.Skip(1), c => Assert.Equal(["agent"], c.SelfRoles));
        Assert.All(all.Skip(1), c => Assert.Empty(c.State.Unreachable));
    }

    [Fact]
    public async Task A_crashed_agent_is_unreachable_within_one_and_a_half_seconds_and_down_only_when_someone_says_so()
    {
        var all = Fleet(3);
        await Agree(all);
        var events = all[0].Listen<ClusterEvent.IClusterDomainEvent>();

        await Crash(all[1]);
        var seen = await Until(() => all[0].IsUnreachable(all[1]));
        Assert.InRange(seen.TotalSeconds, 0, 1.5);
        await events.FishAsync<ClusterEvent.UnreachableMember>(e => e.Member.UniqueAddress == all[1].SelfUniqueAddress);
        var evidence = ClusterEvidence.Of(all[0].System, all[1].SelfAddress)!;
        Assert.True(evidence.Phi > 8);
        Assert.Equal([all[0].SelfAddress], evidence.UnreachableAccordingTo.ToArray());
        Assert.InRange(DateTimeOffset.UtcNow - evidence.LastHeartbeat!.Value, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(5));

        all[0].Down(all[1].SelfAddress);
        Assert.Equal(all[1].SelfUniqueAddress, (await events.FishAsync<ClusterEvent.MemberDowned>()).Member.UniqueAddress);
        Assert.Equal(MemberStatus.Down, (await events.FishAsync<ClusterEvent.MemberRemoved>()).PreviousStatus);
        await Agree([all[0], all[2], all[3]]);
        Assert.Null(ClusterEvidence.Of(all[0].System, all[1].SelfAddress));
    }

    [Fact]
    public async Task An_agent_that_terminates_says_goodbye_within_half_a_second()
    {
        var all = Fleet(3);
        await Agree(all);
        var events = all[0].Listen<ClusterEvent.IMemberEvent>();
        var removed = new TaskCompletionSource();
        all[1].RegisterOnMemberRemoved(removed.SetResult);

        var start = TimeProvider.System.GetTimestamp();
        await all[1].System.Terminate().WaitAsync(Patience);
        await events.FishAsync<ClusterEvent.MemberLeft>(e => e.Member.UniqueAddress == all[1].SelfUniqueAddress);
        await events.FishAsync<ClusterEvent.MemberExited>();
        var gone = await events.FishAsync<ClusterEvent.MemberRemoved>();
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 0.5);

        Assert.Equal(MemberStatus.Exiting, gone.PreviousStatus);
        await removed.Task.WaitAsync(Patience);
        Assert.True(all[1].IsTerminated);
        await Agree([all[0], all[2], all[3]]);
    }

    [Fact]
    public async Task An_agent_that_is_downed_learns_it_and_its_system_lives_until_the_program_ends_it()
    {
        var all = Fleet(2);
        await Agree(all);
        var told = all[1].Listen<ClusterEvent.ClusterShuttingDown>();
        var removed = new TaskCompletionSource();
        all[1].RegisterOnMemberRemoved(removed.SetResult);

        all[0].Down(all[1].SelfAddress);
        await removed.Task.WaitAsync(TimeSpan.FromSeconds(2));
        await told.FishAsync<ClusterEvent.ClusterShuttingDown>();
        Assert.True(all[1].IsTerminated);
        Assert.False(all[1].System.WhenTerminated.IsCompleted);
        Assert.Equal(MemberStatus.Removed, all[1].SelfMember.Status);
        await Agree([all[0], all[2]]);

        // On its port, in the same process, a new system joins at once.
        var port = all[1].SelfAddress.Port!.Value;
        await all[1].System.Terminate().WaitAsync(Patience);
        var again = Systems.Start("a0", "agent", [all[0].SelfAddress], port);
        Assert.Equal(all[1].SelfAddress, again.SelfAddress);
        await Agree([all[0], again, all[2]]);
    }

    [Fact]
    public async Task An_agent_that_crashed_and_comes_back_on_its_port_replaces_itself_at_once()
    {
        var all = Fleet(2);
        await Agree(all);
        var events = all[0].Listen<ClusterEvent.IMemberEvent>();
        await Crash(all[1]);
        var again = Systems.Start("a0", "agent", [all[0].SelfAddress], all[1].SelfAddress.Port!.Value);

        var start = TimeProvider.System.GetTimestamp();
        await events.FishAsync<ClusterEvent.MemberDowned>(e => e.Member.UniqueAddress == all[1].SelfUniqueAddress);
        await events.FishAsync<ClusterEvent.MemberRemoved>(e => e.Member.UniqueAddress == all[1].SelfUniqueAddress);
        await events.FishAsync<ClusterEvent.MemberUp>(e => e.Member.UniqueAddress == again.SelfUniqueAddress);
        Assert.InRange(TimeProvider.System.GetElapsedTime(start).TotalSeconds, 0, 1);
        await Agree([all[0], again, all[2]]);
    }

    [Fact]
    public async Task Agents_of_a_restarted_seed_are_told_and_join_again()
    {
        var all = Fleet(3);
        await Agree(all);
        var removed = all.Skip(1).Select(agent =>
        {
            var done = new TaskCompletionSource();
            agent.RegisterOnMemberRemoved(done.SetResult);
            return done.Task;
        }).ToArray();

        await Crash(all[0]);
        await Until(() => all[1].IsUnreachable(all[0]));
        var seed = Systems.Start("seed", "seed", port: all[0].SelfAddress.Port!.Value);
        await Task.WhenAll(removed).WaitAsync(TimeSpan.FromSeconds(5));

        var members = new List<Cluster> { seed };
        foreach (var agent in all.Skip(1))
        {
            await agent.System.Terminate().WaitAsync(Patience);
            members.Add(Systems.Start(agent.SelfAddress.Host!, "agent", [seed.SelfAddress], agent.SelfAddress.Port!.Value));
        }

        await Agree(members);
    }

    [Fact]
    public async Task Three_seeds_and_their_agents_agree_also_after_one_seed_came_back()
    {
        var first = Systems.Start("s1", "seed");
        var seeds = new List<Cluster> { first, Systems.Start("s2", "seed", [first.SelfAddress]), Systems.Start("s3", "seed", [first.SelfAddress]) };
        var addresses = seeds.Select(s => s.SelfAddress).ToImmutableArray();
        var agents = Enumerable.Range(0, 6).Select(i => Systems.Start($"a{i}", "agent", addresses)).ToArray();
        await Agree([.. seeds, .. agents]);

        await Crash(seeds[0]);
        await Until(() => seeds[1].IsUnreachable(seeds[0]) && seeds[2].IsUnreachable(seeds[0]));
        seeds[0] = Systems.Start("s1", "seed", addresses, addresses[0].Port!.Value);
        await Agree([.. seeds, .. agents]);
        Assert.All(agents, a => Assert.False(a.IsTerminated));
    }

    [Fact]
    public async Task A_watched_actor_of_a_downed_member_is_terminated_for_its_watchers()
    {
        var all = Fleet(1);
        await Agree(all);
        var watched = all[1].System.ActorOf(Props.Create(() => new Remote.EchoActor()), "echo");
        var reference = await Remote.RemoteTesting.FindAsync(all[0].System, all[1].System, "/user/echo");
        var inbox = new Remote.Inbox();
        all[0].System.ActorOf(Props.Create(() => new Remote.ProbeActor(inbox))).Tell(reference);

        all[0].Down(all[1].SelfAddress);
        Assert.Equal(watched.Path.Name, (await inbox.FishAsync<Terminated>()).ActorRef.Path.Name);
    }

    [Fact]
    public async Task A_subscriber_gets_the_state_or_the_past_and_then_what_happens()
    {
        var all = Fleet(1);
        await Agree(all);
        var inbox = new Remote.Inbox();
        var probe = all[0].System.ActorOf(Props.Create(() => new Remote.ProbeActor(inbox)));
        all[0].Subscribe(probe, ClusterEvent.InitialStateAsSnapshot, typeof(ClusterEvent.IMemberEvent));
        Assert.Equal(2, (await inbox.NextAsync<ClusterEvent.CurrentClusterState>()).Members.Count);

        var late = Systems.Start("late", "agent", [all[0].SelfAddress]);
        Assert.Equal(late.SelfUniqueAddress, (await inbox.NextAsync<ClusterEvent.MemberJoined>()).Member.UniqueAddress);
        Assert.Equal(late.SelfUniqueAddress, (await inbox.NextAsync<ClusterEvent.MemberUp>()).Member.UniqueAddress);
        var past = await PastAsync(all[0], 3);
        Assert.Equal(all.Append(late).Select(a => a.SelfUniqueAddress).ToHashSet(), past.Cast<ClusterEvent.MemberUp>().Select(e => e.Member.UniqueAddress).ToHashSet());
        all[0].Unsubscribe(probe);
        Assert.Throws<ArgumentException>(() => all[0].Subscribe(probe, typeof(string)));
    }

    [Fact]
    public async Task JoinAsync_ends_when_the_member_is_up_and_fails_when_its_part_has_ended()
    {
        var seed = Systems.Start("seed", "seed");
        await Agree([seed]);
        var agent = Systems.Start("a0", "agent", [seed.SelfAddress]);
        await agent.JoinAsync(seed.SelfAddress).WaitAsync(Patience);
        Assert.Equal(MemberStatus.Up, agent.SelfMember.Status);
        await agent.LeaveAsync().WaitAsync(Patience);
        await Assert.ThrowsAsync<ClusterJoinFailedException>(() => agent.JoinAsync(seed.SelfAddress).WaitAsync(Patience));
    }

    private static async Task<List<object>> PastAsync(Cluster cluster, int count)
    {
        var inbox = cluster.Listen<ClusterEvent.IMemberEvent>();
        var past = new List<object>();
        while (past.Count < count)
        {
            past.Add(await inbox.NextAsync());
        }

        return past;
    }

    /// <summary>A seed and so many agents.</summary>
    private protected Cluster[] Fleet(int agents)
    {
        var seed = Systems.Start("seed", "seed");
        return [seed, .. Enumerable.Range(0, agents).Select(i => Systems.Start($"a{i}", "agent", [seed.SelfAddress]))];
    }
}

public sealed class ClusterOverTlsTests() : ClusterTests(tls: true)
{
    [Fact]
    public async Task An_agents_certificate_can_not_vote()
    {
        var all = Fleet(1);
        await Agree(all);
        var usurper = Systems.Start("a9", "agent", [all[0].SelfAddress], more: "akka.cluster.roles = [seed]");
        await Until(() => all[0].State.Members.Count == 2);
        await Task.Delay(TimeSpan.FromSeconds(1.5), TimeProvider.System);
        Assert.Equal(MemberStatus.Removed, usurper.SelfMember.Status);
        Assert.DoesNotContain(all[0].State.Members, m => m.UniqueAddress == usurper.SelfUniqueAddress);
    }
}

public sealed class ClusterInMemoryTests() : ClusterTests(tls: false)
{
    [Fact]
    public async Task An_agent_that_is_cut_off_is_unreachable_within_three_seconds_and_a_member_again_when_it_is_back()
    {
        var all = Fleet(3);
        await Agree(all);
        foreach (var (from, to) in new[] { ("seed", "a0"), ("a0", "seed") })
        {
            Systems.Network.Block(from, to);
        }

        var seen = await Until(() => all[0].IsUnreachable(all[1]));
        Assert.InRange(seen.TotalSeconds, 2.2, 3);
        await Until(() => all[1].IsUnreachable(all[0]));
        await Until(() => all[2].IsUnreachable(all[1]));

        Systems.Network.Unblock("seed", "a0");
        Systems.Network.Unblock("a0", "seed");
        await Until(() => !all[0].IsUnreachable(all[1]) && !all[1].IsUnreachable(all[0]) && !all[2].IsUnreachable(all[1]));
        await Agree(all);
    }

    [Fact]
    public async Task An_agent_that_was_downed_while_cut_off_is_told_when_it_is_back()
    {
        var all = Fleet(1);
        await Agree(all);
        Systems.Network.Block("seed", "a0");
        Systems.Network.Block("a0", "seed");
        await Until(() => all[0].IsUnreachable(all[1]));
        all[0].Down(all[1].SelfAddress);
        await Agree([all[0]]);
        Assert.False(all[1].IsTerminated);
        Systems.Network.Unblock("seed", "a0");
        Systems.Network.Unblock("a0", "seed");
        await Until(() => all[1].IsTerminated);
    }
}

using Actors.Clustering;

namespace EngineTests.Clustering;

/// <summary>The topology of the programs: seeds judge, agents follow.</summary>
public sealed class SeedClusterTests
{
    [Fact]
    public void Twenty_agents_join_one_seed_and_all_agree_within_a_second()
    {
        var cluster = new VirtualCluster();
        var seed = cluster.Add("seed", "seed");
        var agents = Enumerable.Range(0, 20).Select(i => cluster.Add($"a{i:00}", "agent", "seed")).ToArray();

        cluster.RunUntil(() => agents.All(a => seed.Sees(a, MemberStatus.Up) && a.Sees(a, MemberStatus.Up)), 1);
        cluster.RunUntil(() => agents.All(a => agents.All(b => a.Sees(b, MemberStatus.Up)) && a.View.Leader?.UniqueAddress == seed.Self), 2);

        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.All(cluster.Nodes, n => Assert.Empty(n.View.Unreachable));
    }

    [Fact]
    public void A_killed_agent_is_unreachable_within_one_and_a_half_seconds_and_stays_a_member()
    {
        var (cluster, seed, agents) = Joined(5);

        agents[2].Kill();
        var seen = cluster.RunUntil(() => seed.IsUnreachable(agents[2]), 1.5);

        Assert.True(seen > TimeSpan.FromSeconds(0.9), "it was given time to come back");
        cluster.Run(TimeSpan.FromMinutes(5));
        Assert.Equal(MemberStatus.Up, seed.StatusOf(agents[2]));
        Assert.All(agents.Except([agents[2]]), a => Assert.True(a.IsUnreachable(agents[2])));
    }

    [Fact]
    public void An_agent_that_hangs_is_unreachable_within_three_seconds_also_after_forgiven_pauses()
    {
        var (cluster, seed, agents) = Joined(3);
        for (var i = 0; i < 10; i++)
        {
            agents[0].Pause();
            cluster.Run(TimeSpan.FromSeconds(2));
            agents[0].Resume();
            cluster.Run(TimeSpan.FromSeconds(1 + (0.13 * i)));
            Assert.DoesNotContain(seed.Events, e => e is ClusterEvent.UnreachableMember);
        }

        agents[0].Pause();
        cluster.RunUntil(() => seed.IsUnreachable(agents[0]), 3);
        agents[0].Resume();
        cluster.RunUntil(() => !seed.IsUnreachable(agents[0]), 1);
        Assert.Equal(MemberStatus.Up, agents[0].StatusOf(agents[0]));
    }

    [Fact]
    public void A_seed_that_was_asleep_itself_accuses_nobody()
    {
        var (cluster, seed, agents) = Joined(5);
        seed.Pause();
        cluster.Run(TimeSpan.FromSeconds(60));
        seed.Resume();
        cluster.Run(TimeSpan.FromSeconds(10));
        Assert.DoesNotContain(seed.Events, e => e is ClusterEvent.UnreachableMember);
        Assert.All(agents, a => Assert.Null(a.Stopped));
    }

    [Fact]
    public void An_agent_that_says_goodbye_is_gone_from_all_within_half_a_second_without_being_called_unreachable()
    {
        var (cluster, seed, agents) = Joined(5);

        agents[1].Leave();
        cluster.RunUntil(() => seed.StatusOf(agents[1]) is null, 0.1);
        cluster.RunUntil(() => agents[0].StatusOf(agents[1]) is null, 1.1);

        Assert.Equal(StopReason.Left, agents[1].Stopped);
        Assert.Contains(seed.Events, e => e is ClusterEvent.MemberLeft left && left.Member.UniqueAddress == agents[1].Self);
        Assert.Contains(seed.Events, e => e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Exiting });
        Assert.Contains(agents[0].Events, e => e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Exiting });
        Assert.DoesNotContain(seed.Events, e => e is ClusterEvent.UnreachableMember or ClusterEvent.MemberDowned);
        Assert.Contains((agents[1].Self, MemberStatus.Exiting), seed.Gone);
    }

    [Fact]
    public void An_agent_whose_seed_is_gone_does_not_wait_to_leave()
    {
        var (cluster, seed, agents) = Joined(1);
        seed.Kill();
        cluster.Run(TimeSpan.FromSeconds(5));
        agents[0].Leave();
        Assert.Equal(StopReason.Left, agents[0].Stopped);
    }

    [Fact]
    public void An_agent_that_restarts_on_its_port_replaces_itself_at_once()
    {
        var (cluster, seed, agents) = Joined(3);

        agents[0].Kill();
        cluster.Run(TimeSpan.FromMilliseconds(200));
        var again = cluster.Add("a00", "agent", "seed");
        cluster.RunUntil(() => seed.Sees(again, MemberStatus.Up), 0.2);

        Assert.Null(seed.StatusOf(agents[0]));
        Assert.Contains((agents[0].Self, MemberStatus.Down), seed.Gone);
        cluster.RunUntil(() => agents[1].Sees(again, MemberStatus.Up) && agents[1].StatusOf(agents[0]) is null, 2);
        Assert.DoesNotContain(seed.Events, e => e is ClusterEvent.UnreachableMember);
    }

    [Fact]
    public void A_downed_agent_that_is_alive_learns_of_it()
    {
        var (cluster, seed, agents) = Joined(3);

        seed.Down(agents[0]);
        cluster.RunUntil(() => agents[0].Stopped is not null, 0.1);

        Assert.Equal(StopReason.Downed, agents[0].Stopped);
        Assert.Null(seed.StatusOf(agents[0]));
        Assert.Contains(seed.Events, e => e is ClusterEvent.MemberDowned);
        Assert.Contains(seed.Events, e => e is ClusterEvent.MemberRemoved { PreviousStatus: MemberStatus.Down });
    }

    [Fact]
    public void An_agent_that_was_downed_while_it_was_cut_off_learns_of_it_when_it_is_back()
    {
        var (cluster, seed, agents) = Joined(3);
        cluster.Block("seed", "a00");
        cluster.RunUntil(() => seed.IsUnreachable(agents[0]), 4);
        Assert.Null(agents[0].Stopped);

        seed.Down(agents[0]);
        cluster.Run(TimeSpan.FromMinutes(1));
        Assert.Null(agents[0].Stopped);
        seed.Close(agents[0]);
        cluster.Unblock("seed", "a00");
        cluster.RunUntil(() => agents[0].Stopped == StopReason.Downed, 3);
        Assert.Null(seed.StatusOf(agents[0]));
    }

    [Fact]
    public void Agents_of_a_restarted_seed_learn_that_their_cluster_is_no_more()
    {
        var (cluster, seed, agents) = Joined(5);
        seed.Kill();
        cluster.Run(TimeSpan.FromSeconds(3));
        Assert.All(agents, a => Assert.Null(a.Stopped));

        var again = cluster.Add("seed", "seed");
        cluster.RunUntil(() => agents.All(a => a.Stopped == StopReason.Downed), 2);

        var restarted = agents.Select(a => cluster.Add(a.Host, "agent", "seed")).ToArray();
        cluster.RunUntil(() => restarted.All(a => again.Sees(a, MemberStatus.Up)), 1);
    }

    [Fact]
    public void An_agent_can_neither_found_nor_down_nor_send_away_anyone()
    {
        var (cluster, seed, agents) = Joined(3);
        agents[0].Down(agents[1]);
        agents[0].Down(seed);
        cluster.Run(TimeSpan.FromSeconds(5));
        Assert.All(agents, a => Assert.Equal(MemberStatus.Up, seed.StatusOf(a)));

        var lonely = cluster.Add("lonely", "agent");
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.Null(lonely.Protocol);
    }

    [Fact]
    public void Three_seeds_agree_and_agents_survive_the_loss_of_any()
    {
        var cluster = new VirtualCluster();
        var seeds = new[] { "s1", "s2", "s3" }.Select(h => cluster.Add(h, "seed", "s1", "s2", "s3")).ToArray();
        var agents = Enumerable.Range(0, 10).Select(i => cluster.Add($"a{i:00}", "agent", "s1", "s2", "s3")).ToArray();
        cluster.RunUntil(() => seeds.All(s => s.View.Members.Count == 13 && s.View.Members.All(m => m.Status == MemberStatus.Up)), 8);
        cluster.RunUntil(() => agents.All(a => a.View.Members.Count == 13), 2);

        seeds[0].Kill();
        cluster.RunUntil(() => seeds[1].IsUnreachable(seeds[0]) && seeds[2].IsUnreachable(seeds[0]), 2);
        var late = cluster.Add("late", "agent", "s1", "s2", "s3");
        cluster.RunUntil(() => seeds[1].Sees(late, MemberStatus.WeaklyUp), 3);

        agents[0].Kill();
        cluster.RunUntil(() => seeds[1].IsUnreachable(agents[0]), 2);
        cluster.RunUntil(() => agents.Skip(1).All(a => a.IsUnreachable(agents[0])), 4);

        var again = cluster.Add("s1", "seed", "s1", "s2", "s3");
        cluster.RunUntil(() => seeds[1].Sees(again, MemberStatus.Up) && seeds[2].Sees(again, MemberStatus.Up) && again.Sees(late, MemberStatus.Up), 5);
        Assert.Null(seeds[1].StatusOf(seeds[0]));
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.All(agents.Skip(1), a => Assert.Null(a.Stopped));
        Assert.DoesNotContain(seeds[1].Events.OfType<ClusterEvent.UnreachableMember>(), e => e.Member.UniqueAddress == agents[5].Self);
    }

    [Fact]
    public void An_agent_behind_a_wall_from_one_seed_is_not_unreachable_for_seeds_that_never_heard_it()
    {
        var cluster = new VirtualCluster();
        cluster.Block("s2", "a00");
        var s1 = cluster.Add("s1", "seed", "s1", "s2");
        var s2 = cluster.Add("s2", "seed", "s1", "s2");
        var agent = cluster.Add("a00", "agent", "s1");
        cluster.RunUntil(() => s2.Sees(agent, MemberStatus.Up), 8);
        cluster.Run(TimeSpan.FromSeconds(30));
        Assert.DoesNotContain(s1.Events.Concat(s2.Events), e => e is ClusterEvent.UnreachableMember u && u.Member.UniqueAddress == agent.Self);
    }

    [Fact]
    public void A_cluster_at_rest_sends_next_to_nothing()
    {
        var (cluster, _, _) = Joined(50);
        cluster.Run(TimeSpan.FromMinutes(1));
        cluster.Messages = 0;
        cluster.Run(TimeSpan.FromMinutes(10));
        Assert.InRange(cluster.Messages, 0, 50 * 10 * 4);
    }

    private static (VirtualCluster Cluster, VirtualNode Seed, VirtualNode[] Agents) Joined(int agents)
    {
        var cluster = new VirtualCluster();
        var seed = cluster.Add("seed", "seed");
        var all = Enumerable.Range(0, agents).Select(i => cluster.Add($"a{i:00}", "agent", "seed")).ToArray();
        cluster.RunUntil(() => all.All(a => all.All(b => a.Sees(b, MemberStatus.Up))), 5);
        return (cluster, seed, all);
    }
}

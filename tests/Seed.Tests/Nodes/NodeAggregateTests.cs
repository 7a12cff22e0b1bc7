using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;

namespace ClusterMonitor.Seed.Tests.Nodes;

public sealed class NodeAggregateTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly NodesBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void A_hello_is_judged_by_membership_and_answered_by_the_aggregate()
    {
        var aggregate = _bench.SayHello();

        Assert.Equal("n1", aggregate.Path.Name);
        Assert.Equal((NodesBench.SeedIncarnation, "seed-1", 32), (_bench.Accepted.SeedIncarnation, _bench.Accepted.SeedName, _bench.Accepted.Window));
    }

    [Fact]
    public void A_refused_agent_is_told_why()
    {
        _bench.Registry.Tell(NodesBench.Hello(), _bench.Agent.Ref);
        var claim = _bench.Membership.FishForMessage<AgentClaims>(_ => true, Patience);
        _bench.Registry.Tell(new AgentRefused(new HelloRefused { Reason = HelloRefusal.NameTaken, Text = "taken" }, claim.Agent), _bench.Membership.Ref);

        Assert.Equal("taken", _bench.Agent.ExpectMsg<HelloRefused>(Patience).Text);
    }

    [Fact]
    public void A_hostile_node_id_never_becomes_an_actor()
    {
        _bench.Registry.Tell(NodesBench.Hello(id: "../membership"), _bench.Agent.Ref);
        Assert.Equal(HelloRefusal.Invalid, _bench.Agent.ExpectMsg<HelloRefused>(Patience).Reason);
    }

    [Fact]
    public void A_live_sample_shows_as_vitals_and_counts_as_evidence()
    {
        var aggregate = _bench.SayHello();
        _bench.Clock.Move(TimeSpan.FromMilliseconds(10_050));
        _bench.SendLive(aggregate, 10, sentMs: NodeData.T0 + 10_350);

        var vitals = _bench.Fleet.FishForMessage<VitalsChanged>(_ => true, Patience).Vitals;
        var seen = _bench.Membership.FishForMessage<SampleSeen>(_ => true, Patience);

        Assert.Equal(0.12, vitals.Cpu, 5);
        Assert.Equal(50, vitals.TakenToSeedMs);
        Assert.Equal(new SampleSeen("n1", 7, NodeData.T0 + 10_050, 300), seen);
    }

    [Fact]
    public void Samples_of_an_unknown_incarnation_are_answered_with_a_wish_for_a_hello()
    {
        var aggregate = _bench.SayHello();
        _bench.SendLive(aggregate, 1, incarnation: 8);
        _bench.SendLive(aggregate, 2, incarnation: 8);

        Assert.Equal(NodesBench.SeedIncarnation, _bench.Agent.ExpectMsg<HelloWanted>(Patience).SeedIncarnation);
        _bench.Agent.ExpectNoMsg(TimeSpan.FromMilliseconds(100));
    }

    [Fact]
    public async Task Blocks_are_acked_once_committed_and_each_sample_is_there_once()
    {
        var aggregate = _bench.SayHello();
        for (var n = 1; n <= 20; n++)
        {
            _bench.SendBlock(aggregate, n, (n - 1) * 10);
            _bench.SendBlock(aggregate, n, (n - 1) * 10);
        }

        var acks = _bench.AwaitAck(20);
        Assert.Equal(acks.Order(), acks);
        Assert.Equal(Enumerable.Range(0, 200).Select(s => ((long)s, (double)s)), await _bench.History());
    }

    [Fact]
    public async Task A_block_out_of_order_is_not_stored_and_the_agent_is_told_where_to_go_on()
    {
        var aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.AwaitAck(1);
        _bench.SendBlock(aggregate, 3, 20);

        Assert.Equal(1, _bench.Agent.ExpectMsg<BlockAcked>(Patience).Sequence);
        Assert.Equal(10, (await _bench.History()).Count);
    }

    [Fact]
    public async Task A_damaged_block_is_passed_over_and_the_next_is_kept()
    {
        var aggregate = _bench.SayHello();
        var damaged = NodeData.Block(7, 1, NodeData.Samples(0, 10));
        damaged.Block = Google.Protobuf.ByteString.CopyFrom(1, 2, 3, 4, 5, 6, 7, 8);
        aggregate.Tell(damaged, _bench.Agent.Ref);
        _bench.SendBlock(aggregate, 2, 10);

        _bench.AwaitAck(2);
        Assert.Equal(10, (await _bench.History()).Count);
    }

    [Fact]
    public async Task A_restarted_seed_knows_marks_and_history()
    {
        var aggregate = _bench.SayHello();
        for (var n = 1; n <= 5; n++)
        {
            _bench.SendBlock(aggregate, n, (n - 1) * 10);
        }

        _bench.AwaitAck(5);
        await _bench.Restart();
        _bench.Registry.Tell(new NodesKnown([NodesBench.Hello()]), _bench.Membership.Ref);

        Assert.Equal(50, (await _bench.History()).Count);
        aggregate = _bench.SayHello();
        Assert.Equal((7UL, 5L), (_bench.Accepted.Acked[^1].Incarnation, _bench.Accepted.Acked[^1].Sequence));
        _bench.SendBlock(aggregate, 5, 40);
        _bench.SendBlock(aggregate, 6, 50);
        _bench.AwaitAck(6);
        Assert.Equal(Enumerable.Range(0, 60).Select(s => (long)s), (await _bench.History()).Select(p => p.Second));
    }

    [Fact]
    public async Task After_a_restart_the_fleet_gets_the_last_minute_of_cpu()
    {
        var aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.AwaitAck(1);
        await _bench.Restart();
        _bench.Clock.Move(TimeSpan.FromSeconds(12));
        _bench.Registry.Tell(new NodesKnown([NodesBench.Hello()]), _bench.Membership.Ref);

        var trail = _bench.Fleet.FishForMessage<TrailRecovered>(_ => true, Patience).CpuTrail;

        // 2 % + n % at second n, then nothing until now.
        Assert.Equal([4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 255, 255, 255], trail[^13..]);
    }

    [Fact]
    public async Task The_tail_of_a_dead_agent_becomes_history()
    {
        var aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.AwaitAck(1);
        for (var n = 10; n < 17; n++)
        {
            _bench.SendLive(aggregate, n);
        }

        _bench.Registry.Tell(new AgentGone("n1", 7), _bench.Membership.Ref);
        await Stored(2);
        await _bench.Restart();
        _bench.Registry.Tell(new NodesKnown([NodesBench.Hello()]), _bench.Membership.Ref);

        Assert.Equal(Enumerable.Range(0, 17).Select(s => ((long)s, (double)s)), await _bench.History());
    }

    [Fact]
    public async Task An_agent_that_comes_back_with_its_outbox_is_not_counted_twice()
    {
        var aggregate = _bench.SayHello();
        for (var n = 0; n < 7; n++)
        {
            _bench.SendLive(aggregate, n);
        }

        _bench.Registry.Tell(new AgentGone("n1", 7), _bench.Membership.Ref);
        await Stored(1);
        aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.SendBlock(aggregate, 2, 10);
        _bench.AwaitAck(2);

        Assert.Equal(Enumerable.Range(0, 20).Select(s => ((long)s, (double)s)), await _bench.History());
        Assert.Equal(3, (await _bench.Ask<NodeDetail>(new AggregateQuery("n1"))).BlocksStored);
    }

    [Fact]
    public async Task A_flood_of_live_samples_is_shed_but_the_newest_gets_through()
    {
        var aggregate = _bench.SayHello();
        for (var n = 0; n < 200; n++)
        {
            _bench.SendLive(aggregate, n);
        }

        // The seed's clock stands still until all have been looked at, so after the burst only the held one comes, when its timer says so.
        await _bench.Ask<NodeDetail>(new AggregateQuery("n1"));
        _bench.Clock.Move(TimeSpan.FromSeconds(1));
        _bench.Fleet.FishForMessage<VitalsChanged>(v => v.Vitals.TimeMs == NodeData.T0 + 199_000, Patience);
        var detail = await _bench.Ask<NodeDetail>(new AggregateQuery("n1"));
        Assert.Equal(200 - LiveGate.Burst - 1, detail.SeedShedSamples);
    }

    [Fact]
    public async Task Detail_has_current_values_and_rates_of_all_metrics()
    {
        var aggregate = _bench.SayHello();
        _bench.SendLive(aggregate, 10);
        _bench.SendLive(aggregate, 11);
        _bench.Fleet.FishForMessage<VitalsChanged>(v => v.Vitals.TimeMs == NodeData.T0 + 11_000, Patience);

        var detail = await _bench.Ask<NodeDetail>(new AggregateQuery("n1"));

        Assert.Equal(NodeData.Schema.Count, detail.Metrics.Count);
        Assert.Equal(1.23, detail.Current[NodeData.Column("system.cpu.load_average.1m")]);
        Assert.Equal(1000, detail.Current[NodeData.Column("system.network.io", ("device", "eth0"), ("direction", "receive"))]);
    }

    [Fact]
    public async Task What_cant_be_answered_is_refused_in_words()
    {
        Assert.Equal(QueryRefusal.UnknownNode, (await _bench.Ask<QueryRefused>(new AggregateQuery("nobody"))).Reason);
        Assert.Equal(QueryRefusal.UnknownNode, (await _bench.Ask<QueryRefused>(new HistoryQuery { Node = "nobody" })).Reason);
        _bench.SayHello();
        Assert.Equal(QueryRefusal.BadRange, (await _bench.Ask<QueryRefused>(new HistoryQuery { Node = "n1" })).Reason);
    }

    [Fact]
    public async Task History_older_than_it_is_kept_is_deleted_behind_a_snapshot()
    {
        _bench.Settings = _bench.Settings with { SnapshotEvery = 60, KeepRaw = TimeSpan.FromMinutes(5) };
        await _bench.Restart();
        var aggregate = _bench.SayHello();
        for (var n = 1; n <= 120; n++)
        {
            _bench.SendBlock(aggregate, n, (n - 1) * 10);
            _bench.AwaitAck(n);
            _bench.Clock.Move(TimeSpan.FromSeconds(10));
        }

        // 20 minutes went by, five are kept, in steps of some minutes; what was kept is whole.
        await Until(() => Rows("SELECT COUNT(*) FROM journal WHERE deleted = 0") < 70);
        var seconds = (await _bench.History()).Select(p => p.Second).ToList();
        Assert.Equal(1199, seconds[^1]);
        Assert.InRange(seconds.Count, 300, 700);
        Assert.Equal(Enumerable.Range((int)seconds[0], seconds.Count).Select(s => (long)s), seconds);
        Assert.Equal(1, Rows("SELECT COUNT(*) FROM snapshot"));

        await _bench.Restart();
        _bench.Registry.Tell(new NodesKnown([NodesBench.Hello()]), _bench.Membership.Ref);
        Assert.Equal(seconds, (await _bench.History()).Select(p => p.Second));
    }

    [Fact]
    public async Task A_removed_node_leaves_nothing_behind()
    {
        var aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.AwaitAck(1);
        var end = _bench.Kit.CreateTestProbe();
        end.Watch(aggregate);
        _bench.Registry.Tell(new NodeRemoved("n1"), _bench.Membership.Ref);
        end.ExpectTerminated(aggregate, Patience);

        Assert.Equal(0, Rows("SELECT COUNT(*) FROM journal WHERE deleted = 0"));
        Assert.Equal(QueryRefusal.UnknownNode, (await _bench.Ask<QueryRefused>(new AggregateQuery("n1"))).Reason);
    }

    [Fact]
    public async Task A_journal_that_fails_stops_the_node_which_is_tried_again_until_it_is_healed()
    {
        var aggregate = _bench.SayHello();
        _bench.SendBlock(aggregate, 1, 0);
        _bench.AwaitAck(1);

        // Another program takes the number that the next block would have.
        Execute("INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) SELECT created, deleted, persistence_id, 3, message, manifest, identifier, 'other' FROM journal WHERE persistence_id = 'node-n1' AND sequence_number = 2");
        _bench.SendBlock(aggregate, 2, 10);

        var warning = _bench.Fleet.FishForMessage<ClusterMonitor.Seed.Fleet.WarningRaised>(_ => true, Patience);
        Assert.StartsWith("web-1 is not kept: ", warning.Text);

        // The agent is told whom to send to from now on, and nothing acked is lost.
        _bench.Agent.FishForMessage<HelloAccepted>(_ => true, Patience);
        aggregate = _bench.Agent.LastSender;
        _bench.SendBlock(aggregate, 2, 10);
        _bench.AwaitAck(2);
        _bench.Fleet.FishForMessage<ClusterMonitor.Seed.Fleet.WarningRaised>(w => w.Text.Length == 0, Patience);
        Assert.Equal(Enumerable.Range(0, 20).Select(s => (long)s), (await _bench.History()).Select(p => p.Second));
    }

    private async Task Stored(long blocks) =>
        await Until(() => _bench.Ask<NodeDetail>(new AggregateQuery("n1")).Result.BlocksStored == blocks);

    private async Task Until(Func<bool> condition) => await _bench.Kit.AwaitConditionAsync(() => Task.FromResult(condition()), Patience);

    private long Rows(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_bench.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)command.ExecuteScalar()!;
    }

    private void Execute(string sql)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={_bench.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

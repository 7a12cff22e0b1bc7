using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class UplinkActorTests : TestKit
{
    private readonly TestClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000_000));
    private readonly List<UplinkReport> _reports = [];
    private readonly TestProbe _registry;
    private readonly TestProbe _aggregate;

    public UplinkActorTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
        _registry = CreateTestProbe("registry");
        _aggregate = CreateTestProbe("aggregate");
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void It_says_hello_until_a_seed_accepts_and_then_sends_the_newest_sample_at_once()
    {
        var state = Samples.Agent();
        state.Latest = new TakenSample(Samples.Schema(1), Samples.At(5, 42));
        var uplink = Start(state);
        var hello = _registry.ExpectMsg<NodeHello>();
        Assert.Equal(("n1", 7UL, "a7", "akka://x"), (hello.Name, hello.Incarnation, hello.Labels["rack"], hello.Address));
        Assert.Equal(["temperature"], hello.FailedCollectors);
        Scheduler.Advance(TimeSpan.FromSeconds(1.3));
        _registry.ExpectMsg<NodeHello>();

        Accept(uplink);
        var live = _aggregate.ExpectMsg<LiveSample>();
        Assert.Equal((5000, 42L), (live.TimeMs, live.Values[0]));
        Assert.Equal(live.SchemaHash, hello.Schema.Hash);
        Scheduler.Advance(TimeSpan.FromSeconds(10));
        _registry.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        AwaitAssert(() => Assert.Equal([UplinkReport.Accepted], _reports));
    }

    [Fact]
    public void A_backlog_goes_out_behind_the_live_sample_in_order_in_portions_within_the_window()
    {
        var state = Samples.Agent();
        Fill(state, 200);
        var uplink = Start(state);
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink, window: 8);
        _aggregate.ExpectMsg<LiveSample>();
        Assert.Equal([1L, 2, 3, 4, 5], Blocks(5));
        _aggregate.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([6L, 7, 8], Blocks(3));
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        _aggregate.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        uplink.Tell(new BlockAcked { Incarnation = 7, Sequence = 8 }, _aggregate.Ref);
        Assert.Equal([9L, 10, 11, 12, 13], Blocks(5));
    }

    [Fact]
    public void When_the_seed_wants_a_hello_unacked_blocks_are_sent_again()
    {
        var state = Samples.Agent();
        Fill(state, 30);
        var uplink = Start(state);
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink);
        _aggregate.ExpectMsg<LiveSample>();
        Blocks(3);
        uplink.Tell(new HelloWanted(), _aggregate.Ref);
        AwaitAssert(() => Assert.Contains(UplinkReport.Lost, _reports));
        Scheduler.Advance(TimeSpan.FromMilliseconds(500));
        Assert.Equal(1, _registry.ExpectMsg<NodeHello>().OldestUnackedSequence);
        Accept(uplink, acked: 1);
        _aggregate.ExpectMsg<LiveSample>();
        Scheduler.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal([2L, 3], Blocks(2));
    }

    [Fact]
    public void When_the_seeds_side_ends_it_says_hello_again()
    {
        var uplink = Start(Samples.Agent());
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink);
        AwaitAssert(() => Assert.Contains(UplinkReport.Accepted, _reports));
        Sys.Stop(_aggregate.Ref);
        AwaitAssert(() => Assert.Contains(UplinkReport.Lost, _reports));
        Scheduler.Advance(TimeSpan.FromMilliseconds(500));
        _registry.ExpectMsg<NodeHello>();
    }

    [Fact]
    public void A_refusal_is_reported_and_asked_again_only_after_a_pause()
    {
        var uplink = Start(Samples.Agent());
        _registry.ExpectMsg<NodeHello>();
        uplink.Tell(new HelloRefused { Reason = HelloRefusal.NameTaken, Text = "n1 is taken; use --name" }, _registry.Ref);
        AwaitAssert(() => Assert.Equal([UplinkReport.Refused], _reports));
        Scheduler.Advance(TimeSpan.FromSeconds(4));
        _registry.ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        _registry.ExpectMsg<NodeHello>();
    }

    [Fact]
    public void A_seed_that_does_not_answer_is_left_for_the_next_one()
    {
        var other = CreateTestProbe("other");
        var uplink = Start(Samples.Agent(), _registry.Ref.Path.ToString(), other.Ref.Path.ToString());
        for (var hello = 0; hello < 3; hello++)
        {
            _registry.ExpectMsg<NodeHello>();
            Scheduler.Advance(TimeSpan.FromSeconds(1.3));
        }

        other.ExpectMsg<NodeHello>();
        Accept(uplink);
        AwaitAssert(() => Assert.Equal([UplinkReport.Unanswered, UplinkReport.Accepted], _reports));
    }

    [Fact]
    public void A_seed_with_another_incarnation_is_reported_as_a_new_one()
    {
        var uplink = Start(Samples.Agent());
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink, seedIncarnation: 1);
        uplink.Tell(new HelloWanted { SeedIncarnation = 2 }, _aggregate.Ref);
        AwaitAssert(() => Assert.Contains(UplinkReport.Lost, _reports));
        Accept(uplink, seedIncarnation: 2);
        AwaitAssert(() => Assert.Contains(UplinkReport.SeedReplaced, _reports));
    }

    [Fact]
    public void A_new_schema_is_announced_before_its_first_sample_and_only_once()
    {
        var state = Samples.Agent();
        var uplink = Start(state);
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink);
        var schema = Samples.Schema(3, "new");
        uplink.Tell(new TakenSample(schema, Samples.At(1, 1, 2, 3)));
        uplink.Tell(new TakenSample(schema, Samples.At(2, 1, 2, 3)));
        Assert.Equal(schema.Hash, _aggregate.ExpectMsg<SchemaAnnounced>().Hash);
        Assert.Equal(schema.Hash, _aggregate.ExpectMsg<LiveSample>().SchemaHash);
        _aggregate.ExpectMsg<LiveSample>();
    }

    [Fact]
    public void Blocks_that_nobody_acks_end_the_session()
    {
        var state = Samples.Agent();
        Fill(state, 10);
        var uplink = Start(state);
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink);
        _aggregate.ExpectMsg<LiveSample>();
        Blocks(1);
        _clock.Advance(TimeSpan.FromSeconds(11));
        uplink.Tell(state.Latest!);
        AwaitAssert(() => Assert.Contains(UplinkReport.Lost, _reports));
    }

    [Fact]
    public void At_the_end_the_open_block_is_sealed_and_the_asker_hears_when_the_seed_has_it()
    {
        var state = Samples.Agent();
        Fill(state, 3);
        var uplink = Start(state);
        _registry.ExpectMsg<NodeHello>();
        Accept(uplink);
        _aggregate.ExpectMsg<LiveSample>();
        uplink.Tell(FlushOutbox.Instance, TestActor);
        Assert.Equal(3, _aggregate.ExpectMsg<BlockOffered>().Samples);
        ExpectNoMsg(TimeSpan.FromMilliseconds(50));
        uplink.Tell(new BlockAcked { Incarnation = 7, Sequence = 1 }, _aggregate.Ref);
        ExpectMsg<Done>();
    }

    [Fact]
    public void At_the_end_nobody_waits_for_a_seed_that_is_not_there()
    {
        var state = Samples.Agent();
        Fill(state, 3);
        Start(state).Tell(FlushOutbox.Instance, TestActor);
        ExpectMsg<Done>();
    }

    private static void Fill(AgentState state, int samples)
    {
        var schema = Samples.Schema();
        for (var s = 1; s <= samples; s++)
        {
            var sample = Samples.At(s);
            state.Outbox.Add(schema, sample);
            state.Latest = new TakenSample(schema, sample);
        }
    }

    private IActorRef Start(AgentState state, params string[] registries)
    {
        var settings = new UplinkSettings(registries.Length == 0 ? [_registry.Ref.Path.ToString()] : registries, "akka://x");
        TimeProvider clock = _clock;
        var dice = new Random(1);
        Action<UplinkReport> report = r =>
        {
            lock (_reports)
            {
                _reports.Add(r);
            }
        };
        return Sys.ActorOf(Props.Create(() => new UplinkActor(state, settings, clock, dice, report)));
    }

    private void Accept(IActorRef uplink, long acked = 0, int window = 16, ulong seedIncarnation = 1)
    {
        var accepted = new HelloAccepted { SeedIncarnation = seedIncarnation, SeedName = "seed", Window = window };
        accepted.Acked.Add(new AckedUpTo { Incarnation = 7, Sequence = acked });
        uplink.Tell(accepted, _aggregate.Ref);
    }

    private List<long> Blocks(int count) => [.. Enumerable.Range(0, count).Select(_ => _aggregate.ExpectMsg<BlockOffered>().Sequence)];
}

using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class SamplerActorTests : TestKit
{
    private readonly TestClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000_400));

    public SamplerActorTests()
        : base("akka.scheduler.implementation = \"Akka.TestKit.TestScheduler, Akka.TestKit\"")
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Samples_are_taken_on_the_second_and_stand_for_it()
    {
        var state = Samples.Agent();
        Start(state);
        Pass(600);
        Assert.Equal(1_000_001_000, ExpectMsg<TakenSample>().Sample.TimeMs);
        Pass(1000);
        var second = ExpectMsg<TakenSample>().Sample;
        Assert.Equal((1_000_002_000, SampleFlags.None), (second.TimeMs, second.Flags));
        Assert.Equal([2L], second.Values);
        Assert.Equal(0, state.MissedTicks);
    }

    [Fact]
    public void The_tenth_sample_seals_a_block_and_the_uplink_hears_of_it_after_the_sample()
    {
        var state = Samples.Agent();
        Start(state);
        Pass(600);
        for (var tick = 1; tick < 10; tick++)
        {
            ExpectMsg<TakenSample>();
            Pass(1000);
        }

        ExpectMsg<TakenSample>();
        ExpectMsg<BlockSealed>();
        Assert.Equal(1, state.Outbox.Counters.Blocks);
    }

    [Fact]
    public void A_process_that_stood_still_leaves_a_gap_marks_the_late_sample_and_counts_both()
    {
        var state = Samples.Agent();
        Start(state);
        Pass(600);
        ExpectMsg<TakenSample>();

        // The machine sleeps: both clocks go on, timers do not.
        _clock.Advance(TimeSpan.FromMilliseconds(4_300));
        Scheduler.Advance(TimeSpan.FromSeconds(1));
        var late = ExpectMsg<TakenSample>().Sample;
        Assert.Equal((1_000_005_000, SampleFlags.Late), (late.TimeMs, late.Flags));
        Assert.Equal(3, state.MissedTicks);
        Assert.Equal(1, state.Counters().LateTicks);
    }

    [Fact]
    public void A_clock_set_back_an_hour_is_followed_and_ends_the_block()
    {
        var state = Samples.Agent();
        Start(state);
        Pass(600);
        ExpectMsg<TakenSample>();
        _clock.Set(TimeSpan.FromHours(-1));
        Pass(1000);
        Assert.Equal(1_000_002_000 - 3_600_000, ExpectMsg<TakenSample>().Sample.TimeMs);
        ExpectMsg<BlockSealed>();
        Assert.Equal(0, state.MissedTicks);
    }

    [Fact]
    public void A_sampler_started_anew_takes_the_second_that_the_one_before_missed()
    {
        var state = Samples.Agent();
        var first = Start(state);
        Pass(600);
        ExpectMsg<TakenSample>();
        Watch(first);
        Sys.Stop(first);
        ExpectTerminated(first);
        _clock.Advance(TimeSpan.FromMilliseconds(1_300));
        Start(state);
        Scheduler.Advance(TimeSpan.FromMilliseconds(1));
        var caughtUp = ExpectMsg<TakenSample>().Sample;
        Assert.Equal((1_000_002_000, SampleFlags.Late), (caughtUp.TimeMs, caughtUp.Flags));
        Assert.Equal(0, state.MissedTicks);
    }

    private IActorRef Start(AgentState state)
    {
        var uplink = TestActor;
        TimeProvider clock = _clock;
        var sampler = Sys.ActorOf(Props.Create(() => new SamplerActor(state, uplink, clock)));

        // Its timer must be set before time is moved.
        sampler.Ask<ActorIdentity>(new Identify(0), TimeSpan.FromSeconds(10)).Wait();
        return sampler;
    }

    private void Pass(int milliseconds)
    {
        _clock.Advance(TimeSpan.FromMilliseconds(milliseconds));
        Scheduler.Advance(TimeSpan.FromMilliseconds(milliseconds));
    }
}

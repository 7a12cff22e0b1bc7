namespace EngineTests.Conformance;

public class SchedulerSpec : TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void A_message_can_be_told_once_later()
    {
        var start = Sys.Scheduler.MonotonicClock;
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), TestActor, "later", ActorRefs.NoSender);
        ExpectMsg("later");
        Assert.True(Sys.Scheduler.MonotonicClock - start >= TimeSpan.FromMilliseconds(80));
        ExpectNoMsg(100);
    }

    [Fact]
    public void A_message_can_be_told_again_and_again_until_cancelled()
    {
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(Short, Short, TestActor, "tick", ActorRefs.NoSender);
        ExpectMsg("tick");
        ExpectMsg("tick");
        cancelable.Cancel();
        ReceiveWhile<string>(TimeSpan.FromMilliseconds(100), m => m as string);
        ExpectNoMsg(100);
        Assert.True(cancelable.IsCancellationRequested);
    }

    [Fact]
    public void A_cancelled_message_is_not_told()
    {
        var cancelable = Sys.Scheduler.ScheduleTellOnceCancelable(TimeSpan.FromMilliseconds(100), TestActor, "later", ActorRefs.NoSender);
        cancelable.Cancel();
        ExpectNoMsg(200);
    }

    [Fact]
    public void Actions_can_be_scheduled()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(Short, () => TestActor.Tell("once"));
        ExpectMsg("once");
        var cancelable = new Cancelable(Sys.Scheduler);
        Sys.Scheduler.Advanced.ScheduleRepeatedly(TimeSpan.Zero, Short, () => TestActor.Tell("again"), cancelable);
        ExpectMsg("again");
        ExpectMsg("again");
        cancelable.Cancel();
    }

    [Fact]
    public void An_action_that_throws_does_not_stop_the_scheduler()
    {
        Sys.Scheduler.Advanced.ScheduleOnce(TimeSpan.FromMilliseconds(1), () => throw new InvalidOperationException("boom"));
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(100), TestActor, "alive", ActorRefs.NoSender);
        ExpectMsg("alive");
    }

    [Fact]
    public void A_cancelable_can_cancel_itself_later()
    {
        using var cancelable = new Cancelable(Sys.Scheduler, Short);
        AwaitCondition(() => cancelable.IsCancellationRequested);
        Assert.True(cancelable.Token.IsCancellationRequested);
        Assert.True(Cancelable.CreateCanceled().IsCancellationRequested);
    }

    [Fact]
    public void Messages_come_in_the_order_of_their_delays()
    {
        foreach (var delay in new[] { 300, 100, 200, 50 })
        {
            Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromMilliseconds(delay), TestActor, delay, ActorRefs.NoSender);
        }

        Assert.Equal(new object[] { 50, 100, 200, 300 }, ReceiveN(4));
    }
}

public class TestSchedulerSpec : TestKit
{
    public TestSchedulerSpec()
        : base(TestConfigs.TestSchedulerConfig)
    {
    }

    private TestScheduler Scheduler => (TestScheduler)Sys.Scheduler;

    [Fact]
    public void Time_stands_still_until_the_test_advances_it()
    {
        Sys.Scheduler.ScheduleTellOnce(TimeSpan.FromHours(1), TestActor, "later", ActorRefs.NoSender);
        Scheduler.Advance(TimeSpan.FromMinutes(59));
        ExpectNoMsg(100);
        Scheduler.Advance(TimeSpan.FromMinutes(1));
        ExpectMsg("later");
    }

    [Fact]
    public void Timers_of_actors_follow_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Timed(TestActor)));
        actor.Tell(new Do(t =>
        {
            t.StartPeriodicTimer("k", "tick", TimeSpan.FromSeconds(1));
            TestActor.Tell("started");
        }));
        ExpectMsg("started");
        for (var i = 0; i < 3; i++)
        {
            Scheduler.Advance(TimeSpan.FromSeconds(1));
            ExpectMsg("tick");
        }

        ExpectNoMsg(50);
    }

    [Fact]
    public void Receive_timeouts_follow_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)));
        actor.Tell(new Run(c => c.SetReceiveTimeout(TimeSpan.FromMinutes(1))));
        actor.Tell("set");
        ExpectMsg("set");
        Scheduler.Advance(TimeSpan.FromSeconds(59));
        ExpectNoMsg(50);
        Scheduler.Advance(TimeSpan.FromSeconds(2));
        ExpectMsg<ReceiveTimeout>();
    }
}

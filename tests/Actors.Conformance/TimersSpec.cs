namespace EngineTests.Conformance;

public class TimersSpec : TestKit
{
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(20);

    private IActorRef Timed() => Sys.ActorOf(Props.Create(() => new Timed(TestActor)));

    [Fact]
    public void A_single_timer_goes_off_once()
    {
        Timed().Tell(new Do(t => t.StartSingleTimer("k", "tick", Short)));
        ExpectMsg("tick");
        ExpectNoMsg(100);
    }

    [Fact]
    public void A_periodic_timer_goes_off_until_cancelled()
    {
        var actor = Timed();
        actor.Tell(new Do(t => t.StartPeriodicTimer("k", "tick", Short)));
        ExpectMsg("tick");
        ExpectMsg("tick");
        ExpectMsg("tick");
        actor.Tell(new Do(t => t.Cancel("k")));
        actor.Tell("cancelled");
        FishForMessage<string>(m => m == "cancelled");
        ExpectNoMsg(100);
    }

    [Fact]
    public void An_initial_delay_comes_before_the_first_interval()
    {
        Timed().Tell(new Do(t => t.StartPeriodicTimer("k", "tick", TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(1))));
        ExpectMsg("tick");
        ExpectNoMsg(100);
    }

    [Fact]
    public void Starting_a_timer_of_the_same_key_replaces_it()
    {
        Timed().Tell(new Do(t =>
        {
            t.StartSingleTimer("k", "old", Short);
            t.StartSingleTimer("k", "new", Short);
        }));
        ExpectMsg("new");
        ExpectNoMsg(100);
    }

    [Fact]
    public void A_message_of_a_cancelled_timer_that_waits_in_the_mailbox_is_not_delivered()
    {
        var actor = Timed();
        actor.Tell(new Do(t =>
        {
            t.StartSingleTimer("k", "tick", TimeSpan.FromMilliseconds(1));
            Thread.Sleep(100);
            t.Cancel("k");
        }));
        actor.Tell("after");
        ExpectMsg("after");
        ExpectNoMsg(100);
    }

    [Fact]
    public void A_restart_cancels_all_timers()
    {
        var actor = Timed();
        actor.Tell(new Do(t => t.StartPeriodicTimer("k", "tick", Short)));
        ExpectMsg("tick");
        actor.Tell(new Do(_ => throw new InvalidOperationException("boom")));
        actor.Tell("restarted");
        FishForMessage<string>(m => m == "restarted");
        ExpectNoMsg(100);
    }

    [Fact]
    public void A_stop_cancels_all_timers_without_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Timed();
        actor.Tell(new Do(t => t.StartPeriodicTimer("k", "tick", Short)));
        ExpectMsg("tick");
        Watch(actor);
        Sys.Stop(actor);
        FishForMessage<Terminated>(_ => true);
        ExpectNoMsg(100);
    }

    [Fact]
    public void It_is_known_which_timers_are_active()
    {
        var actor = Timed();
        actor.Tell(new Do(t =>
        {
            t.StartSingleTimer("k", "tick", Short);
            TestActor.Tell(t.IsTimerActive("k"));
            TestActor.Tell(t.IsTimerActive("other"));
        }));
        ExpectMsg(true);
        ExpectMsg(false);
        ExpectMsg("tick");
        actor.Tell(new Do(t => TestActor.Tell(t.IsTimerActive("k"))));
        ExpectMsg(false);
    }

    [Fact]
    public void CancelAll_ends_all()
    {
        Timed().Tell(new Do(t =>
        {
            t.StartSingleTimer(1, "one", Short);
            t.StartPeriodicTimer(2, "two", Short);
            t.CancelAll();
        }));
        ExpectNoMsg(100);
    }
}

internal sealed record Do(Action<ITimerScheduler> Action);

internal sealed class Timed : UntypedActor, IWithTimers
{
    private readonly IActorRef _target;

    public Timed(IActorRef target) => _target = target;

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void OnReceive(object message)
    {
        if (message is Do command)
        {
            command.Action(Timers);
        }
        else
        {
            _target.Tell(message);
        }
    }
}

namespace EngineTests.Conformance;

public class SupervisionSpec : TestKit
{
    private IActorRef Parent(SupervisorStrategy strategy) => Sys.ActorOf(Props.Create(() => new Supervisor(TestActor, strategy)));

    private async Task<IActorRef> Child(IActorRef parent, string name) =>
        await parent.Ask<IActorRef>(Props.Create(() => new LifeReporter(TestActor, name)), TimeSpan.FromSeconds(10));

    [Fact]
    public async Task Resume_keeps_the_incarnation_and_goes_on_with_the_next_message()
    {
        var child = await Child(Parent(new OneForOneStrategy(_ => Directive.Resume)), "c");
        ReceiveN(2);
        child.Tell("throw");
        child.Tell("next");
        ExpectMsg("next");
    }

    [Fact]
    public async Task Stop_ends_the_child()
    {
        var child = await Child(Parent(new OneForOneStrategy(_ => Directive.Stop)), "c");
        ReceiveN(2);
        Watch(child);
        child.Tell("throw");
        ExpectMsg("c PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task Escalate_makes_the_parent_fail_with_the_childs_exception()
    {
        var top = Parent(new OneForOneStrategy(e =>
        {
            TestActor.Tell($"top: {e.Message}");
            return Directive.Stop;
        }));
        var middle = await top.Ask<IActorRef>(
            Props.Create(() => new Supervisor(TestActor, new OneForOneStrategy(e => Directive.Escalate))), TimeSpan.FromSeconds(10));
        var child = await Child(middle, "c");
        ReceiveN(2);
        Watch(middle);
        child.Tell("throw");
        var messages = ReceiveN(3);
        Assert.Equal("top: boom", messages.First());
        Assert.Contains("c PostStop", messages);
        Assert.Contains(messages, m => m is Terminated t && t.ActorRef.Equals(middle));
    }

    [Fact]
    public async Task The_decider_sees_which_exception_it_is()
    {
        var child = await Child(
            Parent(new OneForOneStrategy(e => e is ArgumentException ? Directive.Resume : Directive.Stop)), "c");
        ReceiveN(2);
        Watch(child);
        child.Tell(new Throw(new ArgumentException("fine")));
        child.Tell("alive");
        ExpectMsg("alive");
        child.Tell(new Throw(new NotSupportedException("bad")));
        ExpectMsg("c PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task More_restarts_than_allowed_stop_the_child()
    {
        var child = await Child(Parent(new OneForOneStrategy(2, TimeSpan.FromMinutes(1), e => Directive.Restart)), "c");
        ReceiveN(2);
        Watch(child);
        for (var i = 0; i < 2; i++)
        {
            child.Tell("throw");
            ExpectMsg("c PreRestart boom at throw");
            ExpectMsg("c PostStop");
            ExpectMsg("c constructed");
            ExpectMsg("c PostRestart boom");
            ExpectMsg("c PreStart");
        }

        child.Tell("throw");
        ExpectMsg("c PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task No_restarts_allowed_means_stop()
    {
        var child = await Child(Parent(new OneForOneStrategy(0, TimeSpan.FromMinutes(1), e => Directive.Restart)), "c");
        ReceiveN(2);
        Watch(child);
        child.Tell("throw");
        ExpectMsg("c PostStop");
        ExpectTerminated(child);
    }

    [Fact]
    public async Task One_for_one_leaves_the_siblings_alone()
    {
        var parent = Parent(new OneForOneStrategy(_ => Directive.Stop));
        var first = await Child(parent, "1");
        var second = await Child(parent, "2");
        ReceiveN(4);
        Watch(first);
        first.Tell("throw");
        ExpectMsg("1 PostStop");
        ExpectTerminated(first);
        second.Tell("alive");
        ExpectMsg("alive");
    }

    [Fact]
    public async Task All_for_one_restarts_the_siblings_too()
    {
        var parent = Parent(new AllForOneStrategy(null, null, _ => Directive.Restart));
        var first = await Child(parent, "1");
        await Child(parent, "2");
        ReceiveN(4);
        first.Tell("throw");
        var messages = ReceiveN(10).Cast<string>().ToList();
        Assert.Contains("1 PreRestart boom at throw", messages);
        Assert.Contains("2 PostRestart boom", messages);
        Assert.Equal(2, messages.Count(m => m.EndsWith("PreStart", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Messages_wait_while_a_failure_is_dealt_with_and_none_is_lost_but_the_failed_one()
    {
        var child = await Child(Parent(new OneForOneStrategy(_ => Directive.Restart)), "c");
        ReceiveN(2);
        child.Tell("throw");
        for (var i = 0; i < 50; i++)
        {
            child.Tell(i);
        }

        ReceiveN(5);
        Assert.Equal(Enumerable.Range(0, 50).Cast<object>(), ReceiveN(50));
    }

    [Fact]
    public void The_strategy_of_the_props_overrides_the_actors_own()
    {
        var stopping = new OneForOneStrategy(_ => Directive.Stop);
        var resuming = new OneForOneStrategy(_ => Directive.Resume);
        var parent = Sys.ActorOf(Props.Create(() => new Supervisor(TestActor, stopping)).WithSupervisorStrategy(resuming));
        parent.Tell(Props.Create(() => new LifeReporter(TestActor, "c")));
        var child = FishForMessage<IActorRef>(_ => true);
        child.Tell("throw");
        child.Tell("alive");
        FishForMessage<string>(m => m == "alive");
    }

    [Fact]
    public void A_failed_restart_is_a_failure_again_and_the_default_strategy_stops_it()
    {
        var count = new int[1];
        var actor = Sys.ActorOf(Props.Create(() => new OnceOnly(TestActor, count)));
        ExpectMsg("alive");
        Watch(actor);
        actor.Tell("throw");
        ExpectTerminated(actor);
    }

    [Fact]
    public void PreRestart_that_throws_does_not_prevent_the_restart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadRestarter(TestActor)));
        ExpectMsg("alive");
        actor.Tell("throw");
        ExpectMsg("alive");
    }

    [Fact]
    public void The_message_and_sender_of_the_failure_are_known_in_PreRestart()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Apologizer()));
        actor.Tell("request");
        ExpectMsg("sorry for request");
    }

    [Fact]
    public void A_supervisor_logs_the_failure_with_the_child_as_source()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        var actor = Sys.ActorOf(Props.Create(() => new Apologizer()), "clumsy");
        actor.Tell("request");
        var error = FishForMessage<Error>(_ => true);
        Assert.EndsWith("/user/clumsy", error.LogSource, StringComparison.Ordinal);
        Assert.Equal("boom", error.Cause.Message);
        Assert.Contains("boom", error.Message.ToString(), StringComparison.Ordinal);
    }

    private sealed class OnceOnly : UntypedActor
    {
        public OnceOnly(IActorRef target, int[] count)
        {
            if (count[0]++ > 0)
            {
                throw new InvalidOperationException("not again");
            }

            target.Tell("alive");
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }

    private sealed class BadRestarter : UntypedActor
    {
        public BadRestarter(IActorRef target) => target.Tell("alive");

        protected override void PreRestart(Exception reason, object message) => throw new NotSupportedException("no");

        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }

    private sealed class Apologizer : UntypedActor
    {
        protected override void PreRestart(Exception reason, object message)
        {
            Sender.Tell($"sorry for {message}");
            base.PreRestart(reason, message);
        }

        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }
}

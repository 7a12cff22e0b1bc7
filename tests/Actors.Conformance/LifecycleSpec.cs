namespace EngineTests.Conformance;

public class LifecycleSpec : TestKit
{
    [Fact]
    public void An_actor_is_constructed_and_started_before_its_first_message_and_stopped_after_its_last()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "a")));
        ExpectMsg("a constructed");
        ExpectMsg("a PreStart");
        actor.Tell("hi");
        ExpectMsg("hi");
        actor.Tell(PoisonPill.Instance);
        ExpectMsg("a PostStop");
    }

    [Fact]
    public void A_restart_calls_the_hooks_of_both_incarnations_in_order_and_keeps_the_reference()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "a")));
        ExpectMsg("a constructed");
        ExpectMsg("a PreStart");
        actor.Tell("throw");
        ExpectMsg("a PreRestart boom at throw");
        ExpectMsg("a PostStop");
        ExpectMsg("a constructed");
        ExpectMsg("a PostRestart boom");
        ExpectMsg("a PreStart");
        actor.Tell("hi");
        ExpectMsg("hi");
    }

    [Fact]
    public void Children_are_stopped_before_their_parent()
    {
        var parent = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "p")));
        ExpectMsg("p constructed");
        ExpectMsg("p PreStart");
        parent.Tell(new Run(c => c.ActorOf(Props.Create(() => new LifeReporter(TestActor, "c")))));
        ExpectMsg("c constructed");
        ExpectMsg("c PreStart");
        Sys.Stop(parent);
        ExpectMsg("c PostStop");
        ExpectMsg("p PostStop");
    }

    [Fact]
    public void A_restart_stops_the_children_first()
    {
        var parent = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "p")));
        parent.Tell(new Run(c => c.ActorOf(Props.Create(() => new LifeReporter(TestActor, "c")), "kid")));
        ReceiveN(4);
        parent.Tell("throw");
        ExpectMsg("p PreRestart boom at throw");
        ExpectMsgAllOf("p PostStop", "c PostStop");
        ExpectMsg("p constructed");
        parent.Tell(new Run(c => TestActor.Tell(c.Child("kid").IsNobody())));
        ExpectMsg("p PostRestart boom");
        ExpectMsg("p PreStart");
        ExpectMsg(true);
    }

    [Fact]
    public void A_name_is_free_again_when_its_actor_has_ended()
    {
        var first = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "a")), "name");
        Watch(first);
        ReceiveN(2);
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "b")), "name"));
        Sys.Stop(first);
        ExpectMsg("a PostStop");
        ExpectTerminated(first);

        // The parent may hear of it a little later than the watcher.
        IActorRef second = ActorRefs.Nobody;
        AwaitAssert(() => second = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "b")), "name"));
        Assert.Equal(first.Path, second.Path);
        Assert.NotEqual(first, second);
        Assert.NotEqual(first.Path.Uid, second.Path.Uid);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("$a")]
    [InlineData("a b")]
    [InlineData("ä")]
    public void A_malformed_name_is_refused(string name)
    {
        Assert.Throws<InvalidActorNameException>(() => Sys.ActorOf(Props.Create(() => new Doer(TestActor)), name));
    }

    [Fact]
    public void A_constructor_that_throws_stops_the_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Unborn()));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void PreStart_that_throws_stops_the_actor()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Stillborn()));
        Watch(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Actors_cannot_be_made_with_new()
    {
        Assert.Throws<ActorInitializationException>(() => new Doer(TestActor));
    }

    [Fact]
    public void A_disposable_actor_is_disposed_once_per_incarnation()
    {
        var actor = Sys.ActorOf(Props.Create(() => new DisposableActor(TestActor)));
        actor.Tell("throw");
        ExpectMsg("disposed");
        actor.Tell("alive?");
        ExpectMsg("alive?");
        Sys.Stop(actor);
        ExpectMsg("disposed");
        ExpectNoMsg(100);
    }

    [Fact]
    public void PostStop_that_throws_does_not_keep_the_actor_alive()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BadLeaver()));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
    }

    [Fact]
    public void Kill_makes_the_actor_fail_and_the_default_strategy_stops_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LifeReporter(TestActor, "a")));
        Watch(actor);
        ReceiveN(2);
        actor.Tell(Kill.Instance);
        ExpectMsg("a PostStop");
        ExpectTerminated(actor);
    }

    [Fact]
    public void A_poison_pill_takes_its_turn_after_the_messages_before_it()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)));
        Watch(actor);
        for (var i = 0; i < 100; i++)
        {
            actor.Tell(i);
        }

        actor.Tell(PoisonPill.Instance);
        Assert.Equal(Enumerable.Range(0, 100).Cast<object>(), ReceiveN(100));
        ExpectTerminated(actor);
    }

    private sealed class Unborn : UntypedActor
    {
        public Unborn() => throw new InvalidOperationException("no");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Stillborn : UntypedActor
    {
        protected override void PreStart() => throw new InvalidOperationException("no");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class BadLeaver : UntypedActor
    {
        protected override void PostStop() => throw new InvalidOperationException("no");

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class DisposableActor : UntypedActor, IDisposable
    {
        private readonly IActorRef _target;

        public DisposableActor(IActorRef target) => _target = target;

        public void Dispose() => _target.Tell("disposed");

        protected override void OnReceive(object message)
        {
            if (message is "throw")
            {
                throw new InvalidOperationException("boom");
            }

            _target.Tell(message);
        }
    }
}

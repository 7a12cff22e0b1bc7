namespace EngineTests.Conformance;

public class StashSpec : TestKit
{
    [Fact]
    public void Unstashed_messages_come_before_those_that_wait_in_their_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        foreach (var message in new[] { "1", "2", "open", "3" })
        {
            actor.Tell(message);
        }

        ExpectMsg("1");
        ExpectMsg("2");
        ExpectMsg("3");
    }

    [Fact]
    public void A_stashed_message_keeps_its_sender()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        var probe = CreateTestProbe();
        actor.Tell("1", probe.Ref);
        actor.Tell("open");
        ExpectMsg("1");
        Assert.Equal(probe.Ref, LastSender);
    }

    [Fact]
    public void Unstash_takes_one()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("one");
        ExpectMsg("1");
        ExpectNoMsg(100);
    }

    [Fact]
    public void The_same_message_cannot_be_stashed_twice()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        actor.Tell("twice");
        ExpectMsg<IllegalActorStateException>();
    }

    [Fact]
    public void A_full_stash_throws()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BoundedGate(TestActor)).WithStashCapacity(2));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("3");
        ExpectMsg<StashOverflowException>();
    }

    [Fact]
    public void A_restart_brings_stashed_messages_to_the_next_incarnation()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        actor.Tell("1");
        actor.Tell("2");
        actor.Tell("throw");
        actor.Tell("open");
        ExpectMsg("1");
        ExpectMsg("2");
    }

    [Fact]
    public void Stashed_messages_of_a_stopped_actor_become_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Gate(TestActor)));
        actor.Tell("1");
        Sys.Stop(actor);
        Assert.Equal("1", ExpectMsg<DeadLetter>().Message);
    }

    private class Gate : UntypedActor, IWithUnboundedStash
    {
        private readonly IActorRef _target;
        private bool _open;

        public Gate(IActorRef target) => _target = target;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "open":
                    _open = true;
                    Stash.UnstashAll();
                    break;
                case "one":
                    _open = true;
                    Stash.Unstash();
                    break;
                case "twice":
                    Stash.Stash();
                    Report(Stash.Stash);
                    break;
                case "throw":
                    throw new InvalidOperationException("boom");
                case var _ when _open:
                    _target.Forward(message);
                    break;
                default:
                    Report(Stash.Stash);
                    break;
            }
        }

        private void Report(Action action)
        {
            try
            {
                action();
            }
            catch (Exception e)
            {
                _target.Tell(e);
            }
        }
    }

    private sealed class BoundedGate : UntypedActor, IWithStash
    {
        private readonly IActorRef _target;

        public BoundedGate(IActorRef target) => _target = target;

        public IStash Stash { get; set; } = null!;

        protected override void OnReceive(object message)
        {
            try
            {
                Stash.Stash();
            }
            catch (StashOverflowException e)
            {
                _target.Tell(e);
            }
        }
    }
}

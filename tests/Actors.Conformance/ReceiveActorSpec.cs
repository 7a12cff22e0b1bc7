namespace EngineTests.Conformance;

public class ReceiveActorSpec : TestKit
{
    [Fact]
    public void Handlers_are_asked_in_the_order_of_registration_and_the_first_that_matches_takes_the_message()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Matcher()));
        actor.Tell(5);
        ExpectMsg("small 5");
        actor.Tell(50);
        ExpectMsg("int 50");
        actor.Tell("text");
        ExpectMsg("string text");
        actor.Tell(1.5);
        ExpectMsg("even: no");
        actor.Tell(2.0);
        ExpectMsg("double 2");
        actor.Tell('c');
        ExpectMsg("any c");
    }

    [Fact]
    public void Base_types_and_interfaces_match()
    {
        var actor = Sys.ActorOf(Props.Create(() => new BaseMatcher()));
        actor.Tell(new ArgumentNullException("x"));
        ExpectMsg("argument");
        actor.Tell(new List<int>());
        ExpectMsg("collection");
    }

    [Fact]
    public void Nothing_can_follow_ReceiveAny()
    {
        var actor = Sys.ActorOf(Props.Create(() => new AnyFirst(TestActor)));
        Watch(actor);
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public void Handlers_cannot_be_registered_later()
    {
        var actor = Sys.ActorOf(Props.Create(() => new LateRegistrar(TestActor)));
        actor.Tell("go");
        ExpectMsg<InvalidOperationException>();
    }

    [Fact]
    public void An_unhandled_message_is_published()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(UnhandledMessage));
        var actor = Sys.ActorOf(Props.Create(() => new BaseMatcher()));
        actor.Tell("text");
        var unhandled = ExpectMsg<UnhandledMessage>();
        Assert.Equal("text", unhandled.Message);
        Assert.Equal(actor, unhandled.Recipient);
        Assert.Equal(TestActor, unhandled.Sender);
    }

    [Fact]
    public void Become_replaces_and_BecomeStacked_can_be_undone()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        actor.Tell("hi");
        ExpectMsg("neutral");
        actor.Tell("happy");
        actor.Tell("hi");
        ExpectMsg("happy");
        actor.Tell("angry");
        actor.Tell("hi");
        ExpectMsg("angry");
        actor.Tell("calm");
        actor.Tell("hi");
        ExpectMsg("happy");
    }

    [Fact]
    public void A_restart_returns_to_the_first_behaviour()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Moody()));
        actor.Tell("happy");
        actor.Tell("throw");
        actor.Tell("hi");
        ExpectMsg("neutral");
    }

    [Fact]
    public void Untyped_behaviours_replace_each_other_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new UntypedMoody()));
        actor.Tell("hi");
        ExpectMsg("first hi");
        actor.Tell("next");
        actor.Tell("hi");
        ExpectMsg("second hi");
        actor.Tell("back");
        actor.Tell("hi");
        ExpectMsg("first hi");
    }

    private sealed class Matcher : ReceiveActor
    {
        public Matcher()
        {
            Receive<int>(i => i < 10, i => Sender.Tell($"small {i}"));
            Receive<int>(i => Sender.Tell($"int {i}"));
            Receive<string>(s => Sender.Tell($"string {s}"));
            Receive<double>(d =>
            {
                if (d % 2 == 0)
                {
                    return false;
                }

                Sender.Tell("even: no");
                return true;
            });
            Receive<double>(d => Sender.Tell(FormattableString.Invariant($"double {d}")));
            ReceiveAny(o => Sender.Tell($"any {o}"));
        }
    }

    private sealed class BaseMatcher : ReceiveActor
    {
        public BaseMatcher()
        {
            Receive<ArgumentException>(_ => Sender.Tell("argument"));
            Receive<System.Collections.ICollection>(_ => Sender.Tell("collection"));
        }
    }

    private sealed class AnyFirst : ReceiveActor
    {
        public AnyFirst(IActorRef target)
        {
            ReceiveAny(_ => { });
            try
            {
                Receive<string>(_ => { });
            }
            catch (InvalidOperationException e)
            {
                target.Tell(e);
            }
        }
    }

    private sealed class LateRegistrar : ReceiveActor
    {
        public LateRegistrar(IActorRef target) => Receive<string>(_ =>
        {
            try
            {
                Receive<int>(_ => { });
            }
            catch (InvalidOperationException e)
            {
                target.Tell(e);
            }
        });
    }

    private sealed class Moody : ReceiveActor
    {
        public Moody() => Neutral();

        private void Neutral()
        {
            Receive<string>(s => s == "hi", _ => Sender.Tell("neutral"));
            Common();
        }

        private void Happy()
        {
            Receive<string>(s => s == "hi", _ => Sender.Tell("happy"));
            Common();
        }

        private void Angry()
        {
            Receive<string>(s => s == "hi", _ => Sender.Tell("angry"));
            Receive<string>(s => s == "calm", _ => UnbecomeStacked());
        }

        private void Common()
        {
            Receive<string>(s => s == "happy", _ => Become(Happy));
            Receive<string>(s => s == "angry", _ => BecomeStacked(Angry));
            Receive<string>(s => s == "throw", _ => throw new InvalidOperationException("boom"));
        }
    }

    private sealed class UntypedMoody : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is "next")
            {
                BecomeStacked(Second);
            }
            else
            {
                Sender.Tell($"first {message}");
            }
        }

        private void Second(object message)
        {
            if (message is "back")
            {
                UnbecomeStacked();
            }
            else
            {
                Sender.Tell($"second {message}");
            }
        }
    }
}

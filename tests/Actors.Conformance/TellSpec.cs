namespace EngineTests.Conformance;

public class TellSpec : TestKit
{
    [Fact]
    public void A_message_told_to_an_actor_reaches_it_and_its_reply_reaches_the_sender()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()), "echo");
        echo.Tell("hello");
        ExpectMsg("hello");
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public async Task The_test_actor_stays_the_sender_after_an_await()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        await Task.Yield();
        echo.Tell("one");
        await ExpectMsgAsync("one");
        echo.Tell("two");
        await ExpectMsgAsync("two");
    }

    [Fact]
    public void Messages_between_two_actors_keep_their_order()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        for (var i = 0; i < 10_000; i++)
        {
            echo.Tell(i);
        }

        var expected = Enumerable.Range(0, 10_000).Cast<object>();
        Assert.Equal(expected, ReceiveN(10_000, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public async Task Messages_of_many_threads_all_arrive()
    {
        var counter = Sys.ActorOf(Props.Create(() => new Counter(80_000, TestActor)));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 10_000; i++)
            {
                counter.Tell(i, ActorRefs.NoSender);
            }
        })));
        await ExpectMsgAsync("all", TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Forward_keeps_the_original_sender()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        var forwarder = Sys.ActorOf(Props.Create(() => new Forwarder(echo)));
        forwarder.Tell("ping");
        ExpectMsg("ping");
        Assert.Equal(echo, LastSender);
    }

    [Fact]
    public void A_null_message_is_refused()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Echo()));
        Assert.ThrowsAny<Exception>(() => echo.Tell(null!, TestActor));
    }

    [Fact]
    public void The_sender_outside_of_actors_is_dead_letters()
    {
        var teller = Sys.ActorOf(Props.Create(() => new SenderTeller(TestActor)));
        teller.Tell("who", ActorRefs.NoSender);
        ExpectMsg<IActorRef>(r => Assert.Equal(Sys.DeadLetters, r));
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Forwarder(IActorRef target) : UntypedActor
    {
        protected override void OnReceive(object message) => target.Forward(message);
    }

    private sealed class SenderTeller(IActorRef target) : UntypedActor
    {
        protected override void OnReceive(object message) => target.Tell(Sender);
    }

    private sealed class Counter(int expected, IActorRef target) : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            if (++_count == expected)
            {
                target.Tell("all");
            }
        }
    }
}

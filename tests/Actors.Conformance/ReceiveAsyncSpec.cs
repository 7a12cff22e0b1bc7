namespace EngineTests.Conformance;

public class ReceiveAsyncSpec : TestKit
{
    [Fact]
    public void No_other_message_is_handled_before_the_task_ends()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, gate.Task)));
        actor.Tell("wait");
        actor.Tell("after");
        ExpectMsg("before");
        ExpectNoMsg(100);
        gate.SetResult();
        ExpectMsg("done");
        ExpectMsg("got after");
    }

    [Fact]
    public void Sender_self_and_context_are_there_after_each_await()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        var probe = CreateTestProbe();
        actor.Tell("context", probe.Ref);
        probe.ExpectMsg(actor);
        Assert.Equal(actor, probe.LastSender);
        probe.ExpectMsg("child");
    }

    [Fact]
    public void A_failure_after_an_await_is_the_actors_failure_and_the_message_is_known()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        actor.Tell("fail");
        ExpectMsg("restarting from boom at fail");
        actor.Tell("after");
        ExpectMsg("got after");
    }

    [Fact]
    public void A_failure_before_the_first_await_is_the_actors_failure_too()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        actor.Tell("fail at once");
        ExpectMsg("restarting from boom at fail at once");
        actor.Tell("after");
        ExpectMsg("got after");
    }

    [Fact]
    public void A_task_that_is_complete_at_once_costs_no_turn()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        for (var i = 0; i < 1000; i++)
        {
            actor.Tell("wait");
        }

        Assert.Equal(2000, ReceiveN(2000).Count);
    }

    [Fact]
    public void Many_awaits_one_after_the_other_run_in_order()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        actor.Tell(200);
        actor.Tell("after");
        ExpectMsg(200);
        ExpectMsg("got after");
    }

    [Fact]
    public void ReceiveAnyAsync_takes_what_is_left()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        actor.Tell(1.5);
        ExpectMsg("any 1.5");
    }

    [Fact]
    public void The_actor_can_be_asked_from_an_async_handler()
    {
        var echo = Sys.ActorOf(Props.Create(() => new Awaiter(TestActor, Task.CompletedTask)));
        var asker = Sys.ActorOf(Props.Create(() => new Asker(echo)));
        asker.Tell("hi");
        ExpectMsg("answer: hi");
        Assert.Equal(asker, LastSender);
    }

    private sealed class Awaiter : ReceiveActor
    {
        private readonly IActorRef _target;

        public Awaiter(IActorRef target, Task gate)
        {
            _target = target;
            ReceiveAsync<string>(s => s == "wait", async _ =>
            {
                target.Tell("before");
                await gate;
                target.Tell("done");
            });
            ReceiveAsync<string>(s => s == "context", async _ =>
            {
                await Task.Yield();
                Sender.Tell(Self);
                await Task.Delay(1);
                var sender = Sender;
                Context.ActorOf(Props.Create(() => new Doer(sender)), "kid").Forward("child");
            });
            ReceiveAsync<string>(s => s == "fail", async _ =>
            {
                await Task.Yield();
                throw new InvalidOperationException("boom");
            });
            ReceiveAsync<string>(s => s == "fail at once", _ => throw new InvalidOperationException("boom"));
            ReceiveAsync<int>(async n =>
            {
                var sum = 0;
                for (var i = 0; i < n; i++)
                {
                    await Task.Yield();
                    sum++;
                }

                target.Tell(sum);
            });
            Receive<Tuple<string>>(t => Sender.Tell(t.Item1));
            Receive<string>(s => target.Tell($"got {s}"));
            ReceiveAnyAsync(async o =>
            {
                await Task.Yield();
                Sender.Tell(FormattableString.Invariant($"any {o}"));
            });
        }

        protected override void PreRestart(Exception reason, object message)
        {
            _target.Tell($"restarting from {reason.Message} at {message}");
            base.PreRestart(reason, message);
        }
    }

    private sealed class Asker : ReceiveActor
    {
        public Asker(IActorRef echo) => ReceiveAsync<string>(async s =>
        {
            var answer = await echo.Ask<string>(Tuple.Create(s), TimeSpan.FromSeconds(10));
            Sender.Tell($"answer: {answer}");
        });
    }
}

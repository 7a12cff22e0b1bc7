using Actors.Configuration;
using Actors.Core;
using Actors.TestKit;

namespace EngineTests.Core;

public class EngineBehaviourTests : TestKit
{
    [Fact]
    public void An_idle_actor_takes_less_than_500_bytes()
    {
        const int Count = 20_000;
        var props = Props.Create(() => new Idle());
        var warmUp = Sys.ActorOf(props);
        warmUp.Tell(new Identify(1));
        ExpectMsg<ActorIdentity>();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        IActorRef last = warmUp;
        for (var i = 0; i < Count; i++)
        {
            last = Sys.ActorOf(props);
        }

        AwaitAssert(() => Assert.Equal(Count + 1, Idle.Started));
        var each = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Count;
        GC.KeepAlive(last);
        Assert.True(each < 500, $"{each} bytes each");
    }

    [Fact]
    public void The_rest_of_an_async_handler_runs_even_when_its_actor_is_gone_but_outside_of_any_actor()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = Sys.ActorOf(Props.Create(() => new Cleaner(TestActor, gate.Task)));
        actor.Tell("go");
        ExpectMsg("waiting");
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        gate.SetResult();
        ExpectMsg("cleaned up without context");
    }

    [Fact]
    public void A_restart_during_an_await_lets_the_old_handler_end_with_its_own_sender()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var parent = Sys.ActorOf(Props.Create(() => new RestartAll(TestActor, gate.Task)));
        parent.Tell("go");
        ExpectMsg("waiting");
        parent.Tell("fail");
        parent.Tell("other");
        ExpectMsg("other");
        gate.SetResult();
        ExpectMsg("answer");
    }

    [Fact]
    public async Task The_sender_used_out_of_turn_is_an_error()
    {
        var caught = new TaskCompletionSource<Exception?>();
        var actor = Sys.ActorOf(Props.Create(() => new SenderLeaker(caught)));
        actor.Tell("go");
        Assert.IsType<NotSupportedException>(await caught.Task);
    }

    [Fact]
    public void Dead_letters_and_restarts_are_counted()
    {
        var counters = ((ExtendedActorSystem)Sys).Impl.Counters;
        var (letters, restarts) = (counters.DeadLetters, counters.Restarts);
        Sys.DeadLetters.Tell("lost");
        Assert.Equal(letters + 1, counters.DeadLetters);
        var actor = Sys.ActorOf(Props.Create(() => new Clumsy()));
        actor.Tell("fall");
        AwaitAssert(() => Assert.Equal(restarts + 1, counters.Restarts));
    }

    [Fact]
    public void The_log_of_a_failure_names_the_actor_and_the_type_of_the_message()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Error));
        Sys.ActorOf(Props.Create(() => new Clumsy()), "clumsy").Tell(new Uri("http://x"));
        var error = ExpectMsg<Error>();
        Assert.Contains("/user/clumsy", error.Message.ToString(), StringComparison.Ordinal);
        Assert.Contains("Uri", error.Message.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_depth_of_a_mailbox_is_known()
    {
        using var go = new ManualResetEventSlim();
        var actor = Sys.ActorOf(Props.Create(() => new Blocker(go)));
        for (var i = 0; i < 10; i++)
        {
            actor.Tell(i);
        }

        AwaitAssert(() => Assert.Equal(9, ((LocalActorRef)actor).Cell.MailboxDepth));
        go.Set();
        AwaitAssert(() => Assert.Equal(0, ((LocalActorRef)actor).Cell.MailboxDepth));
    }

    [Fact]
    public void On_the_calling_threads_dispatcher_everything_is_done_when_tell_returns()
    {
        using var system = ActorSystem.Create("calling", ActorSystemSetup.Create(new EmbeddedSetup { Dispatcher = new CallingThreadDispatcher() }));
        var log = new List<string>();
        var first = system.ActorOf(Props.Create(() => new Logging(log, "first", null)));
        var second = system.ActorOf(Props.Create(() => new Logging(log, "second", first)));
        second.Tell("hi");
        Assert.Equal(["second hi", "second done", "first hi", "first done"], log);
    }

    [Fact]
    public void An_unknown_provider_is_a_clear_error()
    {
        var e = Assert.Throws<ConfigurationException>(() => ActorSystem.Create("x", ConfigurationFactory.ParseString("akka.actor.provider = telepathy")));
        Assert.Contains("telepathy", e.Message, StringComparison.Ordinal);
    }

    private sealed class Idle : UntypedActor
    {
        private static int s_started;

        public static int Started => s_started;

        protected override void PreStart() => Interlocked.Increment(ref s_started);

        protected override void OnReceive(object message)
        {
        }
    }

    private sealed class Cleaner : ReceiveActor
    {
        public Cleaner(IActorRef target, Task gate) => ReceiveAsync<string>(async _ =>
        {
            try
            {
                target.Tell("waiting");
                await gate;
            }
            finally
            {
                try
                {
                    target.Tell(Context.Self);
                }
                catch (NotSupportedException)
                {
                    target.Tell("cleaned up without context");
                }
            }
        });
    }

    private sealed class RestartAll : UntypedActor
    {
        private readonly IActorRef _first;
        private readonly IActorRef _second;

        public RestartAll(IActorRef target, Task gate)
        {
            _first = Context.ActorOf(Props.Create(() => new Waiter(target, gate)));
            _second = Context.ActorOf(Props.Create(() => new Clumsy()));
        }

        protected override SupervisorStrategy SupervisorStrategy() => new AllForOneStrategy(_ => Directive.Restart);

        protected override void OnReceive(object message) => (message is "fail" ? _second : _first).Forward(message);
    }

    private sealed class Waiter : ReceiveActor
    {
        public Waiter(IActorRef target, Task gate)
        {
            ReceiveAsync<string>(s => s == "go", async _ =>
            {
                target.Tell("waiting");
                await gate;
                Sender.Tell("answer");
            });
            ReceiveAny(m => Sender.Tell(m));
        }
    }

    private sealed class SenderLeaker(TaskCompletionSource<Exception?> caught) : UntypedActor
    {
        protected override void OnReceive(object message) => new Thread(() =>
        {
            try
            {
                Sender.Tell("never");
                caught.SetResult(null);
            }
            catch (Exception e)
            {
                caught.SetResult(e);
            }
        }).Start();
    }

    private sealed class Clumsy : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }

    private sealed class Blocker(ManualResetEventSlim go) : UntypedActor
    {
        protected override void OnReceive(object message) => go.Wait(TimeSpan.FromSeconds(20));
    }

    private sealed class Logging(List<string> log, string name, IActorRef? next) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            log.Add($"{name} {message}");
            next?.Tell(message);
            log.Add($"{name} done");
        }
    }
}

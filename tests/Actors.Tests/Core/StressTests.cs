using Actors.Core;
using Actors.TestKit;

namespace EngineTests.Core;

/// <summary>Many actors on many threads at once: a lost wake-up or a lost system message shows as a wait that never ends.</summary>
public class StressTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Whoever_watches_is_told_however_the_watching_and_the_stopping_overlap()
    {
        const int Rounds = 2000;
        var watcher = Sys.ActorOf(Props.Create(() => new Mourner(Rounds, TestActor)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() =>
        {
            var random = new Random(worker);
            for (var i = 0; i < Rounds / 4; i++)
            {
                var subject = Sys.ActorOf(Props.Create(() => new Frail()));
                watcher.Tell(subject, ActorRefs.NoSender);
                switch (random.Next(4))
                {
                    case 0:
                        Sys.Stop(subject);
                        break;
                    case 1:
                        subject.Tell(PoisonPill.Instance, ActorRefs.NoSender);
                        break;
                    case 2:
                        subject.Tell(Kill.Instance, ActorRefs.NoSender);
                        break;
                    default:
                        subject.Tell("fail", ActorRefs.NoSender);
                        Sys.Stop(subject);
                        break;
                }
            }
        })));
        await ExpectMsgAsync("all", Patience);
        await AwaitConditionAsync(() => !((ExtendedActorSystem)Sys).Impl.Provider.Guardian.Cell.GetChildren().Skip(1).Any(), Patience);
    }

    [Fact]
    public async Task Every_message_is_handled_while_its_actor_fails_again_and_again()
    {
        const int Each = 5000;
        var handled = new int[1];
        var counter = Sys.ActorOf(Props.Create(() => new Stumbler(4 * Each, TestActor, handled)));
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < Each; i++)
            {
                counter.Tell(i, ActorRefs.NoSender);
            }
        })));
        await ExpectMsgAsync("all", Patience);
    }

    [Fact]
    public async Task Awaiting_handlers_and_senders_never_lose_each_other()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Yielder()));
        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(async () =>
        {
            var sum = 0;
            for (var i = 0; i < 500; i++)
            {
                sum += await actor.Ask<int>(1, Patience);
            }

            return sum;
        })));
        Assert.Equal(2000, answers.Sum());
    }

    [Fact]
    public async Task A_tree_that_is_stopped_while_it_grows_ends_completely()
    {
        for (var i = 0; i < 50; i++)
        {
            var root = Sys.ActorOf(Props.Create(() => new Grower(5)));
            await WatchAsync(root);
            Sys.Stop(root);
            await ExpectTerminatedAsync(root, Patience);
        }
    }

    private sealed class Mourner(int expected, IActorRef target) : UntypedActor
    {
        private int _ended;

        protected override void OnReceive(object message)
        {
            if (message is IActorRef subject)
            {
                Context.Watch(subject);
            }
            else if (message is Terminated && ++_ended == expected)
            {
                target.Tell("all");
            }
        }
    }

    private sealed class Frail : UntypedActor
    {
        protected override void OnReceive(object message) => throw new InvalidOperationException("boom");
    }

    private sealed class Stumbler(int expected, IActorRef target, int[] handled) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (++handled[0] == expected)
            {
                target.Tell("all");
            }

            if (handled[0] % 10 == 0)
            {
                throw new InvalidOperationException("boom");
            }
        }
    }

    private sealed class Yielder : ReceiveActor
    {
        public Yielder() => ReceiveAsync<int>(async i =>
        {
            await Task.Yield();
            Sender.Tell(i);
        });
    }

    private sealed class Grower : UntypedActor
    {
        public Grower(int depth)
        {
            for (var i = 0; i < 2 && depth > 0; i++)
            {
                Context.ActorOf(Props.Create(() => new Grower(depth - 1)));
            }
        }

        protected override void OnReceive(object message)
        {
        }
    }
}

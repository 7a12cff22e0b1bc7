namespace EngineTests.Benchmarks;

/// <summary>What the local engine is measured by: telling, asking, making actors. Public API only.</summary>
internal static class ActorBenchmarks
{
    private static readonly object Message = new();

    public static IReadOnlyList<(string Name, int Operations, Func<int, Task> Run)> All { get; } =
    [
        ("Tell one-way, UntypedActor", 5_000_000, n => OneWay(n, done => Props.Create(() => new Sink(n, done)))),
        ("Tell one-way, ReceiveActor, 3rd handler", 5_000_000, n => OneWay(n, done => Props.Create(() => new ReceiveSink(n, done)))),
        ("Ping-pong of 1 pair, messages", 1_000_000, n => PingPong(1, n)),
        ("Ping-pong of 8 pairs, messages", 2_000_000, n => PingPong(8, n)),
        ("Ask, one after the other", 200_000, n => Asks(1, n)),
        ("Ask, 100 at once", 1_000_000, n => Asks(100, n)),
        ("ActorOf, started", 100_000, MakeActors),
    ];

    public static async Task<double> BytesPerIdleActor(int count)
    {
        using var system = ActorSystem.Create("memory");
        var started = new CountdownEvent(count);
        var props = Props.Create(() => new Idle(started));
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < count; i++)
        {
            system.ActorOf(props);
        }

        await Task.Run(() => started.Wait());
        var bytes = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)count;
        await system.Terminate();
        return bytes;
    }

    private static async Task OneWay(int messages, Func<TaskCompletionSource, Props> sink)
    {
        using var system = ActorSystem.Create("bench");
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var actor = system.ActorOf(sink(done));
        for (var i = 0; i < messages; i++)
        {
            actor.Tell(Message, ActorRefs.NoSender);
        }

        await done.Task;
    }

    private static async Task PingPong(int pairs, int messages)
    {
        using var system = ActorSystem.Create("bench");
        var done = Enumerable.Range(0, pairs).Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).ToList();
        foreach (var end in done)
        {
            var pong = system.ActorOf(Props.Create(() => new Echo()));
            var rounds = messages / pairs / 2;
            system.ActorOf(Props.Create(() => new Ping(pong, rounds, end))).Tell(Message);
        }

        await Task.WhenAll(done.Select(d => d.Task));
    }

    private static async Task Asks(int atOnce, int asks)
    {
        using var system = ActorSystem.Create("bench");
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => Task.Run(async () =>
        {
            for (var i = 0; i < asks / atOnce; i++)
            {
                await echo.Ask<object>(Message, TimeSpan.FromSeconds(30));
            }
        })));
    }

    private static async Task MakeActors(int count)
    {
        // Not disposed: ending them is not what is measured.
        var system = ActorSystem.Create("bench");
        var started = new CountdownEvent(count);
        var props = Props.Create(() => new Idle(started));
        for (var i = 0; i < count; i++)
        {
            system.ActorOf(props);
        }

        await Task.Run(() => started.Wait());
    }

    private sealed class Sink(int expected, TaskCompletionSource done) : UntypedActor
    {
        private int _count;

        protected override void OnReceive(object message)
        {
            if (++_count == expected)
            {
                done.SetResult();
            }
        }
    }

    private sealed class ReceiveSink : ReceiveActor
    {
        private int _count;

        public ReceiveSink(int expected, TaskCompletionSource done)
        {
            Receive<int>(_ => { });
            Receive<string>(_ => { });
            Receive<object>(_ =>
            {
                if (++_count == expected)
                {
                    done.SetResult();
                }
            });
        }
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class Ping(IActorRef pong, int rounds, TaskCompletionSource done) : UntypedActor
    {
        private int _rounds;

        protected override void OnReceive(object message)
        {
            if (++_rounds > rounds)
            {
                done.SetResult();
            }
            else
            {
                pong.Tell(message);
            }
        }
    }

    private sealed class Idle(CountdownEvent started) : UntypedActor
    {
        protected override void PreStart() => started.Signal();

        protected override void OnReceive(object message)
        {
        }
    }
}

using Actors.Core;
using Actors.TestKit;

namespace EngineTests.Core;

public class SimulationTests
{
    [Fact]
    public void A_system_in_simulated_time_does_nothing_by_itself_and_everything_when_time_passes()
    {
        var time = new SimulatedTime();
        var log = new List<string>();
        using var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        var actor = system.ActorOf(Props.Create(() => new Ticker(log, TimeSpan.FromMinutes(1))));
        Assert.Empty(log);
        time.Settle();
        Assert.Equal(["started"], log);
        time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal(["started", "tick", "tick", "tick"], log);
        system.Stop(actor);
        time.Advance(TimeSpan.FromHours(1));
        Assert.Equal("stopped", log[^1]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        Assert.Equal(Trace(7), Trace(7));
        Assert.NotEqual(Trace(7), Trace(8));
    }

    [Fact]
    public async Task Awaits_asks_and_delays_stay_in_the_one_thread()
    {
        var time = new SimulatedTime();
        var threads = new HashSet<int>();
        using var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        var echo = system.ActorOf(Props.Create(() => new Echo()));
        var asker = system.ActorOf(Props.Create(() => new AsyncAsker(echo, time, threads)));
        var answer = asker.Ask<string>("hi");
        time.Settle();
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(answer.IsCompletedSuccessfully);
        Assert.Equal([Environment.CurrentManagedThreadId], threads);
        Assert.Equal("hi", await answer);
    }

    [Fact]
    public void Termination_with_its_time_outs_runs_in_simulated_time()
    {
        var time = new SimulatedTime();
        var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        CoordinatedShutdown.Get(system).AddTask(CoordinatedShutdown.PhaseServiceStop, "hang", () => new TaskCompletionSource<Done>().Task);
        var ended = system.Terminate();
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.False(ended.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.True(ended.IsCompletedSuccessfully);
        Assert.Equal(0, time.WaitingTimers);
    }

    [Fact]
    public void An_ask_times_out_in_simulated_time()
    {
        var time = new SimulatedTime();
        using var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        var answer = system.ActorOf(Props.Empty).Ask<string>("hi", TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(answer.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.IsType<AskTimeoutException>(answer.Exception!.InnerException);
    }

    [Fact]
    public void An_idle_system_sets_no_timer()
    {
        var time = new SimulatedTime();
        using var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        system.ActorOf(Props.Create(() => new Echo()));
        time.Settle();
        var before = time.TimersSet;
        time.Advance(TimeSpan.FromDays(1));
        Assert.Equal(before, time.TimersSet);
        Assert.Equal(0, time.WaitingTimers);
    }

    private static List<string> Trace(int seed)
    {
        var time = new SimulatedTime(seed);
        var log = new List<string>();
        using var system = ActorSystem.Create("sim", ActorSystemSetup.Create(time.Setup()));
        for (var i = 0; i < 5; i++)
        {
            var actor = system.ActorOf(Props.Create(() => new Ticker(log, TimeSpan.FromSeconds(1 + time.Random.Next(5)))));
            log.Add($"{actor.Path.ToSerializationFormat()}");
        }

        time.Advance(TimeSpan.FromMinutes(1));
        return log;
    }

    private sealed class Ticker(List<string> log, TimeSpan interval) : UntypedActor, IWithTimers
    {
        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            log.Add("started");
            Timers.StartPeriodicTimer("t", "tick", interval);
        }

        protected override void PostStop() => log.Add("stopped");

        protected override void OnReceive(object message) => log.Add(message.ToString()!);
    }

    private sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }

    private sealed class AsyncAsker : ReceiveActor
    {
        public AsyncAsker(IActorRef echo, TimeProvider time, HashSet<int> threads) => ReceiveAsync<string>(async s =>
        {
            threads.Add(Environment.CurrentManagedThreadId);
            var answer = await echo.Ask<string>(s, TimeSpan.FromSeconds(1));
            threads.Add(Environment.CurrentManagedThreadId);
            await Task.Delay(TimeSpan.FromSeconds(3), time);
            threads.Add(Environment.CurrentManagedThreadId);
            Sender.Tell(answer);
        });
    }
}

namespace EngineTests.Conformance;

public class ShutdownSpec : TestKit
{
    public ShutdownSpec()
        : base("akka.coordinated-shutdown.phases.service-stop.timeout = 100ms\nakka.coordinated-shutdown.run-by-clr-shutdown-hook = off")
    {
    }

    [Fact]
    public async Task Phases_run_in_order_and_the_system_ends_last()
    {
        var order = new List<string>();
        var shutdown = CoordinatedShutdown.Get(Sys);
        foreach (var phase in new[]
        {
            CoordinatedShutdown.PhaseBeforeActorSystemTerminate, CoordinatedShutdown.PhaseClusterLeave,
            CoordinatedShutdown.PhaseServiceUnbind, CoordinatedShutdown.PhaseBeforeServiceUnbind,
        })
        {
            shutdown.AddTask(phase, "note", () =>
            {
                lock (order)
                {
                    order.Add(phase);
                }

                Assert.False(Sys.WhenTerminated.IsCompleted);
                return Task.FromResult(Done.Instance);
            });
        }

        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance);
        Assert.Equal(["before-service-unbind", "service-unbind", "cluster-leave", "before-actor-system-terminate"], order);
        Assert.True(Sys.WhenTerminated.IsCompleted);
        Assert.Same(CoordinatedShutdown.UnknownReason.Instance, shutdown.ShutdownReason);
    }

    [Fact]
    public async Task It_runs_once_however_often_it_is_called()
    {
        var runs = 0;
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "count", () =>
        {
            Interlocked.Increment(ref runs);
            return Task.FromResult(Done.Instance);
        });
        await Task.WhenAll(
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance),
            shutdown.Run(CoordinatedShutdown.UnknownReason.Instance),
            Sys.Terminate());
        Assert.Equal(1, runs);
    }

    [Fact]
    public async Task A_task_that_fails_or_hangs_does_not_stop_the_others()
    {
        var shutdown = CoordinatedShutdown.Get(Sys);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "hang", () => new TaskCompletionSource<Done>().Task);
        shutdown.AddTask(CoordinatedShutdown.PhaseServiceStop, "fail", () => throw new InvalidOperationException("boom"));
        await shutdown.Run(CoordinatedShutdown.UnknownReason.Instance).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(Sys.WhenTerminated.IsCompleted);
    }

    [Fact]
    public void An_unknown_phase_is_refused()
    {
        Assert.Throws<ArgumentException>(() =>
            CoordinatedShutdown.Get(Sys).AddTask("no-such-phase", "x", () => Task.FromResult(Done.Instance)));
    }

    [Fact]
    public async Task Terminate_stops_all_actors_and_calls_back()
    {
        var calledBack = new TaskCompletionSource();
        Sys.RegisterOnTermination(calledBack.SetResult);
        var probe = new TaskCompletionSource();
        Sys.ActorOf(Props.Create(() => new Leaver(probe)));
        await Sys.Terminate().WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(probe.Task.IsCompleted);
        await calledBack.Task.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.True(Sys.WhenTerminated.IsCompletedSuccessfully);
    }

    [Fact]
    public void A_system_has_a_name_settings_and_a_start()
    {
        using var system = ActorSystem.Create("my-sys", ConfigurationFactory.ParseString("a.b = 1"));
        Assert.Equal("my-sys", system.Name);
        Assert.Equal(1, system.Settings.Config.GetInt("a.b"));
        Assert.True((DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch - system.StartTime).Duration() < TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("")]
    [InlineData("my sys")]
    [InlineData("-sys")]
    public void A_malformed_system_name_is_refused(string name)
    {
        Assert.ThrowsAny<ArgumentException>(() => ActorSystem.Create(name));
    }

    private sealed class Leaver : UntypedActor
    {
        private readonly TaskCompletionSource _left;

        public Leaver(TaskCompletionSource left) => _left = left;

        protected override void PostStop() => _left.SetResult();

        protected override void OnReceive(object message)
        {
        }
    }
}

namespace ClusterMonitor.NodeAgent;

/// <summary>Takes a sample every second, on the second, puts it into the outbox and shows it to the uplink.</summary>
internal sealed class SamplerActor : ReceiveActor, IWithTimers
{
    private readonly Sampler _sampler;
    private readonly IActorRef _uplink;

    /// <param name="state">Outlives this actor.</param>
    /// <param name="uplink">Gets each <see cref="TakenSample"/>, and <see cref="BlockSealed"/> when there is a new block.</param>
    /// <param name="time">Both clocks.</param>
    public SamplerActor(AgentState state, IActorRef uplink, TimeProvider time)
    {
        _sampler = new Sampler(state, time);
        _uplink = uplink;
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => WakeInTime();

    private void OnTick()
    {
        if (_sampler.Wake(taken => _uplink.Tell(taken)))
        {
            _uplink.Tell(BlockSealed.Instance);
        }

        WakeInTime();
    }

    private void WakeInTime() => Timers.StartSingleTimer(Tick.Instance, Tick.Instance, _sampler.UntilNext);

    private sealed class Tick
    {
        public static readonly Tick Instance = new();
    }
}

/// <summary>Sampler -> uplink: the outbox has something new to send.</summary>
internal sealed class BlockSealed
{
    public static readonly BlockSealed Instance = new();
}

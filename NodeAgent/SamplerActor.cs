using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent;

/// <summary>
/// Takes a sample every second, on the second, puts it into the outbox and shows it to the uplink. A sampler that is started within a
/// second that has no sample yet takes it at once: the restart of an actor system leaves no gap.
/// </summary>
internal sealed class SamplerActor : ReceiveActor, IWithTimers
{
    private readonly AgentState _state;
    private readonly IActorRef _uplink;
    private readonly TimeProvider _time;
    private long _targetMs;

    /// <param name="state">Outlives this actor.</param>
    /// <param name="uplink">Gets each <see cref="TakenSample"/>, and <see cref="BlockSealed"/> when there is a new block.</param>
    /// <param name="time">Both clocks.</param>
    public SamplerActor(AgentState state, IActorRef uplink, TimeProvider time)
    {
        _state = state;
        _uplink = uplink;
        _time = time;
        Receive<Tick>(_ => OnTick());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        var second = SamplingPlan.FloorToSecond(NowMs());
        _targetMs = _state.LastSecondMs != 0 && second > _state.LastSecondMs ? second : second + 1000;
        WakeAtTarget();
    }

    private void OnTick()
    {
        var step = SamplingPlan.Decide(NowMs(), _targetMs, _state.LastSecondMs, _time.GetElapsedTime(_state.LastTimestamp));
        _targetMs = step.NextMs;
        if (step.Sample)
        {
            Take(step);
        }

        WakeAtTarget();
    }

    private void Take(in SamplingStep step)
    {
        _state.CountTaken();
        _state.CountMissed(step.Missed);
        if ((step.Flags & SampleFlags.Late) != 0)
        {
            _state.CountLate();
        }

        _state.LastSecondMs = step.SecondMs;
        _state.LastTimestamp = _time.GetTimestamp();
        var collected = _state.Source.Collect();
        var taken = new TakenSample(collected.Schema, new Sample(step.SecondMs, collected.Values, collected.Processes, step.Flags));
        _state.Latest = taken;

        // Live first; sealing takes longer.
        _uplink.Tell(taken);
        if (_state.Outbox.Add(taken.Schema, taken.Sample))
        {
            _uplink.Tell(BlockSealed.Instance);
        }
    }

    private void WakeAtTarget()
    {
        var delay = Math.Max(0, _targetMs - NowMs());
        Timers.StartSingleTimer(Tick.Instance, Tick.Instance, TimeSpan.FromMilliseconds(delay));
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

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

using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent;

/// <summary>
/// Takes the samples of an agent into its outbox, one for each second. It has no timer: whoever has one wakes it. There may be two for a moment,
/// while one actor system of an agent ends and another begins; they share what was sampled last, and a second is sampled once.
/// A sampler that begins within a second that has no sample yet takes it at once: the restart of an actor system leaves no gap.
/// </summary>
internal sealed class Sampler
{
    private readonly AgentState _state;
    private readonly TimeProvider _time;
    private long _targetMs;

    /// <param name="state">Of the agent.</param>
    /// <param name="time">Both clocks.</param>
    public Sampler(AgentState state, TimeProvider time)
    {
        _state = state;
        _time = time;
        var second = SamplingPlan.FloorToSecond(NowMs);
        _targetMs = state.LastSecondMs != 0 && second > state.LastSecondMs ? second : second + 1000;
    }

    /// <summary>When to wake it.</summary>
    public TimeSpan UntilNext => TimeSpan.FromMilliseconds(Math.Max(0, _targetMs - NowMs));

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Takes the sample that is due, if one is.</summary>
    /// <param name="taken">Called with the sample before it goes into the outbox: sealing takes longer than showing.</param>
    /// <returns>Whether a block was sealed.</returns>
    public bool Wake(Action<TakenSample> taken)
    {
        lock (_state.Sampling)
        {
            var step = SamplingPlan.Decide(NowMs, _targetMs, _state.LastSecondMs, _time.GetElapsedTime(_state.LastTimestamp));
            _targetMs = step.NextMs;
            if (!step.Sample || step.SecondMs == _state.LastSecondMs)
            {
                return false;
            }

            var sample = Take(step);
            taken(sample);
            return _state.Outbox.Add(sample.Schema, sample.Sample);
        }
    }

    private TakenSample Take(in SamplingStep step)
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
        var sample = new TakenSample(collected.Schema, new Sample(step.SecondMs, collected.Values, collected.Processes, step.Flags));
        _state.Latest = sample;
        return sample;
    }
}

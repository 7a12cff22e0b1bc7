using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent;

/// <summary>What to do when the sampler's timer has fired.</summary>
/// <param name="Sample">Whether to take a sample now.</param>
/// <param name="SecondMs">The second it stands for.</param>
/// <param name="Flags">Late or not.</param>
/// <param name="Missed">Seconds since the sample before that have none.</param>
/// <param name="NextMs">The second to wake for next.</param>
internal readonly record struct SamplingStep(bool Sample, long SecondMs, SampleFlags Flags, long Missed, long NextMs);

/// <summary>Decides which second a sample stands for, by two clocks: the wall clock, which is set now and then, and one that never is.</summary>
internal static class SamplingPlan
{
    /// <summary>A sample taken more than this after its second is late.</summary>
    public const int LateAfterMs = 100;

    // Timers may fire a little early.
    private const int EarlyMs = 20;

    /// <summary>Decides.</summary>
    /// <param name="nowMs">The wall clock.</param>
    /// <param name="targetMs">The second the timer was meant for.</param>
    /// <param name="lastMs">The second sampled last; 0 = none yet.</param>
    /// <param name="sinceLast">Since then, by the clock that is never set.</param>
    public static SamplingStep Decide(long nowMs, long targetMs, long lastMs, TimeSpan sinceLast)
    {
        var lateness = nowMs - targetMs;
        if (lateness < -EarlyMs && lateness > -1000)
        {
            return new SamplingStep(false, 0, SampleFlags.None, 0, targetMs);
        }

        // On time or late within the second: the second that was meant. Anything else: the clock was set, or this process stood still; begin anew from now.
        var second = lateness is >= -EarlyMs and < 1000 ? targetMs : FloorToSecond(nowMs);
        var flags = nowMs - second > LateAfterMs ? SampleFlags.Late : SampleFlags.None;
        var missed = lastMs == 0 ? 0 : Math.Max(0, (long)Math.Round(sinceLast.TotalSeconds) - 1);
        return new SamplingStep(true, second, flags, missed, second + 1000);
    }

    /// <summary>The full second at or before a time.</summary>
    public static long FloorToSecond(long ms) => ms - (((ms % 1000) + 1000) % 1000);
}

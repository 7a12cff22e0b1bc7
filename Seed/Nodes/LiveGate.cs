namespace ClusterMonitor.Seed.Nodes;

/// <summary>
/// How many live samples of one node are let through: its share is one a second. An agent that sends more costs others nothing,
/// because what is over is shed before it is looked at. A token bucket; pure.
/// </summary>
internal sealed class LiveGate
{
    /// <summary>After a pause this many may come at once.</summary>
    public const int Burst = 10;

    /// <summary>This many a second for ever.</summary>
    public const int PerSecond = 4;

    private double _tokens = Burst;
    private long _lastMs = long.MinValue;

    /// <summary>Live samples shed so far.</summary>
    public long Shed { get; private set; }

    /// <summary>Until when the next one has to wait, milliseconds of the clock that <see cref="TryPass"/> is given.</summary>
    public long NextMs => _lastMs + (long)Math.Ceiling((1 - _tokens) * 1000 / PerSecond);

    /// <summary>Whether a sample may pass now.</summary>
    public bool TryPass(long nowMs)
    {
        if (_lastMs == long.MinValue || nowMs < _lastMs)
        {
            _lastMs = nowMs;
        }

        _tokens = Math.Min(Burst, _tokens + ((nowMs - _lastMs) * PerSecond / 1000.0));
        _lastMs = nowMs;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens--;
        return true;
    }

    /// <summary>Counts a sample that was dropped for a newer one.</summary>
    public void CountShed() => Shed++;
}

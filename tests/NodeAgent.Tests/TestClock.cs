namespace ClusterMonitor.NodeAgent.Tests;

/// <summary>A wall clock and a monotonic clock that only tests move, apart from each other if need be.</summary>
internal sealed class TestClock(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _lock = new();
    private DateTimeOffset _wall = start;
    private TimeSpan _monotonic;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _wall;
        }
    }

    public override long GetTimestamp()
    {
        lock (_lock)
        {
            return _monotonic.Ticks;
        }
    }

    /// <summary>Time passes.</summary>
    public void Advance(TimeSpan by)
    {
        lock (_lock)
        {
            _wall += by;
            _monotonic += by;
        }
    }

    /// <summary>Somebody sets the wall clock.</summary>
    public void Set(TimeSpan by)
    {
        lock (_lock)
        {
            _wall += by;
        }
    }
}

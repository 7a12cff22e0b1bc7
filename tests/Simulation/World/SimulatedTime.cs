namespace Simulation.World;

/// <summary>
/// The one clock of a run and everything that is to happen, in one queue: by time, then in the order in which it was asked for.
/// Time passes only from one thing to the next.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<Action, (long At, long Order)> _queue = new();
    private long _now;
    private long _order;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    /// <summary>How many things have happened.</summary>
    public long Events { get; private set; }

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new SimulatedTimer(this, static fire => fire(), callback, state, dueTime, period);

    public void After(TimeSpan delay, Action what) => _queue.Enqueue(what, (_now + Math.Max(0, delay.Ticks), ++_order));

    public void Post(Action what) => After(TimeSpan.Zero, what);

    /// <summary>Lets time pass until then, doing all that is due.</summary>
    /// <exception cref="InvalidOperationException">More than <paramref name="limit"/> things happened: something goes round in circles.</exception>
    public void RunUntil(TimeSpan end, long limit = 50_000_000)
    {
        // Continuations of tasks run at once only where no synchronization context stands; a test runner's would send them elsewhere.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            for (var count = 0L; _queue.TryPeek(out _, out var next) && next.At <= end.Ticks; count++)
            {
                var what = _queue.Dequeue();
                _now = next.At;
                Events++;
                what();
                if (count > limit)
                {
                    throw new InvalidOperationException($"still busy after {limit} events");
                }
            }
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        _now = Math.Max(_now, end.Ticks);
    }
}

/// <summary>A timer in simulated time; whoever owns it decides when its callback may run.</summary>
internal sealed class SimulatedTimer : ITimer
{
    private readonly SimulatedTime _time;
    private readonly Action<Action> _run;
    private readonly Action _callback;
    private long _armed;
    private TimeSpan _period;

    public SimulatedTimer(SimulatedTime time, Action<Action> run, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        (_time, _run, _callback) = (time, run, () => callback(state));
        Change(dueTime, period);
    }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        var armed = ++_armed;
        _period = period;
        if (dueTime >= TimeSpan.Zero)
        {
            _time.After(dueTime, () => _run(() => Fire(armed)));
        }

        return true;
    }

    public void Dispose() => _armed++;

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private void Fire(long armed)
    {
        if (armed != _armed)
        {
            return;
        }

        if (_period > TimeSpan.Zero)
        {
            Change(_period, _period);
        }

        _callback();
    }
}

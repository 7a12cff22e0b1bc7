namespace Actors.TestKit;

/// <summary>
/// Time that passes only when told to, and with it the turns of actors: whole actor systems in one thread, the same run each time.
/// Only of the embedded engine; give <see cref="Setup"/> to every system that takes part.
/// </summary>
public sealed class SimulatedTime : TimeProvider
{
    private readonly PriorityQueue<SimulatedTimer, (long Due, long Number)> _timers = new();
    private readonly object _gate = new();
    private readonly DateTimeOffset _epoch = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private long _now;
    private long _number;

    public SimulatedTime(int seed = 1) => Random = new Random(seed);

    /// <summary>Gives actors their turns, when told to.</summary>
    public ManualDispatcher Dispatcher { get; } = new();

    /// <summary>The dice of this run.</summary>
    public Random Random { get; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <summary>How many timers wait.</summary>
    public int WaitingTimers
    {
        get
        {
            lock (_gate)
            {
                return _timers.UnorderedItems.Count(t => t.Element.IsArmed(t.Priority.Number));
            }
        }
    }

    /// <summary>How often a timer was set.</summary>
    public long TimersSet => _number;

    /// <summary>What a system needs to live in this time.</summary>
    public EmbeddedSetup Setup(object? transport = null) => new()
    {
        TimeProvider = this,
        Random = new Random(Random.Next()),
        Dispatcher = Dispatcher,
        Transport = transport,
    };

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => _epoch.AddTicks(GetTimestamp());

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new SimulatedTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Gives turns until nobody wants one; time stands still.</summary>
    public void Settle() => Dispatcher.RunAll();

    /// <summary>Lets time pass, and everything happen when it is due.</summary>
    public void Advance(TimeSpan span)
    {
        var end = _now + span.Ticks;
        Settle();
        while (NextDue(end) is { } timer)
        {
            WithoutContext(timer.Fire);
            Settle();
        }

        Volatile.Write(ref _now, end);
    }

    /// <summary>Lets time pass until the condition holds.</summary>
    /// <exception cref="TimeoutException">It did not within this time.</exception>
    public void AdvanceUntil(Func<bool> condition, TimeSpan max)
    {
        var end = _now + max.Ticks;
        Settle();
        while (!condition())
        {
            if (NextDue(end) is not { } timer)
            {
                throw new TimeoutException($"the condition did not come true within {max} of simulated time");
            }

            WithoutContext(timer.Fire);
            Settle();
        }
    }

    private static void WithoutContext(Action action)
    {
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private SimulatedTimer? NextDue(long end)
    {
        lock (_gate)
        {
            while (_timers.TryPeek(out var timer, out var order) && order.Due <= end)
            {
                _timers.Dequeue();
                if (timer.IsArmed(order.Number))
                {
                    Volatile.Write(ref _now, Math.Max(_now, order.Due));
                    return timer;
                }
            }

            return null;
        }
    }

    private sealed class SimulatedTimer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private long _armed;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                _armed = 0;
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    _armed = ++time._number;
                    time._timers.Enqueue(this, (time._now + dueTime.Ticks, _armed));
                }

                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        internal bool IsArmed(long number) => _armed == number;

        internal void Fire()
        {
            Change(_period > TimeSpan.Zero ? _period : Timeout.InfiniteTimeSpan, _period);
            callback(state);
        }
    }
}

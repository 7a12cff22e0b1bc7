namespace EngineTests.Remote.Links;

/// <summary>A clock that stands still until it is told to go on, and a queue of work: everything happens on the test's thread, in one order.</summary>
internal sealed class VirtualTime : TimeProvider
{
    private readonly PriorityQueue<VirtualTimer, (long Due, long Number)> _timers = new();
    private readonly Queue<Action> _work = new();
    private long _now;
    private long _number;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddYears(50).AddTicks(_now);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new VirtualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Post(Action work) => _work.Enqueue(work);

    /// <summary>Does what is to be done, without letting time pass.</summary>
    public void Settle()
    {
        while (_work.TryDequeue(out var work))
        {
            work();
        }
    }

    /// <summary>Lets so much time pass, doing everything when it is due.</summary>
    public void Advance(TimeSpan span)
    {
        var end = _now + span.Ticks;
        Settle();
        while (_timers.TryPeek(out var timer, out var order) && order.Due <= end)
        {
            _timers.Dequeue();
            _now = Math.Max(_now, order.Due);
            timer.Fire(order.Number);
            Settle();
        }

        _now = end;
    }

    private sealed class VirtualTimer(VirtualTime time, Action callback) : ITimer
    {
        private long _armed;
        private TimeSpan _period;

        public bool Change(TimeSpan dueTime, TimeSpan period)
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

        public void Fire(long number)
        {
            if (_armed != number)
            {
                return;
            }

            if (_period > TimeSpan.Zero)
            {
                Change(_period, _period);
            }

            callback();
        }

        public void Dispose() => _armed = 0;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

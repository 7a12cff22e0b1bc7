using Actors.Core;

namespace Actors.TestKit;

/// <summary>A scheduler whose time stands still until the test advances it. One Advance fires a repeated entry at most once.</summary>
public class TestScheduler : IScheduler, IAdvancedScheduler
{
    private readonly object _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private DateTimeOffset _now;

    public TestScheduler(Config schedulerConfig, ILoggingAdapter log) => _now = _start;

    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now
    {
        get
        {
            lock (_gate)
            {
                return _now;
            }
        }
    }

    public TimeSpan MonotonicClock => Now - _start;

    public TimeSpan HighResMonotonicClock => Now - _start;

    public void Advance(TimeSpan offset)
    {
        List<Entry> due;
        lock (_gate)
        {
            _now += offset;
            due = [.. _entries.Where(e => e.Due <= _now).OrderBy(e => e.Due)];
            foreach (var entry in due)
            {
                _entries.Remove(entry);
                if (entry.Interval is { } interval && entry.Cancelable?.IsCancellationRequested != true)
                {
                    _entries.Add(entry with { Due = _now + interval });
                }
            }
        }

        foreach (var entry in due)
        {
            if (entry.Cancelable?.IsCancellationRequested != true)
            {
                entry.Action();
            }
        }
    }

    public void AdvanceTo(DateTimeOffset when)
    {
        var offset = when - Now;
        Advance(offset >= TimeSpan.Zero ? offset : throw new InvalidOperationException("time does not go back"));
    }

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(delay, null, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Add(initialDelay, interval, () => receiver.Tell(message, sender), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => Add(delay, null, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) => Add(delay, null, action, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) => Add(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Add(initialDelay, interval, action, cancelable);

    private void Add(TimeSpan delay, TimeSpan? interval, Action action, ICancelable? cancelable)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(_now + delay, interval, action, cancelable));
        }
    }

    private sealed record Entry(DateTimeOffset Due, TimeSpan? Interval, Action Action, ICancelable? Cancelable);
}

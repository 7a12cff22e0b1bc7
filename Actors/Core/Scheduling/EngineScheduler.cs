namespace Actors.Core;

/// <summary>The system's scheduler, on its <see cref="TimerQueue"/>.</summary>
internal sealed class EngineScheduler(TimerQueue queue) : IScheduler, IAdvancedScheduler
{
    public IAdvancedScheduler Advanced => this;

    public DateTimeOffset Now => queue.Time.GetUtcNow();

    public TimeSpan MonotonicClock => queue.Elapsed;

    public TimeSpan HighResMonotonicClock => queue.Elapsed;

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnce(delay, receiver, message, sender, null);

    public void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(new TellEntry(receiver, message, sender, cancelable), delay, TimeSpan.Zero, cancelable);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, null);

    public void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) =>
        Schedule(new TellEntry(receiver, message, sender, cancelable), initialDelay, Positive(interval), cancelable);

    public void ScheduleOnce(TimeSpan delay, Action action) => ScheduleOnce(delay, action, null);

    public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable) =>
        Schedule(new ActionEntry(action, cancelable), delay, TimeSpan.Zero, cancelable);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action) =>
        ScheduleRepeatedly(initialDelay, interval, action, null);

    public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable) =>
        Schedule(new ActionEntry(action, cancelable), initialDelay, Positive(interval), cancelable);

    private static TimeSpan Positive(TimeSpan interval)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        return interval;
    }

    private void Schedule(CancelableEntry entry, TimeSpan delay, TimeSpan interval, ICancelable? cancelable)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        if (cancelable is { IsCancellationRequested: true })
        {
            return;
        }

        if (!queue.Schedule(entry, delay, interval))
        {
            throw new SchedulerException("cannot schedule anything: the actor system has terminated");
        }

        if (cancelable is not null)
        {
            entry.RemoveWhenCancelled(queue, cancelable.Token);
        }
    }

    /// <summary>Leaves the queue when cancelled, so that cancelled entries do not pile up until they are due.</summary>
    private abstract class CancelableEntry(ICancelable? cancelable) : TimerEntry
    {
        private TimerQueue? _queue;
        private CancellationTokenRegistration _registration;

        internal void RemoveWhenCancelled(TimerQueue queue, CancellationToken token)
        {
            _queue = queue;
            _registration = token.UnsafeRegister(static e => ((CancelableEntry)e!).Remove(), this);
        }

        internal sealed override void Fire()
        {
            if (cancelable is { IsCancellationRequested: true })
            {
                return;
            }

            if (Interval == 0)
            {
                _registration.Dispose();
            }

            Act();
        }

        private protected abstract void Act();

        private void Remove() => _queue?.Cancel(this);
    }

    private sealed class TellEntry(ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable) : CancelableEntry(cancelable)
    {
        private protected override void Act() => receiver.Tell(message, sender);
    }

    private sealed class ActionEntry(Action action, ICancelable? cancelable) : CancelableEntry(cancelable)
    {
        private protected override void Act() => action();
    }
}

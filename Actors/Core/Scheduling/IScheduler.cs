namespace Actors.Core;

/// <summary>The scheduler's clocks.</summary>
public interface ITimeProvider
{
    /// <summary>Wall clock, UTC.</summary>
    DateTimeOffset Now { get; }

    /// <summary>Never goes back; its zero is arbitrary.</summary>
    TimeSpan MonotonicClock { get; }

    /// <summary>Never goes back; its zero is arbitrary.</summary>
    TimeSpan HighResMonotonicClock { get; }
}

/// <summary>Sends messages later.</summary>
public interface ITellScheduler
{
    /// <summary>Once, after a delay.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>Once, after a delay, unless cancelled.</summary>
    void ScheduleTellOnce(TimeSpan delay, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);

    /// <summary>After a delay and then in intervals.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender);

    /// <summary>After a delay and then in intervals, until cancelled.</summary>
    void ScheduleTellRepeatedly(TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender, ICancelable? cancelable);
}

/// <summary>Runs actions later, outside of any actor.</summary>
public interface IActionScheduler
{
    /// <summary>Once, after a delay.</summary>
    void ScheduleOnce(TimeSpan delay, Action action);

    /// <summary>Once, after a delay, unless cancelled.</summary>
    void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable);

    /// <summary>After a delay and then in intervals.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action);

    /// <summary>After a delay and then in intervals, until cancelled.</summary>
    void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable);
}

/// <summary>For what an actor should not use.</summary>
public interface IAdvancedScheduler : IActionScheduler;

/// <summary>Sends messages and runs actions later.</summary>
public interface IScheduler : ITellScheduler, ITimeProvider
{
    /// <summary>Runs actions later, outside of any actor.</summary>
    IAdvancedScheduler Advanced { get; }
}

/// <summary>Can be cancelled.</summary>
public interface ICancelable
{
    /// <summary>Whether it was.</summary>
    bool IsCancellationRequested { get; }

    /// <summary>Cancelled with it.</summary>
    CancellationToken Token { get; }

    /// <summary>Now.</summary>
    void Cancel();

    /// <summary>Now; whether the first exception of a callback ends it.</summary>
    void Cancel(bool throwOnFirstException);

    /// <summary>After a delay.</summary>
    void CancelAfter(TimeSpan delay);

    /// <summary>After a delay.</summary>
    void CancelAfter(int millisecondsDelay);
}

/// <summary>Shorter ways to schedule.</summary>
public static class SchedulerExtensions
{
    /// <summary>Once, after so many milliseconds, cancelled by the result.</summary>
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, int millisecondsDelay, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellOnceCancelable(scheduler, TimeSpan.FromMilliseconds(millisecondsDelay), receiver, message, sender);

    /// <summary>Once, after a delay, cancelled by the result.</summary>
    public static ICancelable ScheduleTellOnceCancelable(this IScheduler scheduler, TimeSpan delay, ICanTell receiver, object message, IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellOnce(delay, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>After a delay and then in intervals of so many milliseconds, cancelled by the result.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, int initialMillisecondsDelay, int millisecondsInterval, ICanTell receiver, object message, IActorRef? sender) =>
        ScheduleTellRepeatedlyCancelable(scheduler, TimeSpan.FromMilliseconds(initialMillisecondsDelay), TimeSpan.FromMilliseconds(millisecondsInterval), receiver, message, sender);

    /// <summary>After a delay and then in intervals, cancelled by the result.</summary>
    public static ICancelable ScheduleTellRepeatedlyCancelable(this IScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, ICanTell receiver, object message, IActorRef? sender)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleTellRepeatedly(initialDelay, interval, receiver, message, sender, cancelable);
        return cancelable;
    }

    /// <summary>Once, after a delay, cancelled by the result.</summary>
    public static ICancelable ScheduleOnceCancelable(this IActionScheduler scheduler, TimeSpan delay, Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleOnce(delay, action, cancelable);
        return cancelable;
    }

    /// <summary>After a delay and then in intervals, cancelled by the result.</summary>
    public static ICancelable ScheduleRepeatedlyCancelable(this IActionScheduler scheduler, TimeSpan initialDelay, TimeSpan interval, Action action)
    {
        var cancelable = new Cancelable(scheduler);
        scheduler.ScheduleRepeatedly(initialDelay, interval, action, cancelable);
        return cancelable;
    }
}

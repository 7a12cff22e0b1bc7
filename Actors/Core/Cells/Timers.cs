namespace Actors.Core;

/// <summary>An actor that wants timers; the engine sets the property after construction.</summary>
public interface IWithTimers
{
    /// <summary>The actor's own timers; gone with its incarnation.</summary>
    ITimerScheduler Timers { get; set; }
}

/// <summary>The timers of one actor. A message of a cancelled or replaced timer is never delivered, even if it waits in the mailbox.</summary>
public interface ITimerScheduler
{
    /// <summary>The keys of the active timers.</summary>
    IReadOnlyCollection<object> ActiveTimers { get; }

    /// <summary>Sends the message again and again, first after one interval; replaces the timer of this key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval);

    /// <summary>Sends the message again and again, first after one interval; replaces the timer of this key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message after a delay and then again and again; replaces the timer of this key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval);

    /// <summary>Sends the message after a delay and then again and again; replaces the timer of this key.</summary>
    void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender);

    /// <summary>Sends the message once; replaces the timer of this key.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout);

    /// <summary>Sends the message once; replaces the timer of this key.</summary>
    void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender);

    /// <summary>Whether a timer of this key is active.</summary>
    bool IsTimerActive(object key);

    /// <summary>Ends the timer of this key, if any.</summary>
    void Cancel(object key);

    /// <summary>Ends all timers.</summary>
    void CancelAll();
}

/// <summary>A timer went off; unpacked by the actor's cell if the timer still stands.</summary>
internal sealed class TimerMessage(TimerScheduler owner, object key, long generation, object message, IActorRef? sender)
    : IAutoReceivedMessage, IDeadLetterSuppression
{
    internal TimerScheduler Owner { get; } = owner;

    internal object Key { get; } = key;

    internal long Generation { get; } = generation;

    internal object Message { get; } = message;

    internal IActorRef? Sender { get; } = sender;

    public override string ToString() => $"<Timer {Key}>: {Message}";
}

/// <summary>The timers of one actor.</summary>
internal sealed class TimerScheduler(ActorCell cell) : ITimerScheduler
{
    private readonly Dictionary<object, (long Generation, bool Repeat, LaterHandle Handle)> _timers = [];
    private long _generation;

    public IReadOnlyCollection<object> ActiveTimers => [.. _timers.Keys];

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval) => Start(key, msg, interval, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan interval, IActorRef sender) => Start(key, msg, interval, interval, sender);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval) => Start(key, msg, initialDelay, interval, null);

    public void StartPeriodicTimer(object key, object msg, TimeSpan initialDelay, TimeSpan interval, IActorRef sender) => Start(key, msg, initialDelay, interval, sender);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout) => Start(key, msg, timeout, null, null);

    public void StartSingleTimer(object key, object msg, TimeSpan timeout, IActorRef sender) => Start(key, msg, timeout, null, sender);

    public bool IsTimerActive(object key) => _timers.ContainsKey(key);

    public void Cancel(object key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Handle.Cancel();
        }
    }

    public void CancelAll()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Handle.Cancel();
        }

        _timers.Clear();
    }

    /// <summary>The message of a timer that went off; false if it was cancelled or replaced meanwhile.</summary>
    internal bool TryTake(TimerMessage arrived, out object message)
    {
        message = arrived.Message;
        if (arrived.Owner != this || !_timers.TryGetValue(arrived.Key, out var timer) || timer.Generation != arrived.Generation)
        {
            return false;
        }

        if (!timer.Repeat)
        {
            _timers.Remove(arrived.Key);
        }

        return true;
    }

    private void Start(object key, object message, TimeSpan delay, TimeSpan? interval, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        Cancel(key);
        var wrapped = new TimerMessage(this, key, ++_generation, message, sender);
        var handle = cell.SystemImpl.TellLater(delay, interval ?? TimeSpan.Zero, (IInternalActorRef)cell.Self, wrapped);
        _timers[key] = (_generation, interval is not null, handle);
    }
}

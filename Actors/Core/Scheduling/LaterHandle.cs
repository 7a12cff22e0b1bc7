namespace Actors.Core;

/// <summary>Takes back what was scheduled: on the system's own queue, or on a scheduler that was handed in.</summary>
internal readonly struct LaterHandle
{
    private readonly TimerQueue? _queue;
    private readonly TimerEntry? _entry;
    private readonly ICancelable? _cancelable;

    internal LaterHandle(TimerQueue queue, TimerEntry entry)
    {
        _queue = queue;
        _entry = entry;
    }

    internal LaterHandle(ICancelable cancelable) => _cancelable = cancelable;

    internal void Cancel()
    {
        if (_entry is not null)
        {
            _queue!.Cancel(_entry);
        }

        _cancelable?.Cancel();
    }
}

/// <summary>A message that is told when due.</summary>
internal sealed class TellLaterEntry(IInternalActorRef receiver, object message) : TimerEntry
{
    internal override void Fire() => receiver.Tell(message, receiver);
}

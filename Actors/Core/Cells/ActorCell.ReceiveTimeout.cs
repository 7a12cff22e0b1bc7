namespace Actors.Core;

/// <summary>
/// The receive timeout costs no timer per message: a message only notes the time, and when the timer is due
/// the actor looks whether it was quiet long enough, or how much longer to wait.
/// </summary>
internal sealed partial class ActorCell
{
    public void SetReceiveTimeout(TimeSpan? timeout)
    {
        if (timeout is { } given && given <= TimeSpan.Zero)
        {
            throw new ArgumentException("a receive timeout must be positive", nameof(timeout));
        }

        if (_extras?.ReceiveTimeout is { } before)
        {
            before.Handle.Cancel();
            _extras.ReceiveTimeout = null;
        }

        if (timeout is { } wanted)
        {
            var state = new ReceiveTimeoutState { Timeout = wanted, LastActivity = SystemImpl.Scheduler.MonotonicClock };
            Extras.ReceiveTimeout = state;
            Arm(state, wanted);
        }
    }

    private void Arm(ReceiveTimeoutState state, TimeSpan delay) =>
        state.Handle = SystemImpl.TellLater(delay, TimeSpan.Zero, _self, new ReceiveTimeoutCheck(state));

    private void CheckReceiveTimeout(ReceiveTimeoutCheck check)
    {
        if (_extras?.ReceiveTimeout is not { } state || state != check.State)
        {
            return;
        }

        var quiet = SystemImpl.Scheduler.MonotonicClock - state.LastActivity;
        if (quiet < state.Timeout)
        {
            Arm(state, state.Timeout - quiet);
            return;
        }

        state.LastActivity += quiet;
        Arm(state, state.Timeout);
        _item = new MailItem(Core.ReceiveTimeout.Instance, _self);
        ReceiveMessage(Core.ReceiveTimeout.Instance);
    }
}

/// <summary>A receive timeout that is set.</summary>
internal sealed class ReceiveTimeoutState
{
    internal TimeSpan Timeout;
    internal TimeSpan LastActivity;
    internal LaterHandle Handle;
}

/// <summary>Look whether it was quiet long enough.</summary>
internal sealed class ReceiveTimeoutCheck(ReceiveTimeoutState state) : IAutoReceivedMessage, INotInfluenceReceiveTimeout, IDeadLetterSuppression
{
    internal ReceiveTimeoutState State { get; } = state;
}

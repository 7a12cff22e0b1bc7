namespace Actors.Core;

/// <summary>Failing, and supervising those who fail.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Counts a restart of this child; false if its limit is reached.</summary>
    internal bool RestartPermitted(IInternalActorRef child, int maxRetries, TimeSpan? window)
    {
        if (maxRetries < 0 && window is null)
        {
            return true;
        }

        var restarts = Extras.Restarts ??= [];
        if (!restarts.TryGetValue(child, out var statistics))
        {
            restarts[child] = statistics = new RestartStatistics();
        }

        return statistics.Permit(maxRetries, window, SystemImpl.Scheduler.MonotonicClock);
    }

    /// <summary>The actor threw: it and its children wait, the supervisor decides.</summary>
    private void HandleInvokeFailure(Exception cause, IReadOnlyList<IInternalActorRef>? keepRunning = null)
    {
        if (IsTerminated || IsFailed)
        {
            return;
        }

        try
        {
            SuspendSelf();
            SetFailed(_failedChild ?? _self);
            _extras!.FailedItem = _item;
            foreach (var child in ChildrenRefs)
            {
                if (!child.Equals(_failedChild) && keepRunning?.Contains(child) != true)
                {
                    child.Suspend();
                }
            }

            Supervisor.SendSystemMessage(new Failed(_self, cause, _self.Path.Uid));
        }
        catch (Exception e)
        {
            Guarded("failure handling", () => throw e);
            _self.Stop();
        }
        finally
        {
            _failedChild = null;
        }
    }

    private void HandleFailed(Failed failed)
    {
        if (_children is null || !_children.Contains(failed.Child))
        {
            return;
        }

        _item = new MailItem(failed, failed.Child);
        try
        {
            if (!Strategy().HandleFailure(this, failed.Child, failed.Cause))
            {
                _failedChild = failed.Child;
                throw failed.Cause;
            }
        }
        finally
        {
            _item = null;
        }
    }

    private IActorRef? _failedChild;

    private SupervisorStrategy Strategy() =>
        Extras.Strategy ??= Props.SupervisorStrategy ?? _actor?.MakeSupervisorStrategy() ?? SupervisorStrategy.DefaultStrategy;

    private void HandleChildTerminated(IActorRef child)
    {
        _extras?.Restarts?.Remove(child);
        switch (_children!.Remove(child, out var cause))
        {
            case SuspendReason.Recreation:
                FinishRecreate(cause!);
                break;
            case SuspendReason.Creation:
                FinishCreate();
                break;
            case SuspendReason.Termination:
                FinishTerminate();
                break;
        }
    }
}

/// <summary>How often a child was restarted lately.</summary>
internal sealed class RestartStatistics
{
    private int _restarts;
    private TimeSpan? _windowStart;

    internal bool Permit(int maxRetries, TimeSpan? window, TimeSpan now)
    {
        if (maxRetries == 0)
        {
            return false;
        }

        if (window is { } length)
        {
            // A window without a number means one restart in it.
            var limit = maxRetries > 0 ? maxRetries : 1;
            if (_windowStart is { } start && now - start <= length)
            {
                return ++_restarts <= limit;
            }

            _windowStart = now;
            _restarts = 1;
            return true;
        }

        return ++_restarts <= maxRetries;
    }
}

namespace Actors.Core;

/// <summary>Handling of one message.</summary>
internal sealed partial class ActorCell
{
    /// <summary>Gives a message to the behaviour, as if it came from the mailbox.</summary>
    internal void ReceiveMessage(object message)
    {
        var actor = _actor!;
        actor.AroundReceive(_receive ??= actor.DefaultReceive(), message);
    }

    /// <summary>From now on the message at work counts as sent by this one: the handler of a persisted event sees who sent its command.</summary>
    internal void ActAs(IActorRef sender) => _item = new MailItem(_item!.Message, sender);

    private void Invoke(MailItem item)
    {
        _item = item;
        try
        {
            if (item.Message is IAutoReceivedMessage special)
            {
                AutoReceive(special);
            }
            else
            {
                ReceiveMessage(item.Message);
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }

        if (_awaiting == 0)
        {
            EndMessage(_item ?? item);
        }
    }

    private void EndMessage(MailItem item)
    {
        _item = null;
        if (_extras?.ReceiveTimeout is { } timeout && item.Message is not INotInfluenceReceiveTimeout)
        {
            timeout.LastActivity = SystemImpl.Scheduler.MonotonicClock;
        }
    }

    private void AutoReceive(IAutoReceivedMessage message)
    {
        switch (message)
        {
            case Terminated terminated:
                ReceiveTerminated(terminated);
                break;
            case TimerMessage timer:
                if (_extras?.Timers is { } timers && timers.TryTake(timer, out var inner))
                {
                    DeliverTimer(timer, inner);
                }

                break;
            case ReceiveTimeoutCheck check:
                CheckReceiveTimeout(check);
                break;
            case ActorSelectionMessage selection:
                ActorSelections.Deliver(_self, Sender, selection);
                break;
            case Identify identify:
                Sender.Tell(new ActorIdentity(identify.MessageId, _self), _self);
                break;
            case PoisonPill:
                _self.Stop();
                break;
            case Kill:
                throw new ActorKilledException("Kill");
            case AddressTerminated gone:
                HandleAddressTerminated(gone.Address);
                break;
            default:
                ReceiveMessage(message);
                break;
        }
    }

    private void DeliverTimer(TimerMessage timer, object inner)
    {
        if (inner is IAutoReceivedMessage special)
        {
            AutoReceive(special);
            return;
        }

        // What is stashed, or shown to the supervisor, is the message and not its wrapping.
        _item = new MailItem(inner, timer.Sender ?? _self);
        ReceiveMessage(inner);
    }

    private void Invoke(SystemMessage message)
    {
        try
        {
            switch (message)
            {
                case AsyncContinuation continuation:
                    continuation.Run();
                    break;
                case AsyncCompleted completed:
                    HandleAsyncCompleted(completed);
                    break;
                case Create:
                    HandleCreate();
                    break;
                case Watch watch:
                    AddWatcher(watch.Watchee, watch.Watcher);
                    break;
                case Unwatch unwatch:
                    RemoveWatcher(unwatch.Watchee, unwatch.Watcher);
                    break;
                case DeathWatchNotification notification:
                    WatchedActorTerminated(notification.Actor, notification.ExistenceConfirmed, notification.AddressTerminated);
                    break;
                case Failed failed:
                    HandleFailed(failed);
                    break;
                case Terminate:
                    HandleTerminate();
                    break;
                case Suspend:
                    HandleSuspend();
                    break;
                case Resume resume:
                    HandleResume(resume.CausedByFailure);
                    break;
                case Recreate recreate:
                    HandleRecreate(recreate.Cause);
                    break;
            }
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }
}

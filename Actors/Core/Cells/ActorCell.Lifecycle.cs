namespace Actors.Core;

/// <summary>Making, suspending, restarting and ending the actor.</summary>
internal sealed partial class ActorCell
{
    private bool IsFailed => _extras is { HasFailed: true };

    /// <summary>Schedules the making of the actor.</summary>
    internal void Start() => SendSystemMessage(new Create());

    private void HandleCreate()
    {
        try
        {
            NewActor();
            _actor!.AroundPreStart();
        }
        catch (Exception e)
        {
            if (_actor is { } made)
            {
                Release(made);
                _actor = null;
            }

            throw new ActorInitializationException(_self, $"exception during creation of {_self.Path}: {e.Message}", e);
        }
    }

    private void NewActor()
    {
        _receive = null;
        _behavioursBelow = null;
        _constructing = true;
        try
        {
            var actor = Props.NewActor()
                ?? throw new ActorInitializationException(_self, "the props gave null instead of an actor");
            if (_constructing || actor.Cell != this)
            {
                throw new ActorInitializationException(_self, "the props gave an actor that was made before: they must make a new one each time");
            }

            _actor = actor;
        }
        finally
        {
            _constructing = false;
        }

        (_actor as IInitializableActor)?.Init();
        if (_actor is IWithTimers withTimers)
        {
            withTimers.Timers = Extras.Timers ??= new TimerScheduler(this);
        }

        if (_actor is IActorStash stashing)
        {
            stashing.Stash = new ActorStash(this, Props.StashCapacity ?? -1);
            Stashing = stashing;
        }
    }

    /// <summary>The end of one incarnation: nothing of it may reach the next.</summary>
    private void Release(ActorBase actor)
    {
        _extras?.Timers?.CancelAll();
        SetReceiveTimeout(null);
        Stashing?.Stash?.UnstashAll();
        Stashing = null;
        if (_extras is not null)
        {
            _extras.Strategy = null;
        }

        _receive = null;
        _behavioursBelow = null;
        _incarnation++;
        _awaiting = 0;
        UpdateBlocked();
        if (actor is IDisposable disposable)
        {
            Guarded("Dispose", disposable.Dispose);
        }
    }

    private void HandleSuspend()
    {
        SuspendSelf();
        foreach (var child in ChildrenRefs)
        {
            child.Suspend();
        }
    }

    private void HandleResume(Exception? causedByFailure)
    {
        if (_actor is null)
        {
            Recreation();
        }
        else
        {
            var perpetrator = _extras?.Perpetrator;
            ClearFailed();
            ResumeSelf();

            // Who failed is resumed because of that; the others only because they were suspended with it.
            foreach (var child in ChildrenRefs)
            {
                child.Resume(child.Equals(perpetrator) ? causedByFailure : null);
            }
        }
    }

    private void HandleRecreate(Exception cause)
    {
        if (_actor is not { } failed)
        {
            Recreation();
            return;
        }

        if (_children is { IsTerminating: true })
        {
            HandleResume(null);
            return;
        }

        SystemImpl.Counters.CountRestart();
        _item = _extras?.FailedItem ?? _item;
        Guarded("PreRestart", () => failed.AroundPreRestart(cause, _item?.Message!));
        _item = null;
        Release(failed);
        _actor = null;
        if (_children is null || !_children.WaitForDying(SuspendReason.Recreation, cause))
        {
            FinishRecreate(cause);
        }
    }

    /// <summary>Resumed or restarted without ever having come to life: its children go, then it is made for the first time.</summary>
    private void Recreation()
    {
        foreach (var child in ChildrenRefs)
        {
            Stop(child);
        }

        if (_children is null || !_children.WaitForDying(SuspendReason.Creation, null))
        {
            FinishCreate();
        }
    }

    private void FinishCreate()
    {
        ResumeSelf();
        ClearFailed();
        try
        {
            HandleCreate();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }
    }

    private void FinishRecreate(Exception cause)
    {
        var survivors = ChildrenRefs;
        try
        {
            ResumeSelf();
            ClearFailed();
            NewActor();
            _actor!.AroundPostRestart(cause, null!);

            // Only after the parent runs again do those children restart that it kept.
            foreach (var child in survivors)
            {
                child.Restart(cause);
            }
        }
        catch (Exception e)
        {
            if (_actor is { } made)
            {
                Release(made);
                _actor = null;
            }

            HandleInvokeFailure(new PostRestartException(_self, e, cause), survivors);
        }
    }

    private void HandleTerminate()
    {
        SetReceiveTimeout(null);
        foreach (var child in ChildrenRefs)
        {
            Stop(child);
        }

        var wasTerminating = _children is { IsTerminating: true };
        if (_children is not null && _children.WaitForDying(SuspendReason.Termination, null))
        {
            if (!wasTerminating)
            {
                // No user messages while the children end, and no failure is reported any more.
                SuspendSelf();
                SetFailed(_self);
            }
        }
        else
        {
            FinishTerminate();
        }
    }

    private void FinishTerminate()
    {
        _children?.SetTerminated();
        if (_actor is { } actor)
        {
            Guarded("PostStop", actor.AroundPostStop);
            Release(actor);
        }

        CloseMailbox();

        // After closing: who subscribes this actor meanwhile sees that it is closed and takes it back himself.
        if (Volatile.Read(ref _subscribed))
        {
            SystemImpl.EventStream.Unsubscribe(_self);
        }

        Supervisor.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
        TellWatchersThatWeDied();
        UnwatchAll();
        _actor = null;
        _extras = null;
        _children = null;
    }

    private void SuspendSelf()
    {
        _suspensions++;
        UpdateBlocked();
    }

    private void ResumeSelf()
    {
        if (_suspensions > 0)
        {
            _suspensions--;
        }

        UpdateBlocked();
    }

    private void SetFailed(IActorRef perpetrator)
    {
        Extras.HasFailed = true;
        _extras!.Perpetrator = perpetrator;
    }

    private void ClearFailed()
    {
        if (_extras is not null)
        {
            _extras.HasFailed = false;
            _extras.Perpetrator = null;
            _extras.FailedItem = null;
        }
    }

    /// <summary>Runs a hook of the actor whose failure is logged and changes nothing.</summary>
    private void Guarded(string hook, Action action)
    {
        try
        {
            action();
        }
        catch (Exception e)
        {
            SystemImpl.PublishLog(new Error(e, _self.Path.ToString(), Props.Type, new LogMessage(DefaultLogMessageFormatter.Instance, "{0} of {1} threw: {2}", hook, _self.Path, e.Message)));
        }
    }
}

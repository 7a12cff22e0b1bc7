namespace Actors.Core;

/// <summary>
/// Waits for one answer. It has a path below <c>/temp</c> only once somebody asks for it, which is when it leaves the process:
/// a local Ask registers nothing.
/// </summary>
internal abstract class FutureActorRefBase(IActorRefProvider provider) : MinimalActorRef(null)
{
    private readonly object _gate = new();
    private ActorPath? _path;
    private bool _done;
    private List<IInternalActorRef>? _watchers;

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => Volatile.Read(ref _done);

    public override ActorPath Path
    {
        get
        {
            if (Volatile.Read(ref _path) is { } known)
            {
                return known;
            }

            lock (_gate)
            {
                if (_path is null)
                {
                    var path = provider.TempPath();
                    if (!_done)
                    {
                        provider.RegisterTempActor(this, path);
                    }

                    Volatile.Write(ref _path, path);
                }

                return _path;
            }
        }
    }

    public override void Stop() => Abandon();

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case DeathWatchNotification notification:
                TellInternal(new Terminated(notification.Actor, notification.ExistenceConfirmed, notification.AddressTerminated), notification.Actor);
                break;
            case Terminate:
                Abandon();
                break;
            case Watch watch:
                lock (_gate)
                {
                    if (!_done)
                    {
                        (_watchers ??= []).Add(watch.Watcher);
                        return;
                    }
                }

                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true, addressTerminated: false));
                break;
            case Unwatch unwatch:
                lock (_gate)
                {
                    _watchers?.Remove(unwatch.Watcher);
                }

                break;
            case AsyncContinuation continuation:
                continuation.RunDetached(provider.SystemImpl);
                break;
        }
    }

    /// <summary>Stopped from outside: nobody will answer.</summary>
    protected abstract void Abandon();

    /// <summary>The answer is there (or none will come): forget the path, tell who watched.</summary>
    protected void Finish()
    {
        List<IInternalActorRef>? watchers;
        lock (_gate)
        {
            _done = true;
            watchers = _watchers;
            _watchers = null;
            if (_path is not null)
            {
                provider.UnregisterTempActor(_path);
            }
        }

        watchers?.ForEach(w => w.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: true, addressTerminated: false)));
    }
}

/// <summary>Waits for one answer of a type.</summary>
internal sealed class FutureActorRef<T> : FutureActorRefBase
{
    private readonly TaskCompletionSource<T> _result;
    private readonly bool _inline;
    private AskTimer? _timer;
    private CancellationTokenRegistration _cancellation;
    private int _answered;

    internal FutureActorRef(IActorRefProvider provider)
        : base(provider)
    {
        // On the thread pool, whoever awaits goes on there; on a dispatcher that was handed in, he goes on in a turn of it.
        _inline = provider.SystemImpl.Dispatcher is not ThreadPoolDispatcher;
        _result = new TaskCompletionSource<T>(_inline ? TaskCreationOptions.None : TaskCreationOptions.RunContinuationsAsynchronously);
    }

    internal Task<T> Task => _result.Task;

    public override void TellInternal(object message, IActorRef? sender)
    {
        if (!TryAnswer())
        {
            if (!_result.Task.IsCanceled && _result.Task.Exception?.InnerException is not AskTimeoutException)
            {
                Provider.DeadLetters.Tell(message, this);
            }
            else
            {
                // Too late: shown as any letter to somebody who is gone.
                Provider.DeadLetters.Tell(new DeadLetter(message, sender ?? Provider.DeadLetters, this), sender);
            }

            return;
        }

        switch (message)
        {
            case T answer:
                Complete(() => _result.TrySetResult(answer));
                break;
            case Status.Failure failure:
                Complete(() => _result.TrySetException(failure.Cause ?? new TaskCanceledException("cancelled by a failure without a cause")));
                break;
            default:
                Complete(() => _result.TrySetException(new ArgumentException($"received a message of type [{message.GetType()}], but Ask expected [{typeof(T)}]")));
                break;
        }
    }

    internal void Arm(object question, ICanTell target, TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (timeout != Timeout.InfiniteTimeSpan)
        {
            _timer = new AskTimer(this, question, target, timeout);
            Provider.SystemImpl.Timers.Schedule(_timer, timeout);
        }

        if (cancellationToken.CanBeCanceled)
        {
            _cancellation = cancellationToken.UnsafeRegister(
                static (future, token) =>
                {
                    var me = (FutureActorRef<T>)future!;
                    if (me.TryAnswer())
                    {
                        me.Complete(() => me._result.TrySetCanceled(token));
                    }
                },
                this);
        }
    }

    protected override void Abandon()
    {
        if (TryAnswer())
        {
            Complete(() => _result.TrySetException(new TaskCanceledException("the asking reference was stopped")));
        }
    }

    private bool TryAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;

    private void Complete(Action complete)
    {
        if (_timer is { } timer)
        {
            Provider.SystemImpl.Timers.Cancel(timer);
        }

        _cancellation.Unregister();
        Finish();
        if (_inline)
        {
            Provider.SystemImpl.Dispatcher.Execute(complete);
        }
        else
        {
            complete();
        }
    }

    private sealed class AskTimer(FutureActorRef<T> future, object question, ICanTell target, TimeSpan timeout) : TimerEntry
    {
        internal override void Fire()
        {
            if (future.TryAnswer())
            {
                future.Complete(() => future._result.TrySetException(
                    new AskTimeoutException($"Timeout after {timeout} seconds: {target} did not answer {question.GetType().Name}")));
            }
        }
    }
}

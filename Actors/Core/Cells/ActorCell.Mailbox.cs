namespace Actors.Core;

/// <summary>The mailbox: who sends schedules a turn if none is due; a turn handles system messages first and some user messages.</summary>
internal sealed partial class ActorCell
{
    private const int Scheduled = 1;
    private const int Blocked = 2;
    private const int Closed = 4;

    private MessageQueue _queue;
    private SystemMessageQueue _systemQueue;
    private readonly BoundedMailbox? _bound;

    // Written atomically: Scheduled by whoever schedules, the others only during the actor's turn.
    private int _status;
    private int _suspensions;
    private int _awaiting;

    internal bool IsTerminated => (Volatile.Read(ref _status) & Closed) != 0;

    /// <summary>How many messages wait; walks the list, for diagnosis only.</summary>
    internal int MailboxDepth => _queue.Count();

    internal void Post(object message, IActorRef? sender)
    {
        if ((Volatile.Read(ref _status) & Closed) != 0 || _bound is { } bound && !bound.TryEnter())
        {
            ToDeadLetters(message, sender);
            return;
        }

        _queue.Enqueue(new MailItem(message, sender));

        // The queue's swap is a full fence: either we see that a turn is over, or that turn sees our message.
        if ((Volatile.Read(ref _status) & (Scheduled | Blocked)) == 0)
        {
            Schedule();
        }
    }

    internal void SendSystemMessage(SystemMessage message)
    {
        if (!_systemQueue.TryEnqueue(message))
        {
            HandleAfterDeath(message);
        }
        else if ((Volatile.Read(ref _status) & Scheduled) == 0)
        {
            Schedule();
        }
    }

    /// <summary>Puts messages before all that wait; only during the actor's turn.</summary>
    internal void Prepend(IReadOnlyList<MailItem> items)
    {
        if (items.Count == 0)
        {
            return;
        }

        for (var i = 0; i + 1 < items.Count; i++)
        {
            items[i].Next = items[i + 1];
        }

        _bound?.Reenter(items.Count);
        _queue.Prepend(items[0], items[^1]);
    }

    /// <summary>A turn.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        var before = t_current;
        t_current = this;
        try
        {
            TakeTurn();
        }
        finally
        {
            t_current = before;
        }

        Interlocked.And(ref _status, ~Scheduled);
        if (HasWork())
        {
            Schedule();
        }
    }

    private void TakeTurn()
    {
        if (IsTerminated)
        {
            DrainToDeadLetters();
            return;
        }

        if (!_systemQueue.IsEmpty)
        {
            ProcessSystemMessages();
        }

        for (var left = SystemImpl.Dispatcher.Throughput; left > 0 && (_status & (Blocked | Closed)) == 0; left--)
        {
            var item = _queue.TryDequeue();
            if (item is null)
            {
                return;
            }

            _bound?.Leave();
            Invoke(item);
            if (!_systemQueue.IsEmpty)
            {
                ProcessSystemMessages();
            }
        }
    }

    private bool HasWork() =>
        !_systemQueue.IsEmpty || ((Volatile.Read(ref _status) & Blocked) == 0 && !_queue.IsEmpty);

    private void Schedule()
    {
        if ((Interlocked.Or(ref _status, Scheduled) & Scheduled) == 0)
        {
            SystemImpl.Dispatcher.Execute(this);
        }
    }

    private void ProcessSystemMessages()
    {
        while (_systemQueue.TakeAll() is { } message)
        {
            for (SystemMessage? next; message is not null; message = next)
            {
                next = message.Next;
                message.Next = null;
                if (IsTerminated)
                {
                    HandleAfterDeath(message);
                }
                else
                {
                    Invoke(message);
                }
            }
        }
    }

    private void UpdateBlocked()
    {
        if (_suspensions > 0 || _awaiting > 0)
        {
            Interlocked.Or(ref _status, Blocked);
        }
        else
        {
            Interlocked.And(ref _status, ~Blocked);
        }
    }

    /// <summary>From now on everything goes to dead letters, also what is waiting.</summary>
    private void CloseMailbox()
    {
        Interlocked.Or(ref _status, Closed);
        Interlocked.And(ref _status, ~Blocked);
        for (var message = _systemQueue.Close(); message is not null;)
        {
            var next = message.Next;
            message.Next = null;
            HandleAfterDeath(message);
            message = next;
        }

        DrainToDeadLetters();
    }

    private void DrainToDeadLetters()
    {
        while (_queue.TryDequeue() is { } item)
        {
            _bound?.Leave();
            ToDeadLetters(item.Message, item.Sender);
        }
    }

    private void ToDeadLetters(object message, IActorRef? sender) =>
        SystemImpl.DeadLettersRef.TellInternal(message as DeadLetter ?? new DeadLetter(message, sender ?? SystemImpl.DeadLetters, _self), sender);

    private void HandleAfterDeath(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch when watch.Watchee.Equals(_self) && !watch.Watcher.Equals(_self):
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: false, addressTerminated: false));
                break;
            case AsyncContinuation continuation:
                continuation.RunDetached(SystemImpl);
                break;
        }
    }
}

namespace Actors.Core;

/// <summary>The mailbox: who sends schedules a turn if none is due; a turn handles system messages first and some user messages.</summary>
internal sealed partial class ActorCell
{
    private const int Scheduled = 1;
    private const int Blocked = 2;
    private const int Closed = 4;

    // Its status is written atomically: Scheduled by whoever schedules, the others only during the actor's turn.
    private readonly Mailbox _mailbox = new();
    private readonly BoundedMailbox? _bound;
    private TakenMessages _taken;
    private int _suspensions;
    private int _awaiting;

    internal bool IsTerminated => (Volatile.Read(ref _mailbox.Status) & Closed) != 0;

    /// <summary>How many messages wait; walks the list, for diagnosis only.</summary>
    internal int MailboxDepth => _taken.Count() + _mailbox.Messages.Count();

    internal void Post(object message, IActorRef? sender)
    {
        if ((Volatile.Read(ref _mailbox.Status) & Closed) != 0 || _bound is { } bound && !bound.TryEnter())
        {
            ToDeadLetters(message, sender);
            return;
        }

        _mailbox.Messages.Enqueue(new MailItem(message, sender));

        // The queue's swap is a full fence: either we see that a turn is over, or that turn sees our message.
        if ((Volatile.Read(ref _mailbox.Status) & (Scheduled | Blocked)) == 0)
        {
            Schedule();
        }
    }

    internal void SendSystemMessage(SystemMessage message)
    {
        if (!_mailbox.SystemMessages.TryEnqueue(message))
        {
            HandleAfterDeath(message);
        }
        else if ((Volatile.Read(ref _mailbox.Status) & Scheduled) == 0)
        {
            Schedule();
        }
    }

    /// <summary>Puts messages before all that wait; only during the actor's turn.</summary>
    internal void Prepend(IReadOnlyList<MailItem> items)
    {
        _bound?.Reenter(items.Count);
        _taken.Prepend(items);
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

        Interlocked.And(ref _mailbox.Status, ~Scheduled);
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

        if (!_mailbox.SystemMessages.IsEmpty)
        {
            ProcessSystemMessages();
        }

        for (var left = SystemImpl.Dispatcher.Throughput; left > 0 && (_mailbox.Status & (Blocked | Closed)) == 0; left--)
        {
            var item = _taken.TryDequeue(ref _mailbox.Messages);
            if (item is null)
            {
                return;
            }

            _bound?.Leave();
            Invoke(item);
            if (!_mailbox.SystemMessages.IsEmpty)
            {
                ProcessSystemMessages();
            }
        }
    }

    private bool HasWork() =>
        !_mailbox.SystemMessages.IsEmpty || ((Volatile.Read(ref _mailbox.Status) & Blocked) == 0 && (!_taken.IsEmpty || !_mailbox.Messages.IsEmpty));

    private void Schedule()
    {
        if ((Interlocked.Or(ref _mailbox.Status, Scheduled) & Scheduled) == 0)
        {
            SystemImpl.Dispatcher.Execute(this);
        }
    }

    private void ProcessSystemMessages()
    {
        while (_mailbox.SystemMessages.TakeAll() is { } message)
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
            Interlocked.Or(ref _mailbox.Status, Blocked);
        }
        else
        {
            Interlocked.And(ref _mailbox.Status, ~Blocked);
        }
    }

    /// <summary>From now on everything goes to dead letters, also what is waiting.</summary>
    private void CloseMailbox()
    {
        Interlocked.Or(ref _mailbox.Status, Closed);
        Interlocked.And(ref _mailbox.Status, ~Blocked);
        for (var message = _mailbox.SystemMessages.Close(); message is not null;)
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
        while (_taken.TryDequeue(ref _mailbox.Messages) is { } item)
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

namespace Actors.Core;

/// <summary>Watching for the end of others, and telling others of the own end.</summary>
internal sealed partial class ActorCell
{
    private bool _subscribed;

    public IActorRef Watch(IActorRef subject)
    {
        StartWatching(subject, null);
        return subject;
    }

    public IActorRef WatchWith(IActorRef subject, object message)
    {
        ArgumentNullException.ThrowIfNull(message);
        StartWatching(subject, message);
        return subject;
    }

    public IActorRef Unwatch(IActorRef subject)
    {
        if (!subject.Equals(_self) && _extras?.DeathWatch is { } watch)
        {
            if (watch.Watching.Remove(subject))
            {
                ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
                MaintainAddressSubscription(subject);
            }

            watch.Queued.Remove(subject);
        }

        return subject;
    }

    /// <summary>The event stream holds this actor; false if it has ended already.</summary>
    internal bool NoteSubscribed()
    {
        Interlocked.Exchange(ref _subscribed, true);
        return !IsTerminated;
    }

    private void StartWatching(IActorRef subject, object? message)
    {
        if (subject.Equals(_self))
        {
            return;
        }

        var watch = Extras.DeathWatch ??= new DeathWatch();
        if (watch.Watching.TryGetValue(subject, out var before))
        {
            if (!Equals(before, message))
            {
                throw new InvalidOperationException($"{subject} is watched already, with another message: unwatch it first");
            }

            return;
        }

        ((IInternalActorRef)subject).SendSystemMessage(new Watch((IInternalActorRef)subject, _self));
        watch.Watching[subject] = message;
        MaintainAddressSubscription(subject);
    }

    private void ReceiveTerminated(Terminated terminated)
    {
        // Unwatched in the meantime: not wanted any more.
        if (_extras?.DeathWatch is { } watch && watch.Queued.Remove(terminated.ActorRef, out var custom))
        {
            ReceiveMessage(custom ?? terminated);
        }
    }

    private void WatchedActorTerminated(IActorRef actor, bool existenceConfirmed, bool addressTerminated)
    {
        if (_extras?.DeathWatch is { } watch && watch.Watching.Remove(actor, out var custom))
        {
            MaintainAddressSubscription(actor);
            if (_children is not { IsTerminating: true })
            {
                watch.Queued[actor] = custom;
                _self.TellInternal(new Terminated(actor, existenceConfirmed, addressTerminated), actor);
            }
        }

        if (_children is { } children && children.Contains(actor))
        {
            HandleChildTerminated(actor);
        }
    }

    private void AddWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watchee.Equals(_self) && !watcher.Equals(_self))
        {
            (Extras.DeathWatch ??= new DeathWatch()).WatchedBy.Add(watcher);
            MaintainAddressSubscription(watcher);
        }
        else if (watcher.Equals(_self))
        {
            Watch(watchee);
        }
    }

    private void RemoveWatcher(IInternalActorRef watchee, IInternalActorRef watcher)
    {
        if (watchee.Equals(_self) && !watcher.Equals(_self))
        {
            _extras?.DeathWatch?.WatchedBy.Remove(watcher);
            MaintainAddressSubscription(watcher);
        }
        else if (watcher.Equals(_self))
        {
            Unwatch(watchee);
        }
    }

    private void TellWatchersThatWeDied()
    {
        if (_extras?.DeathWatch is not { } watch)
        {
            return;
        }

        // Remote watchers first: a local one may end the system on hearing of it.
        foreach (var watcher in watch.WatchedBy.OrderBy(w => w.IsLocal))
        {
            if (!watcher.Equals(Supervisor))
            {
                watcher.SendSystemMessage(new DeathWatchNotification(_self, existenceConfirmed: true, addressTerminated: false));
            }
        }

        watch.WatchedBy.Clear();
    }

    private void UnwatchAll()
    {
        if (_extras?.DeathWatch is not { } watch)
        {
            return;
        }

        foreach (var subject in watch.Watching.Keys)
        {
            ((IInternalActorRef)subject).SendSystemMessage(new Unwatch((IInternalActorRef)subject, _self));
        }

        watch.Watching.Clear();
        watch.Queued.Clear();
        if (watch.SubscribedToAddresses)
        {
            SystemImpl.AddressTerminatedTopic.Unsubscribe(_self);
        }
    }

    private void HandleAddressTerminated(Address address)
    {
        if (_extras?.DeathWatch is not { } watch)
        {
            return;
        }

        watch.WatchedBy.RemoveWhere(w => w.Path.Address == address);

        // A child that is remote, or one whose end is not yet known: what is concluded from the loss of its node counts.
        foreach (var subject in watch.Watching.Keys.Where(s => s.Path.Address == address).ToList())
        {
            _self.SendSystemMessage(new DeathWatchNotification(subject, existenceConfirmed: _children?.Contains(subject) == true, addressTerminated: true));
        }
    }

    /// <summary>Who watches, or is watched from, another node wants to know when that node is lost.</summary>
    private void MaintainAddressSubscription(IActorRef changed)
    {
        if (changed is IInternalActorRef { IsLocal: true } || _extras?.DeathWatch is not { } watch)
        {
            return;
        }

        var wanted = watch.Watching.Keys.Any(IsRemote) || watch.WatchedBy.Any(IsRemote);
        if (wanted && !watch.SubscribedToAddresses)
        {
            SystemImpl.AddressTerminatedTopic.Subscribe(_self);
        }
        else if (!wanted && watch.SubscribedToAddresses)
        {
            SystemImpl.AddressTerminatedTopic.Unsubscribe(_self);
        }

        watch.SubscribedToAddresses = wanted;

        static bool IsRemote(IActorRef actor) => actor is IInternalActorRef { IsLocal: false };
    }
}

/// <summary>Whom an actor watches, and who watches it.</summary>
internal sealed class DeathWatch
{
    /// <summary>With the message wanted instead of <see cref="Terminated"/>, if any.</summary>
    internal readonly Dictionary<IActorRef, object?> Watching = [];

    internal readonly HashSet<IInternalActorRef> WatchedBy = [];

    /// <summary>Whose <see cref="Terminated"/> is in the mailbox.</summary>
    internal readonly Dictionary<IActorRef, object?> Queued = [];

    internal bool SubscribedToAddresses;
}

/// <summary>All of a node is lost.</summary>
internal sealed class AddressTerminated(Address address) : IAutoReceivedMessage, IPossiblyHarmful, IDeadLetterSuppression
{
    internal Address Address { get; } = address;
}

/// <summary>Seam: remoting publishes here that a node is lost (quarantined, removed from the cluster); actors that watch across nodes subscribe by themselves.</summary>
internal sealed class AddressTerminatedTopic
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<IActorRef, bool> _subscribers = new();

    internal void Subscribe(IActorRef subscriber) => _subscribers[subscriber] = true;

    internal void Unsubscribe(IActorRef subscriber) => _subscribers.TryRemove(subscriber, out _);

    internal void Publish(Address lost)
    {
        foreach (var (subscriber, _) in _subscribers)
        {
            subscriber.Tell(new AddressTerminated(lost), ActorRefs.NoSender);
        }
    }
}

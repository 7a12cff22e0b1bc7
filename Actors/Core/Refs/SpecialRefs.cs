namespace Actors.Core;

/// <summary>Stands where no actor is: what it is told becomes a dead letter, and who watches it is told at once that it is gone.</summary>
internal class EmptyLocalActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream) : MinimalActorRef(path)
{
    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => true;

    private protected EventStream EventStream => eventStream;

    public override void TellInternal(object message, IActorRef? sender)
    {
        switch (message)
        {
            case DeadLetter letter when letter.Recipient.Equals(this):
                Publish(letter);
                break;
            case DeadLetter letter:
                TellInternal(letter.Message, letter.Sender);
                break;
            default:
                if (!SpecialHandle(message, sender))
                {
                    Publish(new DeadLetter(message, sender ?? provider.DeadLetters, this));
                }

                break;
        }
    }

    public override void SendSystemMessage(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch when watch.Watchee.Equals(this) && !watch.Watcher.Equals(this):
                watch.Watcher.SendSystemMessage(new DeathWatchNotification(this, existenceConfirmed: false, addressTerminated: false));
                break;
            case AsyncContinuation continuation:
                continuation.RunDetached(provider.SystemImpl);
                break;
        }
    }

    /// <summary>Messages that are answered or dropped silently even where nobody is.</summary>
    private protected virtual bool SpecialHandle(object message, IActorRef? sender)
    {
        switch (message)
        {
            case Identify identify:
                sender?.Tell(new ActorIdentity(identify.MessageId, null), ActorRefs.NoSender);
                return true;
            case ActorSelectionMessage selection:
                if (selection.Message is Identify wanted)
                {
                    if (!selection.WildCardFanOut)
                    {
                        sender?.Tell(new ActorIdentity(wanted.MessageId, null), ActorRefs.NoSender);
                    }
                }
                else
                {
                    Publish(new DeadLetter(selection.Message, sender ?? provider.DeadLetters, this));
                }

                return true;
            case TimerMessage:
                return true;
            default:
                return false;
        }
    }

    private protected virtual void Publish(DeadLetter letter)
    {
        if (letter.Message is IDeadLetterSuppression suppressed)
        {
            eventStream.Publish(new SuppressedDeadLetter(suppressed, letter.Sender, letter.Recipient));
            return;
        }

        provider.SystemImpl.Counters.CountDeadLetter();
        eventStream.Publish(letter);
    }
}

/// <summary>Where messages to nobody end: published as <see cref="DeadLetter"/> on the event stream.</summary>
internal sealed class DeadLetterActorRef(IActorRefProvider provider, ActorPath path, EventStream eventStream)
    : EmptyLocalActorRef(provider, path, eventStream)
{
    public override bool IsTerminated => false;

    public override void TellInternal(object message, IActorRef? sender)
    {
        if (message is DeadLetter letter)
        {
            if (!SpecialHandle(letter.Message, letter.Sender))
            {
                Publish(letter);
            }
        }
        else if (!SpecialHandle(message, sender))
        {
            Publish(new DeadLetter(message, sender ?? this, this));
        }
    }
}

/// <summary>A directory of references that are not actors: <c>/temp</c> for those that wait for one answer.</summary>
internal sealed class VirtualPathContainer(IActorRefProvider provider, ActorPath path, IInternalActorRef parent) : MinimalActorRef(path)
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, IInternalActorRef> _children = new(StringComparer.Ordinal);

    public override IActorRefProvider Provider => provider;

    public override IInternalActorRef Parent => parent;

    internal void Add(string name, IInternalActorRef actor) => _children[name] = actor;

    internal void Remove(string name) => _children.TryRemove(name, out _);

    public override IActorRef GetChild(ReadOnlySpan<string> name)
    {
        if (name.IsEmpty)
        {
            return this;
        }

        return _children.TryGetValue(name[0], out var child)
            ? name.Length == 1 ? child : child.GetChild(name[1..])
            : Nobody.Instance;
    }
}


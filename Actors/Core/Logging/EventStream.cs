using System.Collections.Concurrent;

namespace Actors.Core;

/// <summary>Everyone in a system who wants to know: subscribers get events of the type they asked for and of its subtypes.</summary>
public class EventStream
{
    private readonly object _gate = new();
    private readonly ConcurrentDictionary<Type, IActorRef[]> _receivers = new();
    private (IActorRef Subscriber, Type Channel)[] _subscriptions = [];

    private readonly TimeProvider _time;

    internal EventStream(TimeProvider time) => _time = time;

    /// <summary>Subscribes to a type, its subtypes and implementations; false if it was subscribed.</summary>
    public virtual bool Subscribe(IActorRef subscriber, Type channel)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        lock (_gate)
        {
            if (_subscriptions.Any(s => s.Channel == channel && s.Subscriber.Equals(subscriber)))
            {
                return false;
            }

            _subscriptions = [.. _subscriptions, (subscriber, channel)];
            _receivers.Clear();
        }

        // A cell that ends takes its subscriptions away; one that has ended already would not.
        if (subscriber is LocalActorRef { Cell: var cell } && !cell.NoteSubscribed())
        {
            Unsubscribe(subscriber);
        }

        return true;
    }

    /// <summary>Ends one subscription; false if there was none.</summary>
    public virtual bool Unsubscribe(IActorRef subscriber, Type channel) =>
        RemoveAll(s => s.Channel == channel && s.Subscriber.Equals(subscriber));

    /// <summary>Ends all subscriptions of one; false if there were none.</summary>
    public virtual bool Unsubscribe(IActorRef subscriber) => RemoveAll(s => s.Subscriber.Equals(subscriber));

    /// <summary>Tells an event to those who want it.</summary>
    public void Publish(object @event)
    {
        ArgumentNullException.ThrowIfNull(@event);
        if (@event is LogEvent { Timestamp.Ticks: 0 } entry)
        {
            entry.Timestamp = _time.GetUtcNow().UtcDateTime;
        }

        foreach (var receiver in ReceiversOf(@event.GetType()))
        {
            receiver.Tell(@event, ActorRefs.NoSender);
        }
    }

    internal bool HasReceivers(Type eventType) => ReceiversOf(eventType).Length > 0;

    private IActorRef[] ReceiversOf(Type eventType)
    {
        if (_receivers.TryGetValue(eventType, out var known))
        {
            return known;
        }

        lock (_gate)
        {
            return _receivers[eventType] = [.. _subscriptions.Where(s => s.Channel.IsAssignableFrom(eventType)).Select(s => s.Subscriber).Distinct()];
        }
    }

    private bool RemoveAll(Func<(IActorRef Subscriber, Type Channel), bool> which)
    {
        lock (_gate)
        {
            var left = _subscriptions.Where(s => !which(s)).ToArray();
            if (left.Length == _subscriptions.Length)
            {
                return false;
            }

            _subscriptions = left;
            _receivers.Clear();
            return true;
        }
    }
}

/// <summary>Shorter ways to subscribe.</summary>
public static class EventBusSubscriberExtensions
{
    /// <summary>Subscribes to a type, its subtypes and implementations; false if it was subscribed.</summary>
    public static bool Subscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Subscribe(subscriber, typeof(TChannel));

    /// <summary>Ends one subscription; false if there was none.</summary>
    public static bool Unsubscribe<TChannel>(this EventStream eventStream, IActorRef subscriber) => eventStream.Unsubscribe(subscriber, typeof(TChannel));
}

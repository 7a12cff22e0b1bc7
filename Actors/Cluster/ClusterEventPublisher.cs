using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>Tells subscribers what happened between one view and the next.</summary>
internal sealed class ClusterEventPublisher(IActorRef self)
{
    private readonly List<Subscription> _subscriptions = [];
    private ClusterView _view = ClusterView.Empty;

    private bool WantRoleLeaders => _subscriptions.Any(s => s.Wants(typeof(ClusterEvent.RoleLeaderChanged)));

    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode mode, ImmutableArray<Type> to)
    {
        var subscription = _subscriptions.Find(s => s.Subscriber.Equals(subscriber));
        if (subscription is null)
        {
            _subscriptions.Add(subscription = new Subscription(subscriber));
        }

        subscription.Types.UnionWith(to);
        if (mode == ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot)
        {
            subscriber.Tell(new ClusterEvent.CurrentClusterState(_view), self);
            return;
        }

        foreach (var past in ClusterViewDiff.Events(ClusterView.Empty, _view, withRoleLeaders: true))
        {
            if (to.Any(type => type.IsInstanceOfType(past)))
            {
                subscriber.Tell(past, self);
            }
        }
    }

    public void Unsubscribe(IActorRef subscriber, Type? to)
    {
        if (_subscriptions.Find(s => s.Subscriber.Equals(subscriber)) is not { } subscription)
        {
            return;
        }

        if (to is not null)
        {
            subscription.Types.Remove(to);
        }

        if (to is null || subscription.Types.Count == 0)
        {
            _subscriptions.Remove(subscription);
        }
    }

    public void Publish(ClusterView view)
    {
        var before = _view;
        _view = view;
        if (_subscriptions.Count > 0)
        {
            Tell(ClusterViewDiff.Events(before, view, WantRoleLeaders));
        }
    }

    /// <summary>The last events: the end, and that nobody is a member any more.</summary>
    public void ShutDown()
    {
        Tell([ClusterEvent.ClusterShuttingDown.Instance]);
        Publish(ClusterView.Empty);
    }

    private void Tell(IReadOnlyList<ClusterEvent.IClusterDomainEvent> events)
    {
        foreach (var happened in events)
        {
            foreach (var subscription in _subscriptions)
            {
                if (subscription.Wants(happened.GetType()))
                {
                    subscription.Subscriber.Tell(happened, self);
                }
            }
        }
    }

    private sealed class Subscription(IActorRef subscriber)
    {
        public IActorRef Subscriber { get; } = subscriber;

        public HashSet<Type> Types { get; } = [];

        public bool Wants(Type happened) => Types.Any(type => type.IsAssignableFrom(happened));
    }
}

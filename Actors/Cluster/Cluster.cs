using System.Collections.Immutable;
using Actors.Configuration;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// A system's part in a cluster: joins, leaves, and tells who else is a member and in which state. A system can join once; if it was
/// removed it must be restarted to join again. <see cref="ClusterSettingsReader"/> has the keys. What it does is in <see cref="MemberProtocol"/>.
/// </summary>
public sealed class Cluster : IExtension
{
    private readonly ActorSystemImpl _system;
    private readonly IActorRef _daemon;
    private readonly TaskCompletionSource<Done> _stopped;
    private readonly TaskCompletionSource<Done> _exiting;
    private volatile ClusterView _view = ClusterView.Empty;
    private volatile MemberProtocol? _protocol;

    private Cluster(ActorSystemImpl system)
    {
        _system = system;
        if (system.Provider is not ClusterActorRefProvider provider)
        {
            throw new ConfigurationException($"akka.actor.provider is '{system.Settings.ProviderClass}': a system that is to be a member of a cluster needs 'cluster'");
        }

        Settings = ClusterSettingsReader.Read(system.Settings.Config);
        SelfUniqueAddress = new UniqueAddress(provider.Transport.Local, provider.Uid);
        provider.DeathWatch.IsJudgedElsewhere = address => View.Members.At(address).Any();

        // On threads of a pool whoever waits goes on elsewhere; in a simulation there is only one thread to go on.
        var options = system.Dispatcher is ThreadPoolDispatcher ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None;
        (_stopped, _exiting) = (new(options), new(options));
        _daemon = system.SystemActorOf(Props.Create(() => new ClusterDaemon(this, provider)), "cluster");
        AddShutdownTasks(CoordinatedShutdown.Get(system));
        if (!Settings.SeedNodes.IsEmpty)
        {
            JoinSeedNodes(Settings.SeedNodes);
        }
    }

    /// <summary>Its system.</summary>
    public ActorSystem System => _system;

    /// <summary>Which incarnation this is.</summary>
    public UniqueAddress SelfUniqueAddress { get; }

    /// <summary>Where this system listens.</summary>
    public Address SelfAddress => SelfUniqueAddress.Address;

    /// <summary><c>akka.cluster.roles</c> of this system.</summary>
    public ImmutableHashSet<string> SelfRoles => Settings.Roles;

    /// <summary>This system as a member; with status Removed before it has joined and after it was removed.</summary>
    public Member SelfMember => View.SelfMember ?? new Member(SelfUniqueAddress, MemberStatus.Removed, SelfRoles);

    /// <summary>The cluster as this system sees it now.</summary>
    public ClusterEvent.CurrentClusterState State => new(View);

    /// <summary>Its part in the cluster has ended.</summary>
    public bool IsTerminated => _stopped.Task.IsCompleted;

    internal ClusterSettings Settings { get; }

    internal ClusterView View
    {
        get => _view;
        set => _view = value;
    }

    internal MemberProtocol? Protocol
    {
        get => _protocol;
        set => _protocol = value;
    }

    /// <summary>The system's.</summary>
    /// <exception cref="ConfigurationException">The system has another provider than <c>cluster</c>.</exception>
    public static Cluster Get(ActorSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        return new Id().Get(system);
    }

    /// <summary>Joins by the member at this address; its own address founds a cluster of its own. Ignored if it is a member already.</summary>
    public void Join(Address address) => JoinSeedNodes([address]);

    /// <summary>As <see cref="Join"/>; done when it is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">Its part in the cluster ended before.</exception>
    public Task JoinAsync(Address address, CancellationToken token = default) => JoinSeedNodesAsync([address], token);

    /// <summary>Joins by the first of these that is a member; the first of them, if none is, founds a cluster. Tries for ever. Ignored if it is a member already.</summary>
    public void JoinSeedNodes(IEnumerable<Address> seedNodes) => _daemon.Tell(new ClusterDaemon.JoinCommand([.. seedNodes]), ActorRefs.NoSender);

    /// <summary>As <see cref="JoinSeedNodes"/>; done when it is Up.</summary>
    /// <exception cref="ClusterJoinFailedException">Its part in the cluster ended before.</exception>
    public async Task JoinSeedNodesAsync(IEnumerable<Address> seedNodes, CancellationToken token = default)
    {
        var up = new TaskCompletionSource<Done>(_stopped.Task.CreationOptions & TaskCreationOptions.RunContinuationsAsynchronously);
        RegisterOnMemberUp(() => up.TrySetResult(Done.Instance));
        RegisterOnMemberRemoved(() => up.TrySetException(new ClusterJoinFailedException($"{SelfAddress} did not join: its part in the cluster has ended")));
        JoinSeedNodes(seedNodes);
        await up.Task.WaitAsync(token).ConfigureAwait(false);
    }

    /// <summary>The member at this address says goodbye. A member that does not vote may only do so for itself.</summary>
    public void Leave(Address address) => _daemon.Tell(new ClusterDaemon.LeaveCommand(address), ActorRefs.NoSender);

    /// <summary>This system says goodbye; done when its part in the cluster has ended.</summary>
    public Task LeaveAsync() => LeaveAsync(CancellationToken.None);

    /// <summary>This system says goodbye; done when its part in the cluster has ended.</summary>
    public Task LeaveAsync(CancellationToken token)
    {
        if (!IsTerminated)
        {
            Leave(SelfAddress);
        }

        return _stopped.Task.WaitAsync(token);
    }

    /// <summary>Declares the member at this address dead: it is removed, and must restart its system to join again. A member that does not vote may only do so for itself.</summary>
    public void Down(Address address) => _daemon.Tell(new ClusterDaemon.DownCommand(address), ActorRefs.NoSender);

    /// <summary>Runs this once this system is Up; at once if it is.</summary>
    public void RegisterOnMemberUp(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _daemon.Tell(new ClusterDaemon.OnUpCommand(callback), ActorRefs.NoSender);
    }

    /// <summary>Runs this once this system's part in the cluster ends, by whatever way; at once if it has.</summary>
    public void RegisterOnMemberRemoved(Action callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        _stopped.Task.ContinueWith(
            _ => Run(callback),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    /// <summary>Delivers events of these types to an actor, after a <see cref="ClusterEvent.CurrentClusterState"/>.</summary>
    public void Subscribe(IActorRef subscriber, params Type[] to) => Subscribe(subscriber, ClusterEvent.InitialStateAsSnapshot, to);

    /// <summary>Delivers events of these types to an actor until it ends.</summary>
    /// <exception cref="ArgumentException">A type is no cluster event.</exception>
    public void Subscribe(IActorRef subscriber, ClusterEvent.SubscriptionInitialStateMode initialStateMode, params Type[] to)
    {
        ArgumentNullException.ThrowIfNull(subscriber);
        if (to.Length == 0 || to.Any(type => !typeof(ClusterEvent.IClusterDomainEvent).IsAssignableFrom(type)))
        {
            throw new ArgumentException($"subscribe to at least one kind of {nameof(ClusterEvent.IClusterDomainEvent)}, and to nothing else", nameof(to));
        }

        _daemon.Tell(new ClusterDaemon.SubscribeCommand(subscriber, initialStateMode, [.. to]), ActorRefs.NoSender);
    }

    /// <summary>Delivers nothing more.</summary>
    public void Unsubscribe(IActorRef subscriber) => _daemon.Tell(new ClusterDaemon.UnsubscribeCommand(subscriber, null), ActorRefs.NoSender);

    /// <summary>Delivers no more events that were subscribed to by this type.</summary>
    public void Unsubscribe(IActorRef subscriber, Type to) => _daemon.Tell(new ClusterDaemon.UnsubscribeCommand(subscriber, to), ActorRefs.NoSender);

    /// <summary>Sends <see cref="State"/> to an actor.</summary>
    public void SendCurrentClusterState(IActorRef receiver) => receiver.Tell(State, ActorRefs.NoSender);

    internal (TimeSpan Monotonic, DateTimeOffset Utc) Clocks() =>
        (_system.TimeProvider.GetElapsedTime(0, _system.TimeProvider.GetTimestamp()), _system.TimeProvider.GetUtcNow());

    internal void SelfIsExiting() => _exiting.TrySetResult(Done.Instance);

    internal void HasStopped()
    {
        _protocol = null;
        _view = ClusterView.Empty;
        _exiting.TrySetResult(Done.Instance);
        _stopped.TrySetResult(Done.Instance);
    }

    internal void Run(Action callback)
    {
        try
        {
            callback();
        }
        catch (Exception e)
        {
            _system.Log.Error(e, $"a callback registered with the cluster failed: {e.Message}");
        }
    }

    private void AddShutdownTasks(CoordinatedShutdown shutdown)
    {
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterLeave, "leave", () =>
        {
            if (IsTerminated || View.SelfMember is null or { Status: MemberStatus.Down })
            {
                return Task.FromResult(Done.Instance);
            }

            Leave(SelfAddress);
            return _exiting.Task;
        });
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterExitingDone, "exiting-completed", () => Tell(new ClusterDaemon.ExitingCompletedCommand()));
        shutdown.AddTask(CoordinatedShutdown.PhaseClusterShutdown, "wait-shutdown", () => Tell(new ClusterDaemon.StopCommand()));
    }

    private Task<Done> Tell(object command)
    {
        if (!IsTerminated)
        {
            _daemon.Tell(command, ActorRefs.NoSender);
        }

        return _stopped.Task;
    }

    private sealed class Id : ExtensionIdProvider<Cluster>
    {
        public override Cluster CreateExtension(ExtendedActorSystem system) => new(system.Impl);
    }
}

/// <summary>A system could not join.</summary>
/// <param name="message">Why.</param>
public sealed class ClusterJoinFailedException(string message) : AkkaException(message);

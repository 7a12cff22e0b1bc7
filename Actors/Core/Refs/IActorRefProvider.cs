namespace Actors.Core;

/// <summary>
/// Seam: makes references, and finds them by path. <c>akka.actor.provider</c> chooses: <c>local</c> is <see cref="LocalActorRefProvider"/>;
/// <c>remote</c> and <c>cluster</c> come from <see cref="ActorRefProviderFactory"/> and usually derive from or wrap the local one.
/// Order of events: constructed; <see cref="Init"/> (guardians made, before the system is handed out; bind the transport here and block until its port is known);
/// work; <see cref="ShutdownTransport"/> after the last actor has stopped.
/// </summary>
internal interface IActorRefProvider
{
    ActorSystemImpl SystemImpl { get; }

    /// <summary>The root of paths as they are inside this process.</summary>
    ActorPath RootPath { get; }

    /// <summary><c>/</c>.</summary>
    LocalActorRef RootGuardian { get; }

    /// <summary><c>/user</c>.</summary>
    LocalActorRef Guardian { get; }

    /// <summary><c>/system</c>.</summary>
    LocalActorRef SystemGuardian { get; }

    IInternalActorRef DeadLetters { get; }

    /// <summary>Where this system can be reached; without host and port for <c>local</c>.</summary>
    Address DefaultAddress { get; }

    /// <summary>Makes the guardians and whatever else must stand before the first user actor.</summary>
    void Init(ActorSystemImpl system);

    /// <summary>The root of the system of this address: the own one, or a remote reference to it. Anchors absolute selections.</summary>
    IActorRef RootGuardianAt(Address address);

    /// <summary>Makes a local actor below a supervisor. The path is the child's, with its incarnation.</summary>
    LocalActorRef ActorOf(Props props, IInternalActorRef supervisor, ActorPath path);

    /// <summary>The reference of a serialized path; a local one if the address is this system's, the incarnation must match if given. Never null.</summary>
    IActorRef ResolveActorRef(string path);

    /// <summary>As <see cref="ResolveActorRef(string)"/>.</summary>
    IActorRef ResolveActorRef(ActorPath path);

    /// <summary>A fresh path below <c>/temp</c>, for something that waits for one answer.</summary>
    ActorPath TempPath();

    void RegisterTempActor(IInternalActorRef actorRef, ActorPath path);

    void UnregisterTempActor(ActorPath path);

    /// <summary>The address by which a system at <paramref name="address"/> can reach this one; null if it cannot.</summary>
    Address? GetExternalAddressFor(Address address);

    /// <summary>Closes the transport: the last step of termination, after the coordinated shutdown left the cluster and all actors have stopped.</summary>
    Task ShutdownTransport();
}

/// <summary>
/// Seam: the folders Remote and Cluster implement the two partial methods, each in a file of its own; core does not know their types.
/// </summary>
internal static partial class ActorRefProviderFactory
{
    internal static IActorRefProvider Create(ActorSystemImpl system, string name)
    {
        IActorRefProvider? provider = null;
        switch (name.Split(',')[0].Trim())
        {
            case "" or "local" or "Akka.Actor.LocalActorRefProvider":
                return new LocalActorRefProvider(system);
            case "remote" or "Akka.Remote.RemoteActorRefProvider":
                CreateRemote(system, ref provider);
                break;
            case "cluster" or "Akka.Cluster.ClusterActorRefProvider":
                CreateCluster(system, ref provider);
                break;
        }

        return provider ?? throw new Configuration.ConfigurationException($"akka.actor.provider: unknown provider '{name}'; use local, remote or cluster");
    }

    static partial void CreateRemote(ActorSystemImpl system, ref IActorRefProvider? provider);

    static partial void CreateCluster(ActorSystemImpl system, ref IActorRefProvider? provider);
}

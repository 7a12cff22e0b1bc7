namespace Actors.Core;

/// <summary>Handles a message; false means unhandled.</summary>
public delegate bool Receive(object message);

/// <summary>Handles a message.</summary>
public delegate void UntypedReceive(object message);

/// <summary>Makes actors and finds them.</summary>
public interface IActorRefFactory
{
    /// <summary>Starts an actor; without a name it gets one of its own.</summary>
    /// <exception cref="InvalidActorNameException">The name is malformed or taken.</exception>
    IActorRef ActorOf(Props props, string? name = null);

    /// <summary>Whoever is at this path.</summary>
    ActorSelection ActorSelection(ActorPath actorPath);

    /// <summary>Whoever is at this path, absolute or relative, with wildcards.</summary>
    ActorSelection ActorSelection(string actorPath);
}

/// <summary>Watches for the end of others.</summary>
public interface ICanWatch
{
    /// <summary>Send me <see cref="Terminated"/> when it ends.</summary>
    IActorRef Watch(IActorRef subject);

    /// <summary>Send me this when it ends.</summary>
    IActorRef WatchWith(IActorRef subject, object message);

    /// <summary>No longer; also not one that is already in my mailbox.</summary>
    IActorRef Unwatch(IActorRef subject);
}

/// <summary>What an actor knows of itself; to be used only by the actor, while it handles a message.</summary>
public interface IActorContext : IActorRefFactory, ICanWatch
{
    /// <summary>This actor.</summary>
    IActorRef Self { get; }

    /// <summary>How it was made.</summary>
    Props Props { get; }

    /// <summary>Who sent the message at work; dead letters if nobody.</summary>
    IActorRef Sender { get; }

    /// <summary>Its system.</summary>
    ActorSystem System { get; }

    /// <summary>Its supervisor.</summary>
    IActorRef Parent { get; }

    /// <summary>The timeout set by <see cref="SetReceiveTimeout"/>.</summary>
    TimeSpan? ReceiveTimeout { get; }

    /// <summary>Replaces the behaviour.</summary>
    void Become(Receive receive);

    /// <summary>Puts a behaviour on top.</summary>
    void BecomeStacked(Receive receive);

    /// <summary>Takes the top behaviour away.</summary>
    void UnbecomeStacked();

    /// <summary>The child of this name, or Nobody.</summary>
    IActorRef Child(string name);

    /// <summary>All living children.</summary>
    IEnumerable<IActorRef> GetChildren();

    /// <summary>Sends <see cref="Core.ReceiveTimeout"/> after this time without messages; null ends it.</summary>
    void SetReceiveTimeout(TimeSpan? timeout);

    /// <summary>Stops a child, or any actor.</summary>
    void Stop(IActorRef child);
}

/// <summary>The context of an <see cref="UntypedActor"/>.</summary>
public interface IUntypedActorContext : IActorContext
{
    /// <summary>Replaces the behaviour.</summary>
    void Become(UntypedReceive receive);

    /// <summary>Puts a behaviour on top.</summary>
    void BecomeStacked(UntypedReceive receive);
}

/// <summary>Shorter ways to make and find actors.</summary>
public static class ActorRefFactoryExtensions
{
    /// <summary>Starts an actor that has a constructor without arguments.</summary>
    public static IActorRef ActorOf<TActor>(this IActorRefFactory factory, string? name = null)
        where TActor : ActorBase, new() => factory.ActorOf(Props.Create<TActor>((SupervisorStrategy)null!), name);

    /// <summary>A selection relative to an actor.</summary>
    public static ActorSelection ActorSelection(this IActorRefFactory factory, IActorRef anchorRef, string actorPath) =>
        new(anchorRef, actorPath);
}

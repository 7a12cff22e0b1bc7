using System.Diagnostics.CodeAnalysis;

namespace Actors.Core;

/// <summary>Something that can be told a message.</summary>
public interface ICanTell
{
    /// <summary>Sends a message, at most once, without waiting.</summary>
    void Tell(object message, IActorRef? sender);
}

/// <summary>A handle to one incarnation of an actor, wherever it lives.</summary>
public interface IActorRef : ICanTell, IEquatable<IActorRef>, IComparable<IActorRef>, IComparable
{
    /// <summary>Where it lives.</summary>
    ActorPath Path { get; }
}

/// <summary>Marks references whose actor lives in this process.</summary>
public interface ILocalRef;

/// <summary>Sending with the current actor as sender.</summary>
public static class ActorRefImplicitSenderExtensions
{
    /// <summary>Sends with the current actor as sender, or none outside an actor.</summary>
    public static void Tell(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.Self);

    /// <summary>Sends on with the original sender.</summary>
    public static void Forward(this IActorRef receiver, object message) =>
        receiver.Tell(message, ActorCell.Current?.Sender);
}

/// <summary>Special references.</summary>
public static class ActorRefs
{
    /// <summary>An actor that is not there; what it is told is dropped.</summary>
    public static readonly IActorRef Nobody = Core.Nobody.Instance;

    /// <summary>No sender (null): replies to it go to dead letters.</summary>
    public static readonly IActorRef NoSender = null!;
}

/// <summary>Questions about references.</summary>
public static class ActorRefExtensions
{
    /// <summary>Whether there is no actor behind it.</summary>
    public static bool IsNobody([NotNullWhen(false)] this IActorRef? actorRef) =>
        actorRef is null or Nobody or DeadLetterActorRef;
}

/// <summary>An actor that is not there.</summary>
internal sealed class Nobody : MinimalActorRef
{
    /// <summary>The only one.</summary>
    public static readonly Nobody Instance = new();

    private Nobody()
        : base(new RootActorPath(Address.AllSystems) / "Nobody")
    {
    }

    public override IActorRefProvider Provider => throw new NotSupportedException("Nobody has no provider");
}

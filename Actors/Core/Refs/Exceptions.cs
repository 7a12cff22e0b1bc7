namespace Actors.Core;

/// <summary>Base of the engine's exceptions.</summary>
public class AkkaException : Exception
{
    /// <summary>With a message and a cause.</summary>
    public AkkaException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

/// <summary>Something was done at a time or in a state in which it makes no sense.</summary>
public class IllegalActorStateException(string message) : AkkaException(message);

/// <summary>A name cannot be given to an actor: malformed or taken.</summary>
public class InvalidActorNameException(string message, Exception? innerException = null) : AkkaException(message, innerException);

/// <summary>An actor could not be made.</summary>
public class ActorInitializationException : AkkaException
{
    /// <summary>With a message.</summary>
    public ActorInitializationException(string message)
        : base(message)
    {
    }

    /// <summary>Of this actor, for this cause.</summary>
    public ActorInitializationException(IActorRef? actor, string message, Exception? cause = null)
        : base(message, cause) => Actor = actor;

    /// <summary>Which actor.</summary>
    public IActorRef? Actor { get; }
}

/// <summary>PreRestart threw.</summary>
public class PreRestartException(IActorRef? actor, Exception restartException, Exception cause, object? optionalMessage)
    : ActorInitializationException(actor, $"exception in PreRestart ({restartException.GetType().Name}, {cause.GetType().Name})", restartException)
{
    /// <summary>Why it was restarted.</summary>
    public Exception OriginalCause { get; } = cause;

    /// <summary>The message at work when it failed.</summary>
    public object? OptionalMessage { get; } = optionalMessage;
}

/// <summary>The new incarnation could not be made, or PostRestart threw.</summary>
public class PostRestartException(IActorRef? actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"exception post restart ({cause.GetType().Name})", cause)
{
    /// <summary>Why it was restarted.</summary>
    public Exception OriginalCause { get; } = originalCause;
}

/// <summary>The actor received <see cref="Kill"/>.</summary>
public class ActorKilledException(string message) : AkkaException(message);

/// <summary>A <see cref="Terminated"/> was not handled: the actor dies with whom it watched.</summary>
public class DeathPactException(IActorRef deadActor)
    : AkkaException($"Monitored actor [{deadActor}] terminated")
{
    /// <summary>Who ended.</summary>
    public IActorRef DeadActor { get; } = deadActor;
}

/// <summary>No answer in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>A selection matched nobody.</summary>
public class ActorNotFoundException : AkkaException
{
    /// <summary>With a message.</summary>
    public ActorNotFoundException(string message = "", Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>The stash is full.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);

/// <summary>The scheduler was asked for something impossible.</summary>
public sealed class SchedulerException(string message) : Exception(message);

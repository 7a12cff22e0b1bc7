namespace Actors.Core;

/// <summary>Asking: a message whose answer comes as a task.</summary>
public static class Futures
{
    /// <summary>Asks; without a time-out it waits for <c>akka.actor.ask-timeout</c> (for ever, by default).</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Asks until cancelled.</summary>
    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<object>(message, null, cancellationToken);

    /// <summary>Asks until cancelled or timed out.</summary>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        self.Ask<object>(message, timeout, cancellationToken);

    /// <summary>Asks for an answer of a type.</summary>
    /// <exception cref="AskTimeoutException">No answer in time.</exception>
    /// <exception cref="ArgumentException">An answer of another type; a <see cref="Status.Failure"/> throws its cause instead.</exception>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <summary>Asks for an answer of a type until cancelled.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <summary>Asks for an answer of a type until cancelled or timed out.</summary>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var future = Future<T>(self);
        Send(self, future, message, timeout, cancellationToken);
        return future.Task;
    }

    /// <summary>Asks with a message that holds the reference to answer to.</summary>
    public static Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var future = Future<T>(self);
        Send(self, future, messageFactory(future), timeout, cancellationToken);
        return future.Task;
    }

    private static FutureActorRef<T> Future<T>(ICanTell target)
    {
        var provider = target switch
        {
            IInternalActorRef actor => actor.Provider,
            ActorSelection selection => ((IInternalActorRef)selection.Anchor).Provider,
            _ => ActorCell.Current?.SystemImpl.Provider ?? throw new ArgumentException($"cannot tell the actor system of {target}", nameof(target)),
        };
        return new FutureActorRef<T>(provider);
    }

    private static void Send<T>(ICanTell target, FutureActorRef<T> future, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        future.Arm(message, target, timeout ?? future.Provider.SystemImpl.Settings.AskTimeout, cancellationToken);
        target.Tell(message, future);
    }
}

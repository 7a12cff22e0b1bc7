namespace Actors.Core;

/// <summary>Marks what travels ahead of user messages. Remoting must deliver these reliably, in order.</summary>
internal interface ISystemMessage;

/// <summary>Base of the system messages; linked into the mailbox's list, so an instance is sent to one receiver only once.</summary>
internal abstract class SystemMessage : ISystemMessage
{
    internal SystemMessage? Next;
}

/// <summary>First message of a cell: make the actor.</summary>
internal sealed class Create : SystemMessage;

/// <summary>Stop the children, then yourself.</summary>
internal sealed class Terminate : SystemMessage;

/// <summary>Process no user messages until resumed; counted.</summary>
internal sealed class Suspend : SystemMessage;

/// <summary>Undo one <see cref="Suspend"/>.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure { get; } = causedByFailure;
}

/// <summary>Replace the actor by a new incarnation.</summary>
internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause { get; } = cause;
}

/// <summary>A child tells its parent that it failed and is suspended.</summary>
internal sealed class Failed(IInternalActorRef child, Exception cause, long uid) : SystemMessage
{
    public IInternalActorRef Child { get; } = child;

    public Exception Cause { get; } = cause;

    public long Uid { get; } = uid;
}

/// <summary>The watcher wants to know when the watchee ends.</summary>
internal sealed class Watch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>The watcher no longer wants to know.</summary>
internal sealed class Unwatch(IInternalActorRef watchee, IInternalActorRef watcher) : SystemMessage
{
    public IInternalActorRef Watchee { get; } = watchee;

    public IInternalActorRef Watcher { get; } = watcher;
}

/// <summary>Tells a watcher, and always the parent, that an actor ended.</summary>
internal sealed class DeathWatchNotification(IActorRef actor, bool existenceConfirmed, bool addressTerminated) : SystemMessage
{
    public IActorRef Actor { get; } = actor;

    public bool ExistenceConfirmed { get; } = existenceConfirmed;

    public bool AddressTerminated { get; } = addressTerminated;
}

/// <summary>The rest of an async handler: runs in its actor, while user messages wait.</summary>
internal sealed class AsyncContinuation(ActorCell.ActorSynchronizationContext context, SendOrPostCallback callback, object? state) : SystemMessage
{
    public void Run() => context.Run(callback, state);

    /// <summary>The actor is gone: the rest runs outside of any actor, so that its finally blocks still run.</summary>
    public void RunDetached(ActorSystemImpl system) => system.Dispatcher.Execute(() => callback(state));
}

/// <summary>An async handler ended.</summary>
internal sealed class AsyncCompleted(ActorCell.ActorSynchronizationContext context, Task task) : SystemMessage
{
    public ActorCell.ActorSynchronizationContext Context { get; } = context;

    public Task Task { get; } = task;
}

using Actors.Core;

namespace Actors.Persistence;

/// <summary>A persistent actor with one method for events and one for commands.</summary>
public abstract class UntypedPersistentActor : Eventsourced
{
    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message)
    {
        OnRecover(message);
        return true;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message)
    {
        OnCommand(message);
        return true;
    }

    /// <summary>Sees an old event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>. Must do nothing but change the actor's state.</summary>
    protected abstract void OnRecover(object message);

    /// <summary>Handles a command; call <see cref="ActorBase.Unhandled"/> for what you do not know.</summary>
    protected abstract void OnCommand(object message);

    /// <summary>Replaces the behaviour for commands.</summary>
    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    /// <summary>Puts a behaviour for commands on top.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);
}

/// <summary>A persistent actor with two methods that say whether they took the message.</summary>
public abstract class PersistentActor : Eventsourced;

/// <summary>A persistent actor whose behaviour is a list of handlers by message type: <c>Recover</c> for events, <c>Command</c> for commands.</summary>
public abstract class ReceivePersistentActor : Eventsourced, IInitializableActor
{
    private MessageHandlers? _building = new();
    private MessageHandlers? _buildingRecovery = new();
    private MessageHandlers _commands = MessageHandlers.None;
    private MessageHandlers _events = MessageHandlers.None;

    void IInitializableActor.Init()
    {
        _commands = _building ?? MessageHandlers.None;
        _events = _buildingRecovery ?? MessageHandlers.None;
        _building = null;
        _buildingRecovery = null;
    }

    /// <inheritdoc/>
    protected sealed override bool ReceiveRecover(object message) => _events.TryHandle(message);

    /// <inheritdoc/>
    protected sealed override bool ReceiveCommand(object message) => _commands.TryHandle(message);

    /// <summary>Replaces the behaviour for commands by the handlers that this registers.</summary>
    protected void Become(Action configure) => Cell.Become(Build(configure).TryHandle);

    /// <summary>Puts the handlers for commands that this registers on top.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Build(configure).TryHandle);

    /// <summary>Sees old events of a type, if the predicate agrees.</summary>
    protected void Recover<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Recovering(handler).Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Sees old events of a type, if the predicate agrees.</summary>
    protected void Recover<T>(Predicate<T> shouldHandle, Action<T> handler) => Recover(handler, shouldHandle);

    /// <summary>Sees old events of a type; false leaves the event to the next handler.</summary>
    protected void Recover<T>(Func<T, bool> handler) => Recovering(handler).Add(new FuncHandler<T>(handler));

    /// <summary>Sees all old events that no handler before it took; must be the last.</summary>
    protected void RecoverAny(Action<object> handler) => Recovering(handler).AddLast(new ActionHandler<object>(handler, null));

    /// <summary>Handles commands of a type, if the predicate agrees.</summary>
    protected void Command<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Building(handler).Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Handles commands of a type, if the predicate agrees.</summary>
    protected void Command<T>(Predicate<T> shouldHandle, Action<T> handler) => Command(handler, shouldHandle);

    /// <summary>Handles commands of a type; false leaves the command to the next handler.</summary>
    protected void Command<T>(Func<T, bool> handler) => Building(handler).Add(new FuncHandler<T>(handler));

    /// <summary>Handles commands of a type, if the predicate agrees.</summary>
    protected void Command(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Building(handler).Add(new ActionHandler<object>(handler, m => messageType.IsInstanceOfType(m) && (shouldHandle is null || shouldHandle(m))));

    /// <summary>Handles all commands that no handler before it took; must be the last.</summary>
    protected void CommandAny(Action<object> handler) => Building(handler).AddLast(new ActionHandler<object>(handler, null));

    /// <summary>Handles commands of a type; no other command is handled until the task ends.</summary>
    protected void CommandAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null)
    {
        ArgumentNullException.ThrowIfNull(handler);
        Command(m => RunTask(() => handler(m)), shouldHandle);
    }

    /// <summary>Handles commands of a type; no other command is handled until the task ends.</summary>
    protected void CommandAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => CommandAsync(handler, shouldHandle);

    /// <summary>Handles all commands that no handler before it took; no other command is handled until the task ends.</summary>
    protected void CommandAnyAsync(Func<object, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        CommandAny(m => RunTask(() => handler(m)));
    }

    private MessageHandlers Build(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var (outer, handlers) = (_building, new MessageHandlers());
        _building = handlers;
        try
        {
            configure();
        }
        finally
        {
            _building = outer;
        }

        return handlers;
    }

    private MessageHandlers Building(object handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _building ?? throw new InvalidOperationException("Command methods may only be called while the actor is constructed and inside Become");
    }

    private MessageHandlers Recovering(object handler)
    {
        ArgumentNullException.ThrowIfNull(handler);
        return _buildingRecovery ?? throw new InvalidOperationException("Recover methods may only be called while the actor is constructed");
    }
}

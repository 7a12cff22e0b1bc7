namespace Actors.Core;

/// <summary>An actor whose behaviour is a list of handlers by message type, asked in the order of registration.</summary>
public abstract class ReceiveActor : UntypedActor, IInitializableActor
{
    private MessageHandlers? _building = new();
    private MessageHandlers _initial = MessageHandlers.None;

    void IInitializableActor.Init()
    {
        _initial = _building ?? MessageHandlers.None;
        _building = null;
    }

    /// <inheritdoc/>
    protected sealed override bool Receive(object message) => _initial.TryHandle(message);

    /// <summary>Not used: handlers are registered instead.</summary>
    protected sealed override void OnReceive(object message) => Unhandled(message);

    /// <summary>Replaces the behaviour by the handlers that this registers.</summary>
    protected void Become(Action configure) => Cell.Become(Build(configure).TryHandle);

    /// <summary>Puts the handlers that this registers on top.</summary>
    protected void BecomeStacked(Action configure) => Cell.BecomeStacked(Build(configure).TryHandle);

    /// <summary>Handles messages of a type, if the predicate agrees.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) =>
        Building(handler).Add(new ActionHandler<T>(handler, shouldHandle));

    /// <summary>Handles messages of a type, if the predicate agrees.</summary>
    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Receive(handler, shouldHandle);

    /// <summary>Handles messages of a type; false leaves the message to the next handler.</summary>
    protected void Receive<T>(Func<T, bool> handler) => Building(handler).Add(new FuncHandler<T>(handler));

    /// <summary>Handles messages of a type, if the predicate agrees.</summary>
    protected void Receive(Type messageType, Action<object> handler, Predicate<object>? shouldHandle = null) =>
        Building(handler).Add(new ActionHandler<object>(handler, m => messageType.IsInstanceOfType(m) && (shouldHandle is null || shouldHandle(m))));

    /// <summary>Handles messages of a type, if the predicate agrees.</summary>
    protected void Receive(Type messageType, Predicate<object> shouldHandle, Action<object> handler) =>
        Receive(messageType, handler, shouldHandle);

    /// <summary>Handles messages of a type; false leaves the message to the next handler.</summary>
    protected void Receive(Type messageType, Func<object, bool> handler) =>
        Building(handler).Add(new FuncHandler<object>(m => messageType.IsInstanceOfType(m) && handler(m)));

    /// <summary>Handles everything that no handler before it took; must be the last.</summary>
    protected void ReceiveAny(Action<object> handler) => Building(handler).AddLast(new ActionHandler<object>(handler, null));

    /// <summary>Handles messages of a type; no other message is handled until the task ends.</summary>
    protected void ReceiveAsync<T>(Func<T, Task> handler, Predicate<T>? shouldHandle = null) =>
        Building(handler).Add(new AsyncHandler<T>(Cell, handler, shouldHandle));

    /// <summary>Handles messages of a type; no other message is handled until the task ends.</summary>
    protected void ReceiveAsync<T>(Predicate<T> shouldHandle, Func<T, Task> handler) => ReceiveAsync(handler, shouldHandle);

    /// <summary>Handles messages of a type; no other message is handled until the task ends.</summary>
    protected void ReceiveAsync(Type messageType, Func<object, Task> handler, Predicate<object>? shouldHandle = null) =>
        ReceiveAsync(handler, m => messageType.IsInstanceOfType(m) && (shouldHandle is null || shouldHandle(m)));

    /// <summary>Handles messages of a type; no other message is handled until the task ends.</summary>
    protected void ReceiveAsync(Type messageType, Predicate<object> shouldHandle, Func<object, Task> handler) =>
        ReceiveAsync(messageType, handler, shouldHandle);

    /// <summary>Handles everything that no handler before it took; no other message is handled until the task ends.</summary>
    protected void ReceiveAnyAsync(Func<object, Task> handler) =>
        Building(handler).AddLast(new AsyncHandler<object>(Cell, handler, null));

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
        return _building ?? throw new InvalidOperationException("Receive methods may only be called while the actor is constructed and inside Become");
    }
}

/// <summary>Wants to be told when its constructor, and those of its derived classes, are done.</summary>
internal interface IInitializableActor
{
    void Init();
}

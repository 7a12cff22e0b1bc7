namespace Actors.Core;

/// <summary>One behaviour: handlers by type, asked in order. Shared by <see cref="ReceiveActor"/> and the persistent actors.</summary>
internal sealed class MessageHandlers
{
    internal static readonly MessageHandlers None = new();

    private MessageHandler[] _handlers = [];
    private bool _complete;

    internal void Add(MessageHandler handler)
    {
        if (_complete)
        {
            throw new InvalidOperationException("a handler that takes everything was registered before: nothing after it can be reached");
        }

        _handlers = [.. _handlers, handler];
        _complete = handler.TakesEverything;
    }

    internal void AddLast(MessageHandler handler)
    {
        Add(handler);
        _complete = true;
    }

    internal bool TryHandle(object message)
    {
        foreach (var handler in _handlers)
        {
            if (handler.TryHandle(message))
            {
                return true;
            }
        }

        return false;
    }
}

/// <summary>One registered handler.</summary>
internal abstract class MessageHandler
{
    internal virtual bool TakesEverything => false;

    internal abstract bool TryHandle(object message);
}

/// <summary>Takes messages of a type.</summary>
internal sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TakesEverything => shouldHandle is null && typeof(T) == typeof(object);

    internal override bool TryHandle(object message)
    {
        if (message is T typed && (shouldHandle is null || shouldHandle(typed)))
        {
            handler(typed);
            return true;
        }

        return false;
    }
}

/// <summary>Takes messages of a type and decides by itself.</summary>
internal sealed class FuncHandler<T>(Func<T, bool> handler) : MessageHandler
{
    internal override bool TryHandle(object message) => message is T typed && handler(typed);
}

/// <summary>Takes messages of a type; the actor's mailbox waits for the task.</summary>
internal sealed class AsyncHandler<T>(ActorCell cell, Func<T, Task> handler, Predicate<T>? shouldHandle) : MessageHandler
{
    internal override bool TakesEverything => shouldHandle is null && typeof(T) == typeof(object);

    internal override bool TryHandle(object message)
    {
        if (message is T typed && (shouldHandle is null || shouldHandle(typed)))
        {
            cell.RunTask(handler, typed);
            return true;
        }

        return false;
    }
}

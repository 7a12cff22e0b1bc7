using System.Runtime.CompilerServices;

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

/// <summary>
/// A handler of a type. A cast to a type parameter is slow, so it compares the type first, which mostly decides:
/// it is the very type, or the type has no others that derive from it.
/// </summary>
internal abstract class MessageHandler<T> : MessageHandler
{
    private static readonly bool OnlyItself =
        typeof(T).IsSealed && !typeof(T).IsArray && !typeof(Delegate).IsAssignableFrom(typeof(T)) && Nullable.GetUnderlyingType(typeof(T)) is null;

    private readonly Type _type = typeof(T);
    private readonly bool _onlyItself = OnlyItself;

    internal sealed override bool TryHandle(object message)
    {
        if (message.GetType() == _type)
        {
            return TryHandleTyped(typeof(T).IsValueType ? (T)message : Unsafe.As<object, T>(ref message));
        }

        return !_onlyItself && message is T typed && TryHandleTyped(typed);
    }

    private protected abstract bool TryHandleTyped(T message);
}

/// <summary>Takes messages of a type.</summary>
internal sealed class ActionHandler<T>(Action<T> handler, Predicate<T>? shouldHandle) : MessageHandler<T>
{
    internal override bool TakesEverything => shouldHandle is null && typeof(T) == typeof(object);

    private protected override bool TryHandleTyped(T message)
    {
        if (shouldHandle is not null && !shouldHandle(message))
        {
            return false;
        }

        handler(message);
        return true;
    }
}

/// <summary>Takes messages of a type and decides by itself.</summary>
internal sealed class FuncHandler<T>(Func<T, bool> handler) : MessageHandler<T>
{
    private protected override bool TryHandleTyped(T message) => handler(message);
}

/// <summary>Takes messages of a type; the actor's mailbox waits for the task.</summary>
internal sealed class AsyncHandler<T>(ActorCell cell, Func<T, Task> handler, Predicate<T>? shouldHandle) : MessageHandler<T>
{
    internal override bool TakesEverything => shouldHandle is null && typeof(T) == typeof(object);

    private protected override bool TryHandleTyped(T message)
    {
        if (shouldHandle is not null && !shouldHandle(message))
        {
            return false;
        }

        cell.RunTask(handler, message);
        return true;
    }
}

using System.Collections.Concurrent;

namespace Actors.Core;

/// <summary>Gives actors their turns. Handed in by <see cref="EmbeddedSetup"/>; the default is the thread pool.</summary>
public abstract class MessageDispatcher
{
    /// <summary>How many messages an actor handles in one turn, at most.</summary>
    public int Throughput { get; set; } = 100;

    /// <summary>Gives this work a turn, soon, once.</summary>
    public abstract void Execute(IThreadPoolWorkItem work);

    /// <summary>Runs this soon, outside of any actor.</summary>
    internal void Execute(Action action) => Execute(new ActionItem(action));

    private sealed class ActionItem(Action action) : IThreadPoolWorkItem
    {
        public void Execute() => ActorCell.OutsideOfActors(action);
    }
}

/// <summary>Turns on the shared thread pool.</summary>
public sealed class ThreadPoolDispatcher : MessageDispatcher
{
    /// <inheritdoc/>
    public override void Execute(IThreadPoolWorkItem work) => ThreadPool.UnsafeQueueUserWorkItem(work, preferLocal: false);
}

/// <summary>
/// Turns on the thread that sends: the first send runs until nothing is left to do, sends made meanwhile on that thread wait in order.
/// Deterministic as long as only one thread sends.
/// </summary>
public sealed class CallingThreadDispatcher : MessageDispatcher
{
    private readonly ThreadLocal<Queue<IThreadPoolWorkItem>?> _draining = new();

    /// <inheritdoc/>
    public override void Execute(IThreadPoolWorkItem work)
    {
        if (_draining.Value is { } outer)
        {
            outer.Enqueue(work);
            return;
        }

        var queue = new Queue<IThreadPoolWorkItem>();
        _draining.Value = queue;
        try
        {
            work.Execute();
            while (queue.TryDequeue(out var next))
            {
                next.Execute();
            }
        }
        finally
        {
            _draining.Value = null;
        }
    }
}

/// <summary>Turns only when asked for: the simulation decides who goes next. One for all systems of a simulated cluster.</summary>
public sealed class ManualDispatcher : MessageDispatcher
{
    private readonly ConcurrentQueue<IThreadPoolWorkItem> _queue = new();

    /// <summary>Whether somebody waits for a turn.</summary>
    public bool HasWork => !_queue.IsEmpty;

    /// <inheritdoc/>
    public override void Execute(IThreadPoolWorkItem work) => _queue.Enqueue(work);

    /// <summary>Gives one turn; false if nobody waits.</summary>
    public bool RunOne()
    {
        if (!_queue.TryDequeue(out var work))
        {
            return false;
        }

        // Continuations of tasks run at once only where no synchronization context stands; a test runner's would send them to the pool.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            work.Execute();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }

        return true;
    }

    /// <summary>Gives turns until nobody waits, and says how many.</summary>
    /// <exception cref="InvalidOperationException">More than <paramref name="limit"/> turns: something goes round in circles.</exception>
    public int RunAll(int limit = 10_000_000)
    {
        var turns = 0;
        while (RunOne())
        {
            if (++turns > limit)
            {
                throw new InvalidOperationException($"still busy after {limit} turns");
            }
        }

        return turns;
    }
}

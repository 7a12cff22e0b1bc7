namespace Actors.Core;

/// <summary>
/// Handlers that await: the mailbox handles no other user message until the task ends, and the rest of the handler runs as
/// system messages in the actor's turns, so that its context, self and sender are there after each await.
/// </summary>
internal sealed partial class ActorCell
{
    private int _incarnation;

    internal int Incarnation => _incarnation;

    internal void RunTask(Func<Task> handler) => RunTask(static h => h(), handler);

    internal void RunTask<T>(Func<T, Task> handler, T message)
    {
        var context = new ActorSynchronizationContext(this, _item);
        var before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        Task task;
        try
        {
            task = handler(message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }

        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        _awaiting++;
        UpdateBlocked();
        task.ContinueWith(
            static (ended, state) => ((ActorSynchronizationContext)state!).Completed(ended),
            context,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void HandleAsyncCompleted(AsyncCompleted completed)
    {
        if (completed.Context.Incarnation != _incarnation)
        {
            // Its actor was restarted meanwhile: nobody waits for it, but a failure should be seen.
            if (completed.Task.Exception is { InnerException: { } late })
            {
                SystemImpl.PublishLog(new Warning(late, _self.Path.ToString(), Props.Type, $"a task of an earlier incarnation of {_self.Path} failed: {late.Message}"));
            }

            return;
        }

        _awaiting--;
        _item = completed.Context.Item;
        try
        {
            completed.Task.GetAwaiter().GetResult();
        }
        catch (Exception e)
        {
            HandleInvokeFailure(e);
        }

        UpdateBlocked();
        if (_awaiting == 0 && _item is { } item)
        {
            EndMessage(item);
        }
    }

    /// <summary>Where the rest of a handler continues after an await.</summary>
    internal sealed class ActorSynchronizationContext(ActorCell cell, MailItem? item) : SynchronizationContext
    {
        internal int Incarnation { get; } = cell.Incarnation;

        internal MailItem? Item => item;

        public override SynchronizationContext CreateCopy() => this;

        public override void Post(SendOrPostCallback d, object? state) => cell.SendSystemMessage(new AsyncContinuation(this, d, state));

        public override void Send(SendOrPostCallback d, object? state)
        {
            if (Current != this)
            {
                throw new NotSupportedException("an actor cannot be entered from outside");
            }

            d(state);
        }

        internal void Completed(Task task) => cell.SendSystemMessage(new AsyncCompleted(this, task));

        internal void Run(SendOrPostCallback callback, object? state)
        {
            var (itemBefore, contextBefore) = (cell._item, Current);
            cell._item = item;
            SetSynchronizationContext(this);
            try
            {
                callback(state);
            }
            finally
            {
                SetSynchronizationContext(contextBefore);
                cell._item = itemBefore;
            }
        }
    }
}

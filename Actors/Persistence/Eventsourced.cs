using Actors.Core;
using Actors.Persistence.Stores;

namespace Actors.Persistence;

/// <summary>
/// What all persistent actors share. It recovers from its newest snapshot and the events after it, then handles commands;
/// what it persists is in the journal before the handler of the event runs.
/// </summary>
public abstract partial class Eventsourced : ActorBase, IWithUnboundedStash
{
    private readonly PersistenceExtension _extension;
    private readonly string _writerUuid;
    private readonly CommandQueue _waiting;
    private IStash? _stash;
    private Stage _stage = Stage.Recovering;
    private ILoggingAdapter? _log;
    private bool _taskRuns;

    /// <summary>Called by the engine only.</summary>
    protected Eventsourced()
    {
        _extension = PersistenceExtension.Get(Context.System);
        _writerUuid = _extension.NewWriterUuid();
        _waiting = new CommandQueue(Cell);
    }

    private enum Stage
    {
        /// <summary>Reads snapshot and events; commands are stashed.</summary>
        Recovering,

        /// <summary>Handles commands.</summary>
        Commands,

        /// <summary>Between <c>Persist</c> and its handler; commands are stashed.</summary>
        Persisting,

        /// <summary>Failed, and will be stopped by the next system message; nothing is handled any more.</summary>
        Stopping,
    }

    /// <summary>Under which events and snapshots are kept; the same for every incarnation, and no other actor's.</summary>
    public abstract string PersistenceId { get; }

    /// <summary>How it wants to recover; asked once per incarnation.</summary>
    public virtual Recovery Recovery => Recovery.Default;

    /// <summary>Its <see cref="PersistenceId"/>.</summary>
    public string SnapshotterId => PersistenceId;

    /// <summary>Whether it still sees old events.</summary>
    public bool IsRecovering => _stage == Stage.Recovering;

    /// <summary>Whether it has seen all of its old events.</summary>
    public bool IsRecoveryFinished => !IsRecovering;

    /// <summary>Number of the newest event that it has seen or handled.</summary>
    public long LastSequenceNr { get; private set; }

    /// <summary>What a snapshot taken now is numbered: <see cref="LastSequenceNr"/>.</summary>
    public long SnapshotSequenceNr => LastSequenceNr;

    /// <summary>The actor's own stash; commands that wait for a persist are kept apart from it.</summary>
    public IStash Stash
    {
        get => _stash!;
        set => _stash = new CommandStash(value, _waiting);
    }

    /// <summary>Its log.</summary>
    protected virtual ILoggingAdapter Log => _log ??= Context.GetLogger();

    /// <inheritdoc/>
    public override void AroundPreStart()
    {
        StartRecovery();
        base.AroundPreStart();
    }

    /// <inheritdoc/>
    public override void AroundPreRestart(Exception cause, object message)
    {
        try
        {
            Flush();
            EndRecovery();
            base.AroundPreRestart(cause, message is StoreReply ? null! : message);
        }
        finally
        {
            GiveAllBack();
        }
    }

    /// <inheritdoc/>
    public override void AroundPostRestart(Exception cause, object message)
    {
        StartRecovery();
        base.AroundPostRestart(cause, message);
    }

    /// <inheritdoc/>
    public override void AroundPostStop()
    {
        try
        {
            EndRecovery();
            base.AroundPostStop();
        }
        finally
        {
            GiveAllBack();
        }
    }

    /// <summary>Sees an old event, a <see cref="SnapshotOffer"/> or <see cref="RecoveryCompleted"/>. Must do nothing but change the actor's state.</summary>
    protected abstract bool ReceiveRecover(object message);

    /// <summary>Handles a command.</summary>
    protected abstract bool ReceiveCommand(object message);

    /// <inheritdoc/>
    protected override bool Receive(object message) => ReceiveCommand(message);

    /// <inheritdoc/>
    protected internal override bool AroundReceive(Receive receive, object message)
    {
        if (message is StoreReply reply)
        {
            if (reply.Owner == this)
            {
                OnReply(reply);
            }

            return true;
        }

        switch (_stage)
        {
            case Stage.Commands:
                return HandleCommand(receive, message);
            case Stage.Stopping:
                return true;
            default:
                _waiting.KeepCurrent();
                return true;
        }
    }

    /// <summary>Runs a task as part of handling a command: nothing else is handled until it ends, and what it persists is written then.</summary>
    protected void RunTask(Func<Task> action)
    {
        _taskRuns = true;
        Cell.RunTask(async () =>
        {
            try
            {
                await action();
            }
            finally
            {
                _taskRuns = false;
                AfterCommand(failed: false);
                AfterHandlers();
            }
        });
    }

    /// <inheritdoc cref="RunTask(Func{Task})"/>
    protected void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>What waited for this incarnation is for the next, or for dead letters.</summary>
    private void GiveAllBack()
    {
        _stash?.UnstashAll();
        _waiting.ReleaseAll();
    }

    private bool HandleCommand(Receive receive, object message)
    {
        _waiting.Handling();
        var failed = true;
        try
        {
            var handled = base.AroundReceive(receive, message);
            failed = false;
            return handled;
        }
        finally
        {
            AfterCommand(failed);
        }
    }

    private void AfterCommand(bool failed)
    {
        if (_stage != Stage.Commands || _taskRuns)
        {
            return;
        }

        Flush();
        if (_pendingStashing > 0)
        {
            _stage = Stage.Persisting;
        }
        else if (failed)
        {
            _waiting.ReleaseAll();
        }
        else
        {
            _waiting.ReleaseOne();
        }
    }

    private void OnReply(StoreReply reply)
    {
        switch (reply)
        {
            case EventsWritten written:
                OnWritten(written);
                break;
            case RecoveryStep step:
                OnRecoveryStep(step);
                break;
            default:
                throw new NotSupportedException(reply.GetType().Name);
        }
    }

    private void StopWith(Action tell)
    {
        _stage = Stage.Stopping;
        try
        {
            tell();
        }
        finally
        {
            Context.Stop(Self);
        }
    }

    /// <summary>The actor's own stash: what it unstashes all at once comes before the commands that wait for a persist.</summary>
    private sealed class CommandStash(IStash own, CommandQueue waiting) : IStash
    {
        public int Count => own.Count;

        public bool IsEmpty => own.IsEmpty;

        public bool NonEmpty => own.NonEmpty;

        public bool IsFull => own.IsFull;

        public int Capacity => own.Capacity;

        public void Stash() => own.Stash();

        public void Unstash() => own.Unstash();

        public void UnstashAll() => waiting.PutFirst(own.ClearStash());

        public void UnstashAll(Func<Envelope, bool> predicate) => waiting.PutFirst([.. own.ClearStash().Where(predicate)]);

        public IEnumerable<Envelope> ClearStash() => own.ClearStash();

        public void Prepend(IEnumerable<Envelope> envelopes) => own.Prepend(envelopes);
    }
}

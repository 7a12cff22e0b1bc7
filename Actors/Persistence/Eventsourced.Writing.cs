using Actors.Core;
using Actors.Persistence.Stores;

namespace Actors.Persistence;

// Persist and what follows: events are numbered and serialized at once, written together after the command, and handled in that order.
public abstract partial class Eventsourced
{
    private List<Pending> _batch = [];
    private List<Pending> _written = [];
    private int _pending;
    private int _pendingStashing;
    private int _handled;
    private bool _writing;
    private long _sequenceNr;

    /// <summary>Writes an event; <paramref name="handler"/> runs when it is committed. No command is handled before that.</summary>
    /// <exception cref="InvalidOperationException">The actor is still recovering.</exception>
    public void Persist<TEvent>(TEvent @event, Action<TEvent> handler) => Add(@event, handler, stashing: true);

    /// <summary>Writes events, all or none; <paramref name="handler"/> runs for each when they are committed. No command is handled before that.</summary>
    /// <exception cref="InvalidOperationException">The actor is still recovering.</exception>
    public void PersistAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashing: true);

    /// <summary>Writes an event; <paramref name="handler"/> runs when it is committed. Commands are handled meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The actor is still recovering.</exception>
    public void PersistAsync<TEvent>(TEvent @event, Action<TEvent> handler) => Add(@event, handler, stashing: false);

    /// <summary>Writes events, all or none; <paramref name="handler"/> runs for each when they are committed. Commands are handled meanwhile.</summary>
    /// <exception cref="InvalidOperationException">The actor is still recovering.</exception>
    public void PersistAllAsync<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler) => AddAll(events, handler, stashing: false);

    /// <summary>Runs <paramref name="handler"/> after the handlers of all events persisted before; nothing is written. No command is handled before that.</summary>
    public void Defer<TEvent>(TEvent evt, Action<TEvent> handler) => Later(evt, handler, stashing: true);

    /// <summary>Runs <paramref name="handler"/> after the handlers of all events persisted before; nothing is written. Commands are handled meanwhile.</summary>
    public void DeferAsync<TEvent>(TEvent evt, Action<TEvent> handler) => Later(evt, handler, stashing: false);

    /// <summary>Deletes events up to a number; answered with <see cref="DeleteMessagesSuccess"/> or <see cref="DeleteMessagesFailure"/>.</summary>
    public void DeleteMessages(long toSequenceNr)
    {
        var self = Self;
        if (toSequenceNr != long.MaxValue && toSequenceNr > LastSequenceNr)
        {
            var cause = new InvalidOperationException($"'{PersistenceId}' can't delete events up to {toSequenceNr}: its last one is {LastSequenceNr}");
            self.Tell(new DeleteMessagesFailure(cause, toSequenceNr), self);
            return;
        }

        _extension.Store.Submit(new DeleteEvents
        {
            PersistenceId = PersistenceId,
            ToSequenceNr = toSequenceNr,
            Done = error => self.Tell(error is null ? new DeleteMessagesSuccess(toSequenceNr) : new DeleteMessagesFailure(error, toSequenceNr), self),
        });
    }

    /// <summary>Keeps a snapshot; answered with <see cref="SaveSnapshotSuccess"/> or <see cref="SaveSnapshotFailure"/>.</summary>
    public void SaveSnapshot(object snapshot)
    {
        var self = Self;
        var metadata = new SnapshotMetadata(SnapshotterId, SnapshotSequenceNr, _extension.Now);
        SnapshotRow row;
        try
        {
            var (identifier, manifest, payload) = _extension.Serialize(snapshot);
            row = new SnapshotRow(SnapshotterId, metadata.SequenceNr, metadata.Timestamp.Ticks, identifier, manifest, payload);
        }
        catch (Exception e)
        {
            self.Tell(new SaveSnapshotFailure(metadata, e), self);
            return;
        }

        _extension.Store.Submit(new PutSnapshot
        {
            Row = row,
            Done = error => self.Tell(error is null ? new SaveSnapshotSuccess(metadata) : new SaveSnapshotFailure(metadata, error), self),
        });
    }

    /// <summary>Deletes one snapshot; answered with <see cref="DeleteSnapshotSuccess"/> or <see cref="DeleteSnapshotFailure"/>.</summary>
    public void DeleteSnapshot(long sequenceNr)
    {
        var metadata = new SnapshotMetadata(SnapshotterId, sequenceNr);
        Delete(new SnapshotSelectionCriteria(sequenceNr, DateTime.MaxValue, sequenceNr), new DeleteSnapshotSuccess(metadata), e => new DeleteSnapshotFailure(metadata, e));
    }

    /// <summary>Deletes the snapshots that the criteria select; answered with <see cref="DeleteSnapshotsSuccess"/> or <see cref="DeleteSnapshotsFailure"/>.</summary>
    public void DeleteSnapshots(SnapshotSelectionCriteria criteria) =>
        Delete(criteria, new DeleteSnapshotsSuccess(criteria), e => new DeleteSnapshotsFailure(criteria, e));

    /// <summary>An event could not be written. It is not known whether it is in the journal, so the actor is stopped after this.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="event">Which.</param>
    /// <param name="sequenceNr">Its number.</param>
    protected virtual void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        Log.Error(cause, "'{0}' stops: event {1} ({2}) could not be written: {3}", PersistenceId, sequenceNr, @event.GetType().Name, cause.Message);

    /// <summary>An event was not even tried, because it can't be serialized. The actor goes on; the event's handler is not called.</summary>
    /// <param name="cause">Why.</param>
    /// <param name="event">Which.</param>
    /// <param name="sequenceNr">The number that it would have had.</param>
    protected virtual void OnPersistRejected(Exception cause, object @event, long sequenceNr) =>
        Log.Warning("'{0}' can't persist event {1} ({2}): {3}", PersistenceId, sequenceNr, @event.GetType().Name, cause.Message);

    private void Delete(SnapshotSelectionCriteria criteria, object success, Func<Exception, object> failure)
    {
        var self = Self;
        _extension.Store.Submit(new DeleteSnapshotRows
        {
            PersistenceId = SnapshotterId,
            Criteria = criteria,
            Done = error => self.Tell(error is null ? success : failure(error), self),
        });
    }

    private void Add<TEvent>(TEvent @event, Action<TEvent> handler, bool stashing)
    {
        RefuseDuringRecovery();
        Add(Serialize(@event!, o => handler((TEvent)o), stashing));
    }

    private void AddAll<TEvent>(IEnumerable<TEvent> events, Action<TEvent> handler, bool stashing)
    {
        RefuseDuringRecovery();
        void Invoke(object o) => handler((TEvent)o);
        var all = events.Select(e => Serialize(e!, Invoke, stashing)).ToList();

        // All or none: one that can't be serialized takes the others with it.
        var rejection = all.FirstOrDefault(p => p.Rejection is not null)?.Rejection;
        foreach (var pending in all)
        {
            Add(rejection is null ? pending : pending with { Row = null, Rejection = rejection });
        }
    }

    private void RefuseDuringRecovery()
    {
        if (IsRecovering)
        {
            throw new InvalidOperationException($"'{PersistenceId}' can't persist while it recovers: persist on RecoveryCompleted or later");
        }
    }

    private Pending Serialize(object @event, Action<object> handler, bool stashing)
    {
        var number = ++_sequenceNr;
        try
        {
            var (identifier, manifest, payload) = _extension.Serialize(@event);
            var row = new JournalRow(PersistenceId, number, identifier, manifest, payload, _writerUuid);
            return new Pending(@event, handler, stashing, Sender, number, row, null);
        }
        catch (Exception e)
        {
            return new Pending(@event, handler, stashing, Sender, number, null, e);
        }
    }

    private void Later<TEvent>(TEvent @event, Action<TEvent> handler, bool stashing)
    {
        RefuseDuringRecovery();
        if (_pending == 0)
        {
            handler(@event);
        }
        else
        {
            Add(new Pending(@event!, o => handler((TEvent)o), stashing, Sender, 0, null, null));
        }
    }

    private void Add(Pending pending)
    {
        _batch.Add(pending);
        _pending++;
        _pendingStashing += pending.Stashing ? 1 : 0;
    }

    /// <summary>One write at a time: what is persisted meanwhile goes with the next.</summary>
    private void Flush()
    {
        if (_writing || _batch.Count == 0)
        {
            return;
        }

        _writing = true;
        (_batch, _written) = (_written, _batch);
        var rows = new List<JournalRow>(_written.Count);
        foreach (var pending in _written)
        {
            if (pending.Row is { } row)
            {
                rows.Add(row);
            }
        }

        var self = Self;
        if (rows.Count == 0)
        {
            self.Tell(new EventsWritten(this, null), self);
            return;
        }

        _extension.Store.Submit(new AppendEvents { Rows = rows, Done = error => self.Tell(new EventsWritten(this, error), self) });
    }

    private void OnWritten(EventsWritten written)
    {
        if (_stage == Stage.Stopping)
        {
            return;
        }

        if (written.Error is { } error)
        {
            var failed = _written.First(p => p.Row is not null);
            StopWith(() => OnPersistFailure(error, failed.Event, failed.SequenceNr));
            return;
        }

        try
        {
            while (_handled < _written.Count)
            {
                // Whoever sent the command is the sender again while its event is handled.
                var pending = _written[_handled++];
                Cell.ActAs(pending.Sender);
                Handle(pending);
            }
        }
        finally
        {
            if (_handled < _written.Count)
            {
                // A handler threw. If the supervisor says "resume", the others have their turn.
                Self.Tell(written, Self);
            }
            else
            {
                _written.Clear();
                _handled = 0;
                _writing = false;
                AfterHandlers();
            }
        }
    }

    private void Handle(Pending pending)
    {
        _pending--;
        _pendingStashing -= pending.Stashing ? 1 : 0;
        if (pending.SequenceNr > 0)
        {
            LastSequenceNr = pending.SequenceNr;
        }

        if (pending.Rejection is { } cause)
        {
            OnPersistRejected(cause, pending.Event, pending.SequenceNr);
        }
        else
        {
            pending.Handler(pending.Event);
        }
    }

    private void AfterHandlers()
    {
        if (_taskRuns)
        {
            return;
        }

        Flush();
        if (_stage == Stage.Persisting && _pendingStashing == 0)
        {
            _stage = Stage.Commands;
            _waiting.ReleaseOne();
        }
        else if (_stage == Stage.Commands && _pendingStashing > 0)
        {
            // A handler of PersistAsync called Persist.
            _stage = Stage.Persisting;
        }
    }

    /// <summary>One call of Persist (or Defer: no row and no number) whose handler has not run yet.</summary>
    private sealed record Pending(object Event, Action<object> Handler, bool Stashing, IActorRef Sender, long SequenceNr, JournalRow? Row, Exception? Rejection);
}

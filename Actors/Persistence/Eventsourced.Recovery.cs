using Actors.Core;
using Actors.Persistence.Stores;

namespace Actors.Persistence;

// Recovery: a permit, the highest number, the snapshot, then the events in portions; the next is read when the last is handled,
// so that memory stays bounded however long the journal is.
public abstract partial class Eventsourced
{
    private const int Portion = 256;

    private RecoveryPermits.Permit? _permit;
    private Recovery _recovery = Recovery.Default;
    private long _highest;
    private long _left;

    /// <summary>It could not recover; the actor is stopped after this.</summary>
    /// <param name="reason">Why.</param>
    /// <param name="message">The event or snapshot at work, or null.</param>
    protected virtual void OnRecoveryFailure(Exception reason, object? message = null)
    {
        if (message is null)
        {
            Log.Error(reason, "'{0}' stops: it could not recover, last event seen {1}: {2}", PersistenceId, LastSequenceNr, reason.Message);
        }
        else
        {
            Log.Error(reason, "'{0}' stops: it could not recover from event {1} ({2}): {3}", PersistenceId, LastSequenceNr, message.GetType().Name, reason.Message);
        }
    }

    /// <summary>All old events have been seen, and <see cref="RecoveryCompleted"/> comes next.</summary>
    protected virtual void OnReplaySuccess()
    {
    }

    private void StartRecovery()
    {
        _stage = Stage.Recovering;
        var self = Self;
        _permit = _extension.Permits.Request(() => self.Tell(new Permitted(this), self));
    }

    private void EndRecovery()
    {
        _permit?.Dispose();
        _permit = null;
    }

    private void OnRecoveryStep(RecoveryStep step)
    {
        if (_stage != Stage.Recovering)
        {
            return;
        }

        object? at = null;
        try
        {
            switch (step)
            {
                case Permitted:
                    _recovery = Recovery;
                    _left = _recovery.ReplayMax;
                    Ask(_extension.Store.HighestSequenceNr(PersistenceId), highest => new HighestKnown(this, highest));
                    break;
                case HighestKnown known:
                    _highest = known.SequenceNr;
                    LookForSnapshot();
                    break;
                case SnapshotFound found:
                    Offer(found.Row, ref at);
                    ReadOn();
                    break;
                case EventsRead read:
                    Replay(read.Rows, ref at);
                    break;
                case RecoveryFailed failed:
                    StopWith(() => OnRecoveryFailure(failed.Cause));
                    break;
            }
        }
        catch (Exception e) when (_stage == Stage.Recovering)
        {
            StopWith(() => OnRecoveryFailure(e, at));
        }

        if (_stage != Stage.Recovering)
        {
            EndRecovery();
        }
    }

    private void LookForSnapshot()
    {
        if (_recovery.FromSnapshot.MaxSequenceNr <= 0)
        {
            ReadOn();
            return;
        }

        var criteria = _recovery.FromSnapshot.Limit(_recovery.ToSequenceNr);
        Ask(_extension.Store.LoadSnapshot(PersistenceId, criteria), row => new SnapshotFound(this, row));
    }

    private void Offer(SnapshotRow? row, ref object? at)
    {
        if (row is null)
        {
            return;
        }

        LastSequenceNr = row.SequenceNr;
        var metadata = new SnapshotMetadata(PersistenceId, row.SequenceNr, new DateTime(row.CreatedTicks, DateTimeKind.Utc));
        var snapshot = _extension.Deserialize(row.Payload, row.SerializerId, row.Manifest, $"snapshot {row.SequenceNr} of '{PersistenceId}'");
        at = snapshot;
        ReceiveRecover(new SnapshotOffer(metadata, snapshot));
    }

    private void ReadOn()
    {
        var to = Math.Min(_recovery.ToSequenceNr, _highest);
        var from = LastSequenceNr + 1;
        if (from > to || _left <= 0)
        {
            Complete();
            return;
        }

        var rows = (int)Math.Min(Portion, _left);
        Ask(_extension.Store.Read(PersistenceId, from, to, rows), read => new EventsRead(this, read));
    }

    private void Replay(IReadOnlyList<JournalRow> rows, ref object? at)
    {
        foreach (var row in rows)
        {
            LastSequenceNr = row.SequenceNr;
            _left--;
            var @event = _extension.Deserialize(row.Payload, row.SerializerId, row.Manifest, $"event {row.SequenceNr} of '{PersistenceId}'");
            at = @event;
            ReceiveRecover(@event);
        }

        at = null;
        if (rows.Count == 0)
        {
            Complete();
        }
        else
        {
            ReadOn();
        }
    }

    private void Complete()
    {
        // A snapshot may be all that is left of a journal.
        _sequenceNr = LastSequenceNr = Math.Max(_highest, LastSequenceNr);
        OnReplaySuccess();
        _stage = Stage.Commands;
        EndRecovery();
        try
        {
            ReceiveRecover(RecoveryCompleted.Instance);
        }
        finally
        {
            Flush();
            if (_pendingStashing > 0)
            {
                _stage = Stage.Persisting;
            }
            else
            {
                _waiting.ReleaseAll();
            }
        }
    }

    /// <summary>The answer comes as a message; at once if it is there already, as it is in simulations.</summary>
    private void Ask<T>(Task<T> task, Func<T, RecoveryStep> step)
    {
        var self = Self;
        if (task.IsCompleted)
        {
            Tell(task);
        }
        else
        {
            task.ContinueWith(Tell, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        void Tell(Task<T> done) => self.Tell(
            done.IsCompletedSuccessfully ? step(done.Result) : new RecoveryFailed(this, done.Exception?.InnerException ?? new OperationCanceledException()),
            self);
    }
}

namespace Actors.Persistence;

/// <summary>Names a snapshot.</summary>
public sealed record SnapshotMetadata
{
    /// <summary>Names a snapshot whose time is not known yet.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr)
        : this(persistenceId, sequenceNr, TimestampNotSpecified)
    {
    }

    /// <summary>Names a snapshot.</summary>
    public SnapshotMetadata(string persistenceId, long sequenceNr, DateTime timestamp)
    {
        PersistenceId = persistenceId;
        SequenceNr = sequenceNr;
        Timestamp = timestamp;
    }

    /// <summary>Stands for "no time given".</summary>
    public static DateTime TimestampNotSpecified { get; } = DateTime.MinValue;

    /// <summary>Whose snapshot it is.</summary>
    public string PersistenceId { get; }

    /// <summary>The last event that is in it.</summary>
    public long SequenceNr { get; }

    /// <summary>When it was saved, UTC.</summary>
    public DateTime Timestamp { get; }
}

/// <summary>Selects snapshots by sequence number and time; bounds are inclusive.</summary>
public sealed record SnapshotSelectionCriteria
{
    /// <summary>Selects snapshots up to a sequence number and a time.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr, DateTime maxTimeStamp, long minSequenceNr = 0L, DateTime? minTimestamp = null)
    {
        MaxSequenceNr = maxSequenceNr;
        MaxTimeStamp = maxTimeStamp;
        MinSequenceNr = minSequenceNr;
        MinTimestamp = minTimestamp ?? DateTime.MinValue;
    }

    /// <summary>Selects snapshots up to a sequence number.</summary>
    public SnapshotSelectionCriteria(long maxSequenceNr)
        : this(maxSequenceNr, DateTime.MaxValue)
    {
    }

    /// <summary>The newest there is.</summary>
    public static SnapshotSelectionCriteria Latest { get; } = new(long.MaxValue, DateTime.MaxValue);

    /// <summary>None at all.</summary>
    public static SnapshotSelectionCriteria None { get; } = new(0L, DateTime.MinValue);

    /// <summary>Upper bound of the sequence number.</summary>
    public long MaxSequenceNr { get; }

    /// <summary>Upper bound of the time.</summary>
    public DateTime MaxTimeStamp { get; }

    /// <summary>Lower bound of the sequence number.</summary>
    public long MinSequenceNr { get; }

    /// <summary>Lower bound of the time.</summary>
    public DateTime? MinTimestamp { get; }

    internal SnapshotSelectionCriteria Limit(long toSequenceNr) =>
        toSequenceNr < MaxSequenceNr ? new SnapshotSelectionCriteria(toSequenceNr, MaxTimeStamp, MinSequenceNr, MinTimestamp) : this;

    internal bool IsMatch(SnapshotMetadata metadata) =>
        metadata.SequenceNr <= MaxSequenceNr && metadata.SequenceNr >= MinSequenceNr
        && metadata.Timestamp <= MaxTimeStamp && metadata.Timestamp >= (MinTimestamp ?? DateTime.MinValue);
}

/// <summary>Offered during recovery, before the events that came after it.</summary>
/// <param name="Metadata">Which snapshot it is.</param>
/// <param name="Snapshot">What was given to <c>SaveSnapshot</c>.</param>
public sealed record SnapshotOffer(SnapshotMetadata Metadata, object Snapshot);

/// <summary>The snapshot is saved.</summary>
/// <param name="Metadata">Which.</param>
public sealed record SaveSnapshotSuccess(SnapshotMetadata Metadata);

/// <summary>The snapshot could not be saved; the actor goes on.</summary>
/// <param name="Metadata">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record SaveSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>The snapshot is deleted.</summary>
/// <param name="Metadata">Which.</param>
public sealed record DeleteSnapshotSuccess(SnapshotMetadata Metadata);

/// <summary>The snapshot could not be deleted.</summary>
/// <param name="Metadata">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotFailure(SnapshotMetadata Metadata, Exception Cause);

/// <summary>The snapshots are deleted.</summary>
/// <param name="Criteria">Which.</param>
public sealed record DeleteSnapshotsSuccess(SnapshotSelectionCriteria Criteria);

/// <summary>The snapshots could not be deleted.</summary>
/// <param name="Criteria">Which.</param>
/// <param name="Cause">Why.</param>
public sealed record DeleteSnapshotsFailure(SnapshotSelectionCriteria Criteria, Exception Cause);

/// <summary>Events up to this number are deleted.</summary>
/// <param name="ToSequenceNr">The last deleted one.</param>
public sealed record DeleteMessagesSuccess(long ToSequenceNr);

/// <summary>Events could not be deleted.</summary>
/// <param name="Cause">Why.</param>
/// <param name="ToSequenceNr">The last one that was to be deleted.</param>
public sealed record DeleteMessagesFailure(Exception Cause, long ToSequenceNr);

/// <summary>Told to the actor when it has seen all of its events.</summary>
public sealed class RecoveryCompleted
{
    private RecoveryCompleted()
    {
    }

    /// <summary>The only one.</summary>
    public static RecoveryCompleted Instance { get; } = new();
}

/// <summary>How an actor wants to recover.</summary>
public sealed class Recovery
{
    /// <summary>Recovers from the newest snapshot that <paramref name="fromSnapshot"/> selects, up to an event, at most so many.</summary>
    public Recovery(SnapshotSelectionCriteria? fromSnapshot = null, long toSequenceNr = long.MaxValue, long replayMax = long.MaxValue)
    {
        FromSnapshot = fromSnapshot ?? SnapshotSelectionCriteria.Latest;
        ToSequenceNr = toSequenceNr;
        ReplayMax = replayMax;
    }

    /// <summary>Newest snapshot and all events after it.</summary>
    public static Recovery Default { get; } = new();

    /// <summary>Neither snapshot nor events; only the highest sequence number is read.</summary>
    public static Recovery None { get; } = new(SnapshotSelectionCriteria.None, 0, 0);

    /// <summary>Which snapshot to begin with.</summary>
    public SnapshotSelectionCriteria FromSnapshot { get; }

    /// <summary>The last event to see (inclusive).</summary>
    public long ToSequenceNr { get; }

    /// <summary>The most events to see.</summary>
    public long ReplayMax { get; }
}

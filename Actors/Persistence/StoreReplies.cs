using Actors.Persistence.Stores;

namespace Actors.Persistence;

/// <summary>What the store tells a persistent actor. Meant for one incarnation; a later one drops it.</summary>
/// <param name="Owner">Which incarnation asked.</param>
internal abstract record StoreReply(Eventsourced Owner);

/// <summary>The batch at work is committed, or failed as a whole.</summary>
internal sealed record EventsWritten(Eventsourced Owner, StoreException? Error) : StoreReply(Owner);

/// <summary>A step of recovery is done.</summary>
internal abstract record RecoveryStep(Eventsourced Owner) : StoreReply(Owner);

/// <summary>It is this actor's turn to recover.</summary>
internal sealed record Permitted(Eventsourced Owner) : RecoveryStep(Owner);

/// <summary>The highest number ever given out.</summary>
internal sealed record HighestKnown(Eventsourced Owner, long SequenceNr) : RecoveryStep(Owner);

/// <summary>The snapshot to begin with, or null.</summary>
internal sealed record SnapshotFound(Eventsourced Owner, SnapshotRow? Row) : RecoveryStep(Owner);

/// <summary>The next events.</summary>
internal sealed record EventsRead(Eventsourced Owner, IReadOnlyList<JournalRow> Rows) : RecoveryStep(Owner);

/// <summary>The store could not be read.</summary>
internal sealed record RecoveryFailed(Eventsourced Owner, Exception Cause) : RecoveryStep(Owner);

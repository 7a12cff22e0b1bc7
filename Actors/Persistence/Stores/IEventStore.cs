namespace Actors.Persistence.Stores;

/// <summary>One event as the journal keeps it: the serializer's identifier, its manifest and the bytes as they are.</summary>
/// <param name="PersistenceId">Whose.</param>
/// <param name="SequenceNr">From 1, without holes.</param>
/// <param name="SerializerId">Which serializer reads <paramref name="Payload"/>.</param>
/// <param name="Manifest">What that serializer needs to know.</param>
/// <param name="Payload">The message's bytes.</param>
/// <param name="WriterUuid">Which incarnation of the actor wrote it.</param>
internal sealed record JournalRow(string PersistenceId, long SequenceNr, int SerializerId, string Manifest, byte[] Payload, string WriterUuid);

/// <summary>One snapshot as the store keeps it.</summary>
/// <param name="PersistenceId">Whose.</param>
/// <param name="SequenceNr">The last event that is in it.</param>
/// <param name="CreatedTicks">When it was taken, .NET ticks in UTC.</param>
/// <param name="SerializerId">Which serializer reads <paramref name="Payload"/>.</param>
/// <param name="Manifest">What that serializer needs to know.</param>
/// <param name="Payload">The snapshot's bytes.</param>
internal sealed record SnapshotRow(string PersistenceId, long SequenceNr, long CreatedTicks, int SerializerId, string Manifest, byte[] Payload);

/// <summary>Something to be made durable. <see cref="Done"/> is called once: with null after the commit, else with the reason why nothing of it was kept.</summary>
internal abstract class StoreWork
{
    /// <summary>Called on the store's own thread; must be quick and must not throw.</summary>
    public required Action<StoreException?> Done { get; init; }
}

/// <summary>Append these events, all or none.</summary>
internal sealed class AppendEvents : StoreWork
{
    /// <summary>Of one persistence id, ascending.</summary>
    public required IReadOnlyList<JournalRow> Rows { get; init; }
}

/// <summary>Delete events up to a sequence number; the highest of them stays as a marker, so that numbers are never given out twice.</summary>
internal sealed class DeleteEvents : StoreWork
{
    /// <summary>Whose.</summary>
    public required string PersistenceId { get; init; }

    /// <summary>The last one to delete.</summary>
    public required long ToSequenceNr { get; init; }
}

/// <summary>Keep a snapshot; one of the same sequence number is replaced.</summary>
internal sealed class PutSnapshot : StoreWork
{
    /// <summary>The snapshot.</summary>
    public required SnapshotRow Row { get; init; }
}

/// <summary>Delete the snapshots that a criterion selects.</summary>
internal sealed class DeleteSnapshotRows : StoreWork
{
    /// <summary>Whose.</summary>
    public required string PersistenceId { get; init; }

    /// <summary>Which.</summary>
    public required SnapshotSelectionCriteria Criteria { get; init; }
}

/// <summary>Writes nothing: is done when all that was submitted before it is.</summary>
internal sealed class Barrier : StoreWork;

/// <summary>Journal and snapshots in one place. Any thread may call; writes of one caller are done in the order of the calls.</summary>
internal interface IEventStore : IDisposable
{
    /// <summary>What it has done so far.</summary>
    StoreCounters Counters { get; }

    /// <summary>Queues a write. Those that wait when a commit begins share it.</summary>
    void Submit(StoreWork work);

    /// <summary>
    /// The highest sequence number ever given to an event of this id, deleted ones included; 0 when there is none.
    /// Sees all that was submitted before: an actor that is started anew must not miss what its predecessor was still writing.
    /// </summary>
    Task<long> HighestSequenceNr(string persistenceId);

    /// <summary>
    /// Events from <paramref name="from"/> to <paramref name="to"/> (inclusive) that are not deleted, ascending, at most <paramref name="maxRows"/>
    /// of them and about <see cref="ReadLimits.MaxBytes"/>: an empty list means there are no more.
    /// </summary>
    Task<IReadOnlyList<JournalRow>> Read(string persistenceId, long from, long to, int maxRows);

    /// <summary>The newest snapshot that a criterion selects, or null.</summary>
    Task<SnapshotRow?> LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria);
}

/// <summary>How much one <see cref="IEventStore.Read"/> brings into memory.</summary>
internal static class ReadLimits
{
    /// <summary>After this many bytes of payload a read stops, with at least one row.</summary>
    public const int MaxBytes = 4 << 20;
}

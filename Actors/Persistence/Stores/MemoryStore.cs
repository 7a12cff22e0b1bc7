namespace Actors.Persistence.Stores;

/// <summary>Journal and snapshots in memory, for tests and simulations: everything is done on the caller's thread, at once.</summary>
internal sealed class MemoryStore : IEventStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, Stream> _streams = [];

    /// <summary>Decides the failure of a write before it is done; null lets it pass.</summary>
    public Func<StoreWork, StoreException?>? Fault { get; set; }

    /// <summary>Decides the failure of a read; null lets it pass.</summary>
    public Func<string, StoreException?>? ReadFault { get; set; }

    /// <inheritdoc/>
    public StoreCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void Submit(StoreWork work)
    {
        StoreException? error;
        lock (_gate)
        {
            error = Fault?.Invoke(work) ?? Apply(work);
            if (error is null)
            {
                Counters.Committed([work], TimeSpan.Zero);
            }
            else
            {
                Counters.Failed(1);
            }
        }

        work.Done(error);
    }

    /// <inheritdoc/>
    public Task<long> HighestSequenceNr(string persistenceId) =>
        Answer(persistenceId, s => s.Events.Count == 0 ? 0 : s.Events.Keys[^1]);

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> Read(string persistenceId, long from, long to, int maxRows) =>
        Answer<IReadOnlyList<JournalRow>>(persistenceId, s => [.. s.Events
            .Where(e => e.Key >= from && e.Key <= to && !s.Deleted.Contains(e.Key))
            .Take(maxRows)
            .Select(e => e.Value)]);

    /// <inheritdoc/>
    public Task<SnapshotRow?> LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria) =>
        Answer(persistenceId, s => s.Snapshots.Values.LastOrDefault(r => Selects(criteria, r)));

    /// <summary>Nothing to let go: what was written stays readable, as a database would keep it.</summary>
    public void Dispose()
    {
    }

    private static bool Selects(SnapshotSelectionCriteria criteria, SnapshotRow row) =>
        criteria.IsMatch(new SnapshotMetadata(row.PersistenceId, row.SequenceNr, new DateTime(row.CreatedTicks, DateTimeKind.Utc)));

    private Task<T> Answer<T>(string persistenceId, Func<Stream, T> read)
    {
        lock (_gate)
        {
            var error = ReadFault?.Invoke(persistenceId);
            return error is null ? Task.FromResult(read(StreamOf(persistenceId))) : Task.FromException<T>(error);
        }
    }

    private Stream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream))
        {
            _streams.Add(persistenceId, stream = new Stream());
        }

        return stream;
    }

    private StoreException? Apply(StoreWork work)
    {
        switch (work)
        {
            case AppendEvents append:
                return Append(append.Rows);
            case DeleteEvents delete:
                Delete(StreamOf(delete.PersistenceId), delete.ToSequenceNr);
                return null;
            case PutSnapshot put:
                StreamOf(put.Row.PersistenceId).Snapshots[put.Row.SequenceNr] = put.Row;
                return null;
            case DeleteSnapshotRows delete:
                var snapshots = StreamOf(delete.PersistenceId).Snapshots;
                foreach (var row in snapshots.Values.Where(r => Selects(delete.Criteria, r)).ToList())
                {
                    snapshots.Remove(row.SequenceNr);
                }

                return null;
            case Barrier:
                return null;
            default:
                throw new NotSupportedException(work.GetType().Name);
        }
    }

    private StoreException? Append(IReadOnlyList<JournalRow> rows)
    {
        foreach (var row in rows)
        {
            if (StreamOf(row.PersistenceId).Events.ContainsKey(row.SequenceNr))
            {
                return StoreException.Fenced(row);
            }
        }

        foreach (var row in rows)
        {
            StreamOf(row.PersistenceId).Events.Add(row.SequenceNr, row);
        }

        return null;
    }

    private static void Delete(Stream stream, long to)
    {
        var below = stream.Events.Keys.Where(nr => nr <= to).ToList();
        foreach (var nr in below.SkipLast(1))
        {
            stream.Events.Remove(nr);
            stream.Deleted.Remove(nr);
        }

        if (below.Count > 0)
        {
            stream.Deleted.Add(below[^1]);
        }
    }

    private sealed class Stream
    {
        public SortedList<long, JournalRow> Events { get; } = [];

        public HashSet<long> Deleted { get; } = [];

        public SortedList<long, SnapshotRow> Snapshots { get; } = [];
    }
}

namespace Actors.Persistence.Stores;

/// <summary>What a store has done since it was opened. Read from any thread.</summary>
internal sealed class StoreCounters
{
    private long _commits;
    private long _events;
    private long _bytes;
    private long _failures;
    private long _commitTicks;
    private long _slowestTicks;

    /// <summary>Transactions committed.</summary>
    public long Commits => Volatile.Read(ref _commits);

    /// <summary>Events in them.</summary>
    public long Events => Volatile.Read(ref _events);

    /// <summary>Payload bytes of these events.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Writes that failed.</summary>
    public long Failures => Volatile.Read(ref _failures);

    /// <summary>Time spent in transactions, all together.</summary>
    public TimeSpan CommitTime => TimeSpan.FromTicks(Volatile.Read(ref _commitTicks));

    /// <summary>The longest transaction.</summary>
    public TimeSpan SlowestCommit => TimeSpan.FromTicks(Volatile.Read(ref _slowestTicks));

    /// <summary>Only the store's writer calls this.</summary>
    internal void Committed(List<StoreWork> batch, TimeSpan took)
    {
        foreach (var work in batch)
        {
            if (work is AppendEvents append)
            {
                foreach (var row in append.Rows)
                {
                    _events++;
                    _bytes += row.Payload.Length;
                }
            }
        }

        Volatile.Write(ref _commits, _commits + 1);
        Volatile.Write(ref _commitTicks, _commitTicks + took.Ticks);
        Volatile.Write(ref _slowestTicks, Math.Max(_slowestTicks, took.Ticks));
    }

    /// <summary>Only the store's writer calls this.</summary>
    internal void Failed(int works) => Volatile.Write(ref _failures, _failures + works);
}

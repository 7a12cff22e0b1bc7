using Actors.Persistence.Stores;

namespace EngineTests.Persisting;

/// <summary>Shorthand for what every test of a store does.</summary>
internal static class StoreFixture
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    public static JournalRow Row(string id, long nr, string text = "x", string writer = "writer-1") =>
        new(id, nr, 17, "manifest", System.Text.Encoding.UTF8.GetBytes(text), writer);

    public static SnapshotRow Snapshot(string id, long nr, long createdTicks = 1000, string text = "snap") =>
        new(id, nr, createdTicks, 17, "manifest", System.Text.Encoding.UTF8.GetBytes(text));

    public static string Text(JournalRow row) => System.Text.Encoding.UTF8.GetString(row.Payload);

    public static Task<StoreException?> Append(this IEventStore store, params JournalRow[] rows)
    {
        var done = new TaskCompletionSource<StoreException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Submit(new AppendEvents { Rows = rows, Done = done.SetResult });
        return done.Task.WaitAsync(Patience);
    }

    public static Task<StoreException?> Delete(this IEventStore store, string id, long to)
    {
        var done = new TaskCompletionSource<StoreException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Submit(new DeleteEvents { PersistenceId = id, ToSequenceNr = to, Done = done.SetResult });
        return done.Task.WaitAsync(Patience);
    }

    public static Task<StoreException?> Put(this IEventStore store, SnapshotRow row)
    {
        var done = new TaskCompletionSource<StoreException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Submit(new PutSnapshot { Row = row, Done = done.SetResult });
        return done.Task.WaitAsync(Patience);
    }

    public static Task<StoreException?> DeleteSnapshots(this IEventStore store, string id, SnapshotSelectionCriteria criteria)
    {
        var done = new TaskCompletionSource<StoreException?>(TaskCreationOptions.RunContinuationsAsynchronously);
        store.Submit(new DeleteSnapshotRows { PersistenceId = id, Criteria = criteria, Done = done.SetResult });
        return done.Task.WaitAsync(Patience);
    }

    public static async Task<List<long>> Numbers(this IEventStore store, string id, long from = 1, long to = long.MaxValue, int max = int.MaxValue) =>
        [.. (await store.Read(id, from, to, max).WaitAsync(Patience)).Select(r => r.SequenceNr)];
}

/// <summary>A folder of its own for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("journal-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

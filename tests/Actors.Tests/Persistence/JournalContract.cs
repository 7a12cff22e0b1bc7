using Actors.Persistence.Stores;

namespace EngineTests.Persisting;

/// <summary>What every journal must do.</summary>
public abstract class JournalContract : IDisposable
{
    private readonly List<IEventStore> _opened = [];

    /// <summary>Opens the same journal anew each time, as another program would.</summary>
    private protected abstract IEventStore OpenStore();

    private IEventStore Store => _opened.Count > 0 ? _opened[0] : Open();

    private IEventStore Open()
    {
        var store = OpenStore();
        _opened.Add(store);
        return store;
    }

    public void Dispose()
    {
        _opened.ForEach(s => s.Dispose());
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    [ContractFact]
    public async Task An_unknown_id_has_no_events()
    {
        Assert.Equal(0, await Store.HighestSequenceNr("nobody"));
        Assert.Empty(await Store.Numbers("nobody"));
    }

    [ContractFact]
    public async Task Events_come_back_in_order_with_all_their_parts()
    {
        Assert.Null(await Store.Append(StoreFixture.Row("a", 1, "one"), StoreFixture.Row("a", 2, "two")));
        Assert.Null(await Store.Append(StoreFixture.Row("b", 1, "other")));

        var rows = await Store.Read("a", 1, long.MaxValue, 100);
        Assert.Equal([1L, 2L], rows.Select(r => r.SequenceNr));
        Assert.Equal(["one", "two"], rows.Select(StoreFixture.Text));
        Assert.All(rows, r => Assert.Equal(("a", 17, "manifest", "writer-1"), (r.PersistenceId, r.SerializerId, r.Manifest, r.WriterUuid)));
        Assert.Equal(2, await Store.HighestSequenceNr("a"));
    }

    [ContractFact]
    public async Task A_read_keeps_to_its_range_and_its_limit()
    {
        await Store.Append([.. Enumerable.Range(1, 10).Select(n => StoreFixture.Row("a", n))]);

        Assert.Equal([3L, 4L, 5L], await Store.Numbers("a", 3, 5));
        Assert.Equal([3L, 4L], await Store.Numbers("a", 3, 9, max: 2));
        Assert.Empty(await Store.Numbers("a", 11));
    }

    [ContractFact]
    public async Task Any_bytes_and_any_text_survive()
    {
        var bytes = Enumerable.Range(0, 256).Select(i => (byte)i).ToArray();
        const string Id = "it's \"odd\" / ünïcode \u0001 %_";
        Assert.Null(await Store.Append(new JournalRow(Id, 1, -5, "", bytes, "w")));
        Assert.Null(await Store.Append(new JournalRow(Id, 2, 5, "m", [], "w")));

        var rows = await Store.Read(Id, 1, 9, 9);
        Assert.Equal(bytes, rows[0].Payload);
        Assert.Equal(-5, rows[0].SerializerId);
        Assert.Empty(rows[1].Payload);
    }

    [ContractFact]
    public async Task What_was_acked_is_there_after_it_was_opened_again()
    {
        await Store.Append(StoreFixture.Row("a", 1));
        Store.Dispose();

        Assert.Equal([1L], await Open().Numbers("a"));
    }

    [ContractFact]
    public async Task A_second_writer_is_fenced_and_told_so()
    {
        await Store.Append(StoreFixture.Row("a", 1, writer: "first"));
        var second = Open();

        var error = await second.Append(StoreFixture.Row("a", 1, writer: "second"));

        Assert.Equal(StoreFault.Fenced, error?.Fault);
        Assert.Contains("another writer holds persistence id 'a'", error?.Message);
        Assert.Equal("first", Assert.Single(await Store.Read("a", 1, 9, 9)).WriterUuid);
    }

    [ContractFact]
    public async Task A_batch_that_fails_leaves_nothing_of_itself()
    {
        await Store.Append(StoreFixture.Row("a", 2));

        var error = await Store.Append(StoreFixture.Row("a", 1), StoreFixture.Row("a", 2));

        Assert.NotNull(error);
        Assert.Equal([2L], await Store.Numbers("a"));
    }

    [ContractFact]
    public async Task Only_the_write_at_fault_fails_among_those_that_share_a_commit()
    {
        await Store.Append(StoreFixture.Row("taken", 1));

        // Submitted back to back: while the first commits, the others gather into one transaction.
        var answers = Enumerable.Range(0, 60)
            .Select(i => Store.Append(i % 20 == 7 ? StoreFixture.Row("taken", 1) : StoreFixture.Row("free-" + i, 1)))
            .ToList();
        var errors = await Task.WhenAll(answers);

        for (var i = 0; i < errors.Length; i++)
        {
            Assert.Equal(i % 20 == 7, errors[i] is not null);
            Assert.Equal(i % 20 == 7 ? 0 : 1, await Store.HighestSequenceNr("free-" + i));
        }
    }

    [ContractFact]
    public async Task Deleted_events_are_not_read_and_their_numbers_never_come_back()
    {
        await Store.Append([.. Enumerable.Range(1, 5).Select(n => StoreFixture.Row("a", n))]);
        await Store.Append(StoreFixture.Row("b", 1));

        Assert.Null(await Store.Delete("a", 3));
        Assert.Equal([4L, 5L], await Store.Numbers("a"));

        Assert.Null(await Store.Delete("a", long.MaxValue));
        Assert.Empty(await Store.Numbers("a"));
        Assert.Equal(5, await Store.HighestSequenceNr("a"));
        Assert.Equal([1L], await Store.Numbers("b"));
    }

    [ContractFact]
    public async Task Deleting_what_is_not_there_is_no_error()
    {
        Assert.Null(await Store.Delete("nobody", 7));
        await Store.Append(StoreFixture.Row("a", 1));
        Assert.Null(await Store.Delete("a", 0));
        Assert.Equal([1L], await Store.Numbers("a"));
    }

    [ContractFact]
    public async Task Writes_of_many_callers_are_all_done_and_counted()
    {
        var store = Store;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(id => Task.Run(async () =>
        {
            for (var nr = 1; nr <= 25; nr++)
            {
                Assert.Null(await store.Append(StoreFixture.Row("p" + id, nr)));
            }
        })));

        for (var id = 0; id < 20; id++)
        {
            Assert.Equal(25, (await store.Numbers("p" + id)).Count);
        }

        Assert.Equal(500, store.Counters.Events);
        Assert.InRange(store.Counters.Commits, 1, 500);
    }
}

/// <summary>What every snapshot store must do.</summary>
public abstract class SnapshotContract : IDisposable
{
    private IEventStore? _store;

    private protected abstract IEventStore OpenStore();

    private IEventStore Store => _store ??= OpenStore();

    public void Dispose()
    {
        _store?.Dispose();
        CleanUp();
        GC.SuppressFinalize(this);
    }

    protected virtual void CleanUp()
    {
    }

    [ContractFact]
    public async Task The_newest_snapshot_is_loaded_with_all_its_parts()
    {
        await Store.Put(StoreFixture.Snapshot("a", 5, 100, "old"));
        await Store.Put(StoreFixture.Snapshot("a", 9, 200, "new"));
        await Store.Put(StoreFixture.Snapshot("b", 20, 300, "other"));

        var row = await Store.LoadSnapshot("a", SnapshotSelectionCriteria.Latest);

        Assert.Equal(("a", 9L, 200L, 17, "manifest"), (row!.PersistenceId, row.SequenceNr, row.CreatedTicks, row.SerializerId, row.Manifest));
        Assert.Equal("new"u8.ToArray(), row.Payload);
    }

    [ContractFact]
    public async Task Criteria_select_by_number_and_by_time()
    {
        await Store.Put(StoreFixture.Snapshot("a", 5, 100));
        await Store.Put(StoreFixture.Snapshot("a", 9, 200));

        async Task<long?> Load(SnapshotSelectionCriteria criteria) => (await Store.LoadSnapshot("a", criteria))?.SequenceNr;

        Assert.Equal(5, await Load(new SnapshotSelectionCriteria(8)));
        Assert.Equal(5, await Load(new SnapshotSelectionCriteria(100, new DateTime(150))));
        Assert.Null(await Load(new SnapshotSelectionCriteria(8, DateTime.MaxValue, 6)));
        Assert.Null(await Load(new SnapshotSelectionCriteria(8, DateTime.MaxValue, 0, new DateTime(150))));
        Assert.Null(await Load(SnapshotSelectionCriteria.None));
    }

    [ContractFact]
    public async Task A_snapshot_of_the_same_number_replaces_the_old_one()
    {
        await Store.Put(StoreFixture.Snapshot("a", 5, 100, "old"));
        Assert.Null(await Store.Put(StoreFixture.Snapshot("a", 5, 200, "new")));

        Assert.Equal("new"u8.ToArray(), (await Store.LoadSnapshot("a", SnapshotSelectionCriteria.Latest))!.Payload);
    }

    [ContractFact]
    public async Task Selected_snapshots_are_deleted_and_the_others_stay()
    {
        await Store.Put(StoreFixture.Snapshot("a", 5));
        await Store.Put(StoreFixture.Snapshot("a", 9));
        await Store.Put(StoreFixture.Snapshot("b", 5));

        Assert.Null(await Store.DeleteSnapshots("a", new SnapshotSelectionCriteria(5)));

        Assert.Null(await Store.LoadSnapshot("a", new SnapshotSelectionCriteria(5)));
        Assert.Equal(9, (await Store.LoadSnapshot("a", SnapshotSelectionCriteria.Latest))?.SequenceNr);
        Assert.Equal(5, (await Store.LoadSnapshot("b", SnapshotSelectionCriteria.Latest))?.SequenceNr);
    }
}

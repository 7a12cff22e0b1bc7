using Actors.Persistence.Stores;

namespace EngineTests.Persisting;

public sealed class MemoryJournalTests : JournalContract
{
    private readonly MemoryStore _store = new();

    private protected override IEventStore OpenStore() => _store;
}

public sealed class MemorySnapshotTests : SnapshotContract
{
    private protected override IEventStore OpenStore() => new MemoryStore();
}

public sealed class SqliteJournalTests : JournalContract
{
    private readonly TempFolder _folder = new();

    private protected override IEventStore OpenStore() =>
        new SqlStore(new SqliteDialect($"Data Source={_folder.File("journal.db")}"), autoInitialize: true, TimeProvider.System);

    protected override void CleanUp() => _folder.Dispose();
}

public sealed class SqliteSnapshotTests : SnapshotContract
{
    private readonly TempFolder _folder = new();

    private protected override IEventStore OpenStore() =>
        new SqlStore(new SqliteDialect($"Data Source={_folder.File("journal.db")}"), autoInitialize: true, TimeProvider.System);

    protected override void CleanUp() => _folder.Dispose();
}

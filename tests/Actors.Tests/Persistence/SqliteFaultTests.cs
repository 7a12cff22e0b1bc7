using Actors.Persistence.Stores;
using Microsoft.Data.Sqlite;

namespace EngineTests.Persisting;

/// <summary>What SQLite alone can do wrong.</summary>
public sealed class SqliteFaultTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    private string Database => _folder.File("journal.db");

    private SqlStore Open(bool autoInitialize = true) => new(new SqliteDialect($"Data Source={Database}"), autoInitialize, TimeProvider.System);

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_left_as_it_is()
    {
        var content = string.Concat(Enumerable.Repeat("someone's diary, not a database\n", 300));
        await File.WriteAllTextAsync(Database, content);
        using var store = Open();

        var error = await store.Append(StoreFixture.Row("a", 1));
        var reading = await Assert.ThrowsAsync<StoreException>(() => store.HighestSequenceNr("a"));

        Assert.Equal(StoreFault.Refused, error?.Fault);
        Assert.Equal(error?.Message, reading.Message);
        Assert.Contains("is not an SQLite database", error?.Message);
        Assert.Contains("move it away", error?.Message);
        Assert.DoesNotContain('\n', error?.Message ?? "");
        Assert.Equal(content, await File.ReadAllTextAsync(Database));
    }

    [Theory]
    [InlineData("CREATE TABLE customers(id INTEGER)", "table 'customers'")]
    [InlineData("CREATE TABLE journal(id INTEGER, text TEXT)", "no column 'ordering'")]
    [InlineData("PRAGMA application_id = 77; PRAGMA user_version = 3", "application_id")]
    public async Task Another_programs_database_is_refused_and_left_as_it_is(string sql, string because)
    {
        Run(sql);
        var before = await File.ReadAllBytesAsync(Database);
        using var store = Open();

        var error = await store.Append(StoreFixture.Row("a", 1));

        Assert.Equal(StoreFault.Refused, error?.Fault);
        Assert.Contains(because, error?.Message);
        var after = await File.ReadAllBytesAsync(Database);
        Assert.Equal(before, after);
    }

    [Fact]
    public async Task Without_auto_initialize_missing_tables_are_an_error()
    {
        using var store = Open(autoInitialize: false);

        var error = await store.Append(StoreFixture.Row("a", 1));

        Assert.Contains("set auto-initialize = on", error?.Message);
    }

    [Fact]
    public async Task A_damaged_database_is_refused()
    {
        using (var store = Open())
        {
            await store.Append([.. Enumerable.Range(1, 500).Select(n => StoreFixture.Row("a", n, new string('x', 200)))]);
        }

        await using (var file = File.OpenWrite(Database))
        {
            file.Position = 4096;
            var noise = new byte[file.Length - 4096];
            new Random(7).NextBytes(noise);
            await file.WriteAsync(noise);
        }

        using var again = Open();
        var error = await again.Append(StoreFixture.Row("a", 501));

        Assert.Equal(StoreFault.Refused, error?.Fault);
        Assert.Contains("is damaged", error?.Message);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_fails_and_heals_when_it_is_made()
    {
        Directory.Delete(_folder.Path);
        using var store = Open();
        var error = await store.Append(StoreFixture.Row("a", 1));
        Assert.Equal(StoreFault.Unavailable, error?.Fault);

        Directory.CreateDirectory(_folder.Path);

        Assert.Null(await store.Append(StoreFixture.Row("a", 1)));
        Assert.Equal([1L], await store.Numbers("a"));
    }

    [Fact]
    public async Task A_full_disk_fails_the_write_keeps_what_was_acked_and_heals_when_there_is_room()
    {
        using var store = Open();
        Assert.Null(await store.Append(StoreFixture.Row("a", 1)));

        // max_page_count is kept per connection, so the store's own writer is told to be full through its dialect.
        var small = new SmallDisk(Database);
        using var full = new SqlStore(small, autoInitialize: true, TimeProvider.System);
        var error = await full.Append(StoreFixture.Row("a", 2, new string('x', 4_000_000)));
        Assert.Equal(StoreFault.Unavailable, error?.Fault);
        Assert.Contains("no space left", error?.Message);
        Assert.Equal([1L], await full.Numbers("a"));

        small.Full = false;

        Assert.Null(await full.Append(StoreFixture.Row("a", 2, new string('x', 4_000_000))));
        Assert.Equal([1L, 2L], await store.Numbers("a"));
    }

    [Fact]
    public async Task A_lock_that_is_let_go_in_time_only_delays()
    {
        using var store = Open();
        await store.Append(StoreFixture.Row("a", 1));
        Task<StoreException?> waiting;
        using (var other = Connect())
        {
            Execute(other, "BEGIN IMMEDIATE");
            waiting = store.Append(StoreFixture.Row("a", 2));

            // Readers do not wait for the lock.
            Assert.Equal([1L], await store.Numbers("a"));
            Execute(other, "COMMIT");
        }

        Assert.Null(await waiting);
    }

    [Fact]
    public async Task The_tables_are_those_of_the_stated_layout()
    {
        using var store = Open();
        await store.Append(StoreFixture.Row("a", 1));
        using var connection = Connect();

        Assert.Equal(
            ["ordering INTEGER 1", "created BIGINT 1", "deleted BIT 1", "persistence_id NVARCHAR(255) 1", "sequence_number BIGINT 1", "message VARBINARY 1", "manifest NVARCHAR(500) 0", "identifier INTEGER 0", "writer_uuid NVARCHAR(128) 0"],
            Strings(connection, "SELECT name || ' ' || type || ' ' || \"notnull\" FROM pragma_table_info('journal')"));
        Assert.Equal(
            ["journal_created_idx", "journal_sequence_number_idx", "journal_uq", "snapshot_created_idx", "snapshot_sequence_number_idx", "tags_persistence_id_sequence_nr_idx", "tags_tag_idx"],
            Strings(connection, "SELECT name FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL ORDER BY name"));
        Assert.Equal(["wal"], Strings(connection, "PRAGMA journal_mode"));
    }

    [Fact]
    public async Task Deleting_removes_the_rows_below_and_marks_the_last_one()
    {
        using var store = Open();
        await store.Append([.. Enumerable.Range(1, 5).Select(n => StoreFixture.Row("a", n))]);
        await store.Delete("a", 3);
        using var connection = Connect();

        Assert.Equal(["3:1", "4:0", "5:0"], Strings(connection, "SELECT sequence_number || ':' || deleted FROM journal ORDER BY ordering"));
    }

    [Fact]
    public async Task Writes_that_wait_share_a_commit()
    {
        using var store = Open();
        await store.Append(StoreFixture.Row("warm", 1));
        using var other = Connect();

        // While another program holds the lock, the writes pile up behind the first.
        Execute(other, "BEGIN IMMEDIATE");
        var first = store.Append(StoreFixture.Row("first", 1));
        var rest = Enumerable.Range(0, 200).Select(i => store.Append(StoreFixture.Row("p" + i, 1))).ToList();
        Execute(other, "COMMIT");
        await first;
        await Task.WhenAll(rest);

        Assert.InRange(store.Counters.Commits, 2, 4);
        Assert.Equal(202, store.Counters.Events);
    }

    [Fact]
    public async Task A_closed_store_answers_instead_of_hanging()
    {
        var store = Open();
        await store.Append(StoreFixture.Row("a", 1));
        store.Dispose();

        Assert.Equal(StoreFault.Unavailable, (await store.Append(StoreFixture.Row("a", 2)))?.Fault);
        await Assert.ThrowsAsync<StoreException>(() => store.HighestSequenceNr("a"));
    }

    private SqliteConnection Connect()
    {
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Run(string sql)
    {
        using var connection = Connect();
        Execute(connection, sql);
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static List<string> Strings(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(reader.GetString(0));
        }

        return found;
    }

    /// <summary>SQLite on a disk that has room for 64 pages, while it is <see cref="Full"/>.</summary>
    private sealed class SmallDisk(string file) : SqlDialect
    {
        private readonly SqliteDialect _inner = new($"Data Source={file}");

        public bool Full { get; set; } = true;

        public override string Begin => _inner.Begin;

        public override int Readers => _inner.Readers;

        public override System.Data.Common.DbConnection OpenWriter()
        {
            var connection = _inner.OpenWriter();
            Execute(connection, Full ? "PRAGMA max_page_count = 64" : "PRAGMA max_page_count = 1000000");
            return connection;
        }

        public override System.Data.Common.DbConnection OpenReader() => _inner.OpenReader();

        public override void Initialize(System.Data.Common.DbConnection connection, bool autoInitialize) => _inner.Initialize(connection, autoInitialize);

        public override StoreException Explain(Exception e) => _inner.Explain(e);
    }
}

using Actors.Persistence.Stores;
using Npgsql;

namespace EngineTests.Persisting;

/// <summary>
/// A schema of its own in a PostgreSQL server that someone provides: <c>MONITOR_TEST_POSTGRES="Host=…;Username=…;Password=…;Database=…"</c>.
/// Without one its tests are skipped and say so.
/// </summary>
internal sealed class PostgresSchema : IDisposable
{
    public const string Variable = "MONITOR_TEST_POSTGRES";

    private readonly string _server = Environment.GetEnvironmentVariable(Variable) ?? "";

    private readonly string _name = "t" + Guid.NewGuid().ToString("N");

    public PostgresSchema() => Run($"CREATE SCHEMA {_name}");

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { SearchPath = _name }.ToString();

    public void Dispose() => Run($"DROP SCHEMA {_name} CASCADE");

    public void Run(string sql)
    {
        using var connection = new NpgsqlConnection(_server + ";Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql.Replace("SCHEMA_HERE", _name, StringComparison.Ordinal), connection);
        command.ExecuteNonQuery();
    }
}

[NeedsVariable(PostgresSchema.Variable)]
public sealed class PostgresJournalTests : JournalContract
{
    private PostgresSchema? _schema;

    private protected override IEventStore OpenStore() =>
        new SqlStore(new PostgresDialect((_schema ??= new PostgresSchema()).ConnectionString), autoInitialize: true, TimeProvider.System);

    protected override void CleanUp() => _schema?.Dispose();

    [ContractFact]
    public async Task Another_programs_table_is_refused()
    {
        _schema = new PostgresSchema();
        _schema.Run("CREATE TABLE SCHEMA_HERE.journal(id INTEGER)");
        using var store = OpenStore();
        Assert.Contains("no column 'ordering'", (await store.Append(StoreFixture.Row("a", 1)))?.Message);
    }

    [Fact]
    public async Task A_server_that_is_not_there_fails_in_one_line()
    {
        using var store = new SqlStore(new PostgresDialect("Host=127.0.0.1;Port=1;Username=x;Database=y;Timeout=3"), true, TimeProvider.System);
        var error = await store.Append(StoreFixture.Row("a", 1));
        Assert.Equal(StoreFault.Unavailable, error?.Fault);
        Assert.Contains("no answer from database 'y' on 127.0.0.1:1", error?.Message);
        Assert.DoesNotContain('\n', error?.Message ?? "");
    }
}

[NeedsVariable(PostgresSchema.Variable)]
public sealed class PostgresSnapshotTests : SnapshotContract
{
    private PostgresSchema? _schema;

    private protected override IEventStore OpenStore() =>
        new SqlStore(new PostgresDialect((_schema ??= new PostgresSchema()).ConnectionString), autoInitialize: true, TimeProvider.System);

    protected override void CleanUp() => _schema?.Dispose();
}

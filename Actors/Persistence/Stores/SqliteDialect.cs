using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace Actors.Persistence.Stores;

/// <summary>SQLite: write-ahead log, so that readers never wait for the writer, and <c>synchronous=FULL</c>, so that what is acked is on the disk.</summary>
internal sealed class SqliteDialect : SqlDialect
{
    private const int BusySeconds = 5;

    // https://www.sqlite.org/rescode.html
    private const int SqlitePerm = 3;
    private const int SqliteBusy = 5;
    private const int SqliteLocked = 6;
    private const int SqliteReadOnly = 8;
    private const int SqliteIoError = 10;
    private const int SqliteCorrupt = 11;
    private const int SqliteFull = 13;
    private const int SqliteCantOpen = 14;
    private const int SqliteConstraint = 19;
    private const int SqliteNotADatabase = 26;

    private const string CreateTables = """
        BEGIN IMMEDIATE;
        CREATE TABLE IF NOT EXISTS journal(
          ordering INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
          created BIGINT NOT NULL,
          deleted BIT NOT NULL,
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          message VARBINARY NOT NULL,
          manifest NVARCHAR(500) NULL,
          identifier INTEGER NULL,
          writer_uuid NVARCHAR(128) NULL);
        CREATE UNIQUE INDEX IF NOT EXISTS journal_uq ON journal(persistence_id, sequence_number);
        CREATE INDEX IF NOT EXISTS journal_created_idx ON journal(created);
        CREATE INDEX IF NOT EXISTS journal_sequence_number_idx ON journal(sequence_number);
        CREATE TABLE IF NOT EXISTS tags(
          ordering_id INTEGER NOT NULL,
          tag NVARCHAR(64) NOT NULL,
          sequence_nr BIGINT NOT NULL,
          persistence_id NVARCHAR(255) NOT NULL,
          PRIMARY KEY(ordering_id, tag));
        CREATE INDEX IF NOT EXISTS tags_persistence_id_sequence_nr_idx ON tags(persistence_id, sequence_nr);
        CREATE INDEX IF NOT EXISTS tags_tag_idx ON tags(tag);
        CREATE TABLE IF NOT EXISTS snapshot(
          persistence_id NVARCHAR(255) NOT NULL,
          sequence_number BIGINT NOT NULL,
          created BIGINT NOT NULL,
          snapshot VARBINARY NOT NULL,
          manifest NVARCHAR(500) NULL,
          serializer_id INTEGER NULL,
          PRIMARY KEY(persistence_id, sequence_number));
        CREATE INDEX IF NOT EXISTS snapshot_sequence_number_idx ON snapshot(sequence_number);
        CREATE INDEX IF NOT EXISTS snapshot_created_idx ON snapshot(created);
        COMMIT;
        """;

    private readonly string _connectionString;
    private readonly string _database;

    /// <summary>Speaks to the file of this connection string.</summary>
    public SqliteDialect(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString)
        {
            // Our few connections live as long as the store; a pool would keep the file open after they close.
            Pooling = false,
            DefaultTimeout = BusySeconds,
        };
        _connectionString = builder.ToString();
        _database = builder.DataSource;
    }

    /// <inheritdoc/>
    public override string Begin => "BEGIN IMMEDIATE";

    /// <inheritdoc/>
    public override int Readers => 2;

    /// <inheritdoc/>
    public override DbConnection OpenWriter()
    {
        var connection = Open();
        try
        {
            // auto_vacuum counts only before the first table is made: then deleted history can give its space back.
            Execute(connection, $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA auto_vacuum=INCREMENTAL");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override DbConnection OpenReader()
    {
        var connection = Open();
        try
        {
            Execute(connection, $"PRAGMA busy_timeout={BusySeconds * 1000}; PRAGMA query_only=ON");
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public override void Initialize(DbConnection connection, bool autoInitialize)
    {
        var tables = Strings(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'");
        if (tables.Count == 0 && Strings(connection, "PRAGMA application_id") is [not "0"])
        {
            throw new StoreException(StoreFault.Refused, $"{_database} belongs to another program (its application_id is set); nothing was written to it: name another file, or move it away");
        }

        // Nothing before this line may change the file: it could be anyone's.
        Initialize(connection, _database, autoInitialize, tables, t => Strings(connection, $"SELECT name FROM pragma_table_info('{t}')"), "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; " + CreateTables);
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");

        // Reads one page of each index that recovery needs, so that a damaged file is told at the start.
        Strings(connection, "SELECT ordering FROM journal ORDER BY ordering DESC LIMIT 1");
        Strings(connection, "SELECT persistence_id FROM journal ORDER BY persistence_id, sequence_number LIMIT 1");
        Strings(connection, "SELECT persistence_id FROM snapshot ORDER BY persistence_id, sequence_number LIMIT 1");
    }

    /// <inheritdoc/>
    public override StoreException Explain(Exception e) => e switch
    {
        StoreException known => known,
        SqliteException sqlite => Explain(sqlite),
        _ => new StoreException(StoreFault.Other, $"{_database}: {e.Message}", e),
    };

    private StoreException Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        SqliteNotADatabase => new(StoreFault.Refused, $"{_database} is not an SQLite database; nothing was written to it: name another file, or move it away", e),
        SqliteCorrupt => new(StoreFault.Refused, $"{_database} is damaged ({e.Message}): restore a backup, or move it away to begin anew", e),
        SqliteFull => new(StoreFault.Unavailable, $"no space left for {_database}: free some, writing goes on by itself", e),
        SqliteBusy or SqliteLocked => new(StoreFault.Unavailable, $"{_database} has been locked by another program for {BusySeconds} s: end that program", e),
        SqliteReadOnly or SqlitePerm => new(StoreFault.Unavailable, $"{_database} can't be written (read-only file, folder or file system): give write permission to it and its folder", e),
        SqliteCantOpen => new(StoreFault.Unavailable, $"can't open {_database}: does its folder exist, and may this user write to it?", e),
        SqliteIoError => new(StoreFault.Unavailable, $"the disk of {_database} fails ({e.Message}): look at the system's log", e),
        SqliteConstraint => new(StoreFault.Fenced, $"{_database}: {e.Message}", e),
        _ => new(StoreFault.Other, $"{_database}: {e.Message}", e),
    };

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}

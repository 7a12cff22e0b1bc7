using System.Data;
using System.Data.Common;

namespace Actors.Persistence.Stores;

/// <summary>One connection and its prepared statements: does writes inside a transaction. Used by one thread.</summary>
internal sealed class SqlWriter : IDisposable
{
    private readonly DbConnection _connection;
    private readonly TimeProvider _time;
    private readonly DbCommand _begin;
    private readonly DbCommand _commit;
    private readonly DbCommand _rollback;
    private readonly DbCommand _insert;
    private readonly DbCommand _deleteBelow;
    private readonly DbCommand _markDeleted;
    private readonly DbCommand _deleteSnapshots;
    private readonly DbCommand _putSnapshot;

    /// <summary>Takes over an open connection.</summary>
    public SqlWriter(DbConnection connection, SqlDialect dialect, TimeProvider time)
    {
        _connection = connection;
        _time = time;
        _begin = Command(dialect.Begin);
        _commit = Command("COMMIT");
        _rollback = Command("ROLLBACK");
        _insert = Command(
            "INSERT INTO journal(created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES (@created, FALSE, @id, @nr, @message, @manifest, @identifier, @writer)",
            ("@created", DbType.Int64), ("@id", DbType.String), ("@nr", DbType.Int64), ("@message", DbType.Binary), ("@manifest", DbType.String), ("@identifier", DbType.Int32), ("@writer", DbType.String));

        // The highest of them stays, marked: a sequence number is never given out twice.
        _deleteBelow = Command(
            "DELETE FROM journal WHERE persistence_id = @id AND sequence_number < (SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id AND sequence_number <= @to)",
            ("@id", DbType.String), ("@to", DbType.Int64));
        _markDeleted = Command(
            "UPDATE journal SET deleted = TRUE WHERE persistence_id = @id AND sequence_number <= @to AND deleted = FALSE",
            ("@id", DbType.String), ("@to", DbType.Int64));
        _putSnapshot = Command(
            "INSERT INTO snapshot(persistence_id, sequence_number, created, snapshot, manifest, serializer_id) VALUES (@id, @nr, @created, @snapshot, @manifest, @identifier) "
            + "ON CONFLICT(persistence_id, sequence_number) DO UPDATE SET created = excluded.created, snapshot = excluded.snapshot, manifest = excluded.manifest, serializer_id = excluded.serializer_id",
            ("@id", DbType.String), ("@nr", DbType.Int64), ("@created", DbType.Int64), ("@snapshot", DbType.Binary), ("@manifest", DbType.String), ("@identifier", DbType.Int32));
        _deleteSnapshots = Command(
            "DELETE FROM snapshot WHERE persistence_id = @id AND sequence_number BETWEEN @minnr AND @maxnr AND created BETWEEN @mintime AND @maxtime",
            ("@id", DbType.String), ("@minnr", DbType.Int64), ("@maxnr", DbType.Int64), ("@mintime", DbType.Int64), ("@maxtime", DbType.Int64));
    }

    /// <summary>Does all of it in one transaction, or nothing.</summary>
    public void Commit(IEnumerable<StoreWork> batch)
    {
        _begin.ExecuteNonQuery();
        try
        {
            foreach (var work in batch)
            {
                Apply(work);
            }

            _commit.ExecuteNonQuery();
        }
        catch
        {
            RollBack();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var command in new[] { _begin, _commit, _rollback, _insert, _deleteBelow, _markDeleted, _deleteSnapshots, _putSnapshot })
        {
            command.Dispose();
        }

        _connection.Dispose();
    }

    private void Apply(StoreWork work)
    {
        switch (work)
        {
            case AppendEvents append:
                foreach (var row in append.Rows)
                {
                    Append(row);
                }

                break;
            case DeleteEvents delete:
                Run(_deleteBelow, delete.PersistenceId, delete.ToSequenceNr);
                Run(_markDeleted, delete.PersistenceId, delete.ToSequenceNr);
                break;
            case PutSnapshot { Row: var row }:
                Run(_putSnapshot, row.PersistenceId, row.SequenceNr, row.CreatedTicks, row.Payload, row.Manifest, row.SerializerId);
                break;
            case DeleteSnapshotRows { Criteria: var criteria } delete:
                Run(_deleteSnapshots, delete.PersistenceId, criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0L, criteria.MaxTimeStamp.Ticks);
                break;
            case Barrier:
                break;
            default:
                throw new NotSupportedException(work.GetType().Name);
        }
    }

    private void Append(JournalRow row)
    {
        try
        {
            Run(_insert, _time.GetUtcNow().Ticks, row.PersistenceId, row.SequenceNr, row.Payload, row.Manifest, row.SerializerId, row.WriterUuid);
        }
        catch (DbException e) when (IsKeyTaken(e))
        {
            throw StoreException.Fenced(row, e);
        }
    }

    // SQLITE_CONSTRAINT_UNIQUE, or SQLSTATE unique_violation: both drivers give the state by one property or the other.
    private static bool IsKeyTaken(DbException e) =>
        e.SqlState == "23505" || e is Microsoft.Data.Sqlite.SqliteException { SqliteExtendedErrorCode: 2067 };

    private static void Run(DbCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private void RollBack()
    {
        try
        {
            _rollback.ExecuteNonQuery();
        }
        catch (DbException)
        {
            // SQLite rolls back by itself when the disk is full; the failure that led here is the one to tell.
        }
    }

    private DbCommand Command(string sql, params ReadOnlySpan<(string Name, DbType Type)> parameters)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, type) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.DbType = type;
            command.Parameters.Add(parameter);
        }

        command.Prepare();
        return command;
    }
}

using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;

namespace Actors.Persistence.Stores;

/// <summary>
/// Journal and snapshots in an SQL database. One thread writes: all writes that wait when a commit begins share its transaction,
/// so that many actors pay for one sync of the disk. Reads have connections of their own.
/// </summary>
internal sealed class SqlStore : IEventStore
{
    private readonly SqlDialect _dialect;
    private readonly bool _autoInitialize;
    private readonly TimeProvider _time;
    private readonly Lock _openGate = new();
    private readonly object _gate = new();
    private readonly SemaphoreSlim _reads;
    private readonly ConcurrentBag<DbConnection> _readers = [];
    private List<StoreWork> _waiting = [];
    private Thread? _thread;
    private SqlWriter? _writer;
    private bool _initialized;
    private volatile bool _closing;

    /// <summary>Nothing is opened before the first use.</summary>
    public SqlStore(SqlDialect dialect, bool autoInitialize, TimeProvider time)
    {
        _dialect = dialect;
        _autoInitialize = autoInitialize;
        _time = time;
        _reads = new SemaphoreSlim(dialect.Readers);
    }

    /// <inheritdoc/>
    public StoreCounters Counters { get; } = new();

    /// <inheritdoc/>
    public void Submit(StoreWork work)
    {
        lock (_gate)
        {
            if (!_closing)
            {
                _waiting.Add(work);
                if (_thread is null)
                {
                    _thread = new Thread(WriteLoop) { Name = "journal writer", IsBackground = true };
                    _thread.Start();
                }

                Monitor.Pulse(_gate);
                return;
            }
        }

        work.Done(Closed());
    }

    /// <inheritdoc/>
    public async Task<long> HighestSequenceNr(string persistenceId)
    {
        await WrittenSoFar().ConfigureAwait(false);
        return await Reading(connection =>
        {
            using var command = Query(connection, "SELECT MAX(sequence_number) FROM journal WHERE persistence_id = @id", ("@id", persistenceId));
            return command.ExecuteScalar() is long highest ? highest : 0L;
        }).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<JournalRow>> Read(string persistenceId, long from, long to, int maxRows) => Reading<IReadOnlyList<JournalRow>>(connection =>
    {
        using var command = Query(
            connection,
            "SELECT sequence_number, identifier, manifest, message, writer_uuid FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to AND deleted = FALSE ORDER BY sequence_number LIMIT @max",
            ("@id", persistenceId), ("@from", from), ("@to", to), ("@max", maxRows));
        using var reader = command.ExecuteReader();
        var rows = new List<JournalRow>();
        var bytes = 0L;
        while (bytes < ReadLimits.MaxBytes && reader.Read())
        {
            var row = new JournalRow(persistenceId, reader.GetInt64(0), Number(reader, 1), Text(reader, 2), (byte[])reader.GetValue(3), Text(reader, 4));
            bytes += row.Payload.Length;
            rows.Add(row);
        }

        return rows;
    });

    /// <inheritdoc/>
    public Task<SnapshotRow?> LoadSnapshot(string persistenceId, SnapshotSelectionCriteria criteria) => Reading<SnapshotRow?>(connection =>
    {
        using var command = Query(
            connection,
            "SELECT sequence_number, created, serializer_id, manifest, snapshot FROM snapshot WHERE persistence_id = @id AND sequence_number BETWEEN @minnr AND @maxnr AND created BETWEEN @mintime AND @maxtime ORDER BY sequence_number DESC LIMIT 1",
            ("@id", persistenceId), ("@minnr", criteria.MinSequenceNr), ("@maxnr", criteria.MaxSequenceNr), ("@mintime", criteria.MinTimestamp?.Ticks ?? 0L), ("@maxtime", criteria.MaxTimeStamp.Ticks));
        using var reader = command.ExecuteReader();
        return reader.Read()
            ? new SnapshotRow(persistenceId, reader.GetInt64(0), reader.GetInt64(1), Number(reader, 2), Text(reader, 3), (byte[])reader.GetValue(4))
            : null;
    });

    /// <summary>Writes what waits, then closes the database.</summary>
    public void Dispose()
    {
        Thread? thread;
        lock (_gate)
        {
            _closing = true;
            thread = _thread;
            Monitor.Pulse(_gate);
        }

        thread?.Join();
        while (_readers.TryTake(out var reader))
        {
            reader.Dispose();
        }
    }

    private static StoreException Closed() => new(StoreFault.Unavailable, "the journal is closed: the actor system is stopping");

    private static int Number(DbDataReader reader, int column) => reader.IsDBNull(column) ? 0 : reader.GetInt32(column);

    private static string Text(DbDataReader reader, int column) => reader.IsDBNull(column) ? "" : reader.GetString(column);

    private static DbCommand Query(DbConnection connection, string sql, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value;
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private Task WrittenSoFar()
    {
        lock (_gate)
        {
            if (_thread is null || _closing)
            {
                return Task.CompletedTask;
            }
        }

        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Submit(new Barrier { Done = _ => done.SetResult() });
        return done.Task;
    }

    private void WriteLoop()
    {
        var batch = new List<StoreWork>();
        while (NextBatch(ref batch))
        {
            Write(batch);
            batch.Clear();
        }

        _writer?.Dispose();
    }

    private bool NextBatch(ref List<StoreWork> batch)
    {
        lock (_gate)
        {
            while (_waiting.Count == 0)
            {
                if (_closing)
                {
                    return false;
                }

                Monitor.Wait(_gate);
            }

            (_waiting, batch) = (batch, _waiting);
            return true;
        }
    }

    private void Write(List<StoreWork> batch)
    {
        var error = batch.TrueForAll(w => w is Barrier) ? null : TryCommit(batch);
        if (error is { Fault: StoreFault.Fenced or StoreFault.Other } && batch.Count > 1)
        {
            // Only the write at fault may suffer: each on its own.
            foreach (var work in batch)
            {
                List<StoreWork> alone = [work];
                Answer(alone, TryCommit(alone));
            }

            return;
        }

        Answer(batch, error);
    }

    private void Answer(List<StoreWork> batch, StoreException? error)
    {
        if (error is not null)
        {
            Counters.Failed(batch.Count);
        }

        foreach (var work in batch)
        {
            work.Done(error);
        }
    }

    private StoreException? TryCommit(List<StoreWork> batch)
    {
        var started = _time.GetTimestamp();
        try
        {
            _writer ??= new SqlWriter(OpenWriter(), _dialect, _time);
            _writer.Commit(batch);
            Counters.Committed(batch, _time.GetElapsedTime(started));
            return null;
        }
        catch (StoreException e) when (e.Fault == StoreFault.Fenced)
        {
            return e;
        }
        catch (Exception e) when (e is DbException or StoreException or InvalidOperationException or IOException)
        {
            // Whatever it was, the next attempt begins with a fresh connection: that heals more than it costs.
            _writer?.Dispose();
            _writer = null;
            return _dialect.Explain(e);
        }
    }

    private DbConnection OpenWriter()
    {
        lock (_openGate)
        {
            var connection = _dialect.OpenWriter();
            try
            {
                _dialect.Initialize(connection, _autoInitialize);
                _initialized = true;
                return connection;
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
    }

    private void EnsureInitialized()
    {
        lock (_openGate)
        {
            if (!_initialized)
            {
                OpenWriter().Dispose();
            }
        }
    }

    private async Task<T> Reading<T>(Func<DbConnection, T> read)
    {
        await _reads.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => ReadNow(read)).ConfigureAwait(false);
        }
        finally
        {
            _reads.Release();
        }
    }

    private T ReadNow<T>(Func<DbConnection, T> read)
    {
        if (_closing)
        {
            throw Closed();
        }

        DbConnection? connection = null;
        try
        {
            EnsureInitialized();
            connection = _readers.TryTake(out var idle) ? idle : _dialect.OpenReader();
            var result = read(connection);
            GiveBack(connection);
            return result;
        }
        catch (Exception e) when (e is DbException or StoreException or InvalidOperationException or IOException)
        {
            connection?.Dispose();
            throw _dialect.Explain(e);
        }
    }

    private void GiveBack(DbConnection connection)
    {
        _readers.Add(connection);
        if (_closing && _readers.TryTake(out var late))
        {
            late.Dispose();
        }
    }
}

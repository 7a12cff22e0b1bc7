using ClusterMonitor.Messages;
using Microsoft.Data.Sqlite;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>Reads a node's blocks straight from the journal, beside the actors.</summary>
internal interface INodeJournal
{
    /// <summary>The blocks among these events, ascending.</summary>
    /// <exception cref="QueryRefusedException">The journal can't be read now.</exception>
    IEnumerable<BlockStored> Read(string persistenceId, IReadOnlyList<SequenceRange> ranges);
}

/// <summary>The journal in an SQLite file of Akka.Persistence.Sql's default layout.</summary>
internal sealed class SqliteNodeJournal : INodeJournal
{
    private readonly string _connectionString;

    /// <summary>Reads the database that the actors write.</summary>
    /// <param name="connectionString">As in <c>akka.persistence.journal.sql.connection-string</c>.</param>
    public SqliteNodeJournal(string connectionString) =>
        _connectionString = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ToString();

    /// <inheritdoc/>
    public IEnumerable<BlockStored> Read(string persistenceId, IReadOnlyList<SequenceRange> ranges)
    {
        if (ranges.Count == 0)
        {
            yield break;
        }

        // Pooled: opening costs a hundred microseconds, and the pool closes what is idle.
        using var connection = new SqliteConnection(_connectionString);
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE persistence_id = $id AND sequence_number BETWEEN $from AND $to AND deleted = 0 AND identifier = $serializer AND manifest = $manifest ORDER BY sequence_number";
        command.Parameters.AddWithValue("$id", persistenceId);
        var from = command.Parameters.AddWithValue("$from", 0L);
        var to = command.Parameters.AddWithValue("$to", 0L);
        command.Parameters.AddWithValue("$serializer", MonitorSerializer.SerializerIdentifier);
        command.Parameters.AddWithValue("$manifest", "j8");
        foreach (var range in ranges)
        {
            from.Value = range.From;
            to.Value = range.To;
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                yield return BlockStored.Parser.ParseFrom((byte[])reader.GetValue(0));
            }
        }
    }
}

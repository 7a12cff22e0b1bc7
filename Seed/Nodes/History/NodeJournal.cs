using System.Data.Common;
using ClusterMonitor.Messages;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>Reads a node's blocks straight from the journal, beside the actors.</summary>
internal interface INodeJournal
{
    /// <summary>The blocks among these events, ascending.</summary>
    /// <exception cref="DbException">The journal can't be read now.</exception>
    IEnumerable<BlockStored> Read(string persistenceId, IReadOnlyList<SequenceRange> ranges);
}

/// <summary>The journal in a database of Akka.Persistence.Sql's default layout.</summary>
internal sealed class SqlNodeJournal : INodeJournal
{
    private const string Plugin = "akka.persistence.journal.sql";

    private readonly Func<DbConnection> _connect;

    private SqlNodeJournal(Func<DbConnection> connect) => _connect = connect;

    /// <summary>The database that the actors of this configuration write.</summary>
    public static SqlNodeJournal Of(Config config)
    {
        var connection = config.GetString(Plugin + ".connection-string") ?? "";
        var provider = config.GetString(Plugin + ".provider-name") ?? "";
        return provider.StartsWith("PostgreSQL", StringComparison.OrdinalIgnoreCase) ? Postgres(connection) : Sqlite(connection);
    }

    /// <summary>A journal in an SQLite file. It is never made by reading it.</summary>
    public static SqlNodeJournal Sqlite(string connectionString)
    {
        var text = new SqliteConnectionStringBuilder(connectionString) { Mode = SqliteOpenMode.ReadWrite, DefaultTimeout = 5 }.ToString();
        return new SqlNodeJournal(() => new SqliteConnection(text));
    }

    /// <summary>A journal on a PostgreSQL server.</summary>
    public static SqlNodeJournal Postgres(string connectionString) => new(() => new NpgsqlConnection(connectionString));

    /// <inheritdoc/>
    public IEnumerable<BlockStored> Read(string persistenceId, IReadOnlyList<SequenceRange> ranges)
    {
        if (ranges.Count == 0)
        {
            yield break;
        }

        // Pooled by both drivers: opening costs little, and what is idle is closed.
        using var connection = _connect();
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT message FROM journal WHERE persistence_id = @id AND sequence_number BETWEEN @from AND @to AND deleted = FALSE AND identifier = @serializer AND manifest = @manifest ORDER BY sequence_number";
        Add(command, "@id", persistenceId);
        Add(command, "@serializer", MonitorSerializer.SerializerIdentifier);
        Add(command, "@manifest", BlockManifest);
        var from = Add(command, "@from", 0L);
        var to = Add(command, "@to", 0L);
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

    private static string BlockManifest { get; } = MonitorSerializer.ManifestOf(typeof(BlockStored));

    private static DbParameter Add(DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        parameter.ParameterName = name;
        parameter.Value = value;
        command.Parameters.Add(parameter);
        return parameter;
    }
}

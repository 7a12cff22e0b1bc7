using System.Data.Common;

namespace Actors.Persistence.Stores;

/// <summary>What differs from database to database. The tables are those of Akka.Persistence.Sql's default layout.</summary>
internal abstract class SqlDialect
{
    /// <summary>Columns that each table must have; one more is forgiven, one less is another program's table.</summary>
    protected static readonly (string Table, string[] Columns)[] Layout =
    [
        ("journal", ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"]),
        ("tags", ["ordering_id", "tag", "sequence_nr", "persistence_id"]),
        ("snapshot", ["persistence_id", "sequence_number", "created", "snapshot", "manifest", "serializer_id"]),
    ];

    /// <summary>Starts a transaction that will write.</summary>
    public abstract string Begin { get; }

    /// <summary>How many reads may run side by side.</summary>
    public abstract int Readers { get; }

    /// <summary>Opens a connection for the one writer.</summary>
    public abstract DbConnection OpenWriter();

    /// <summary>Opens a connection that only reads.</summary>
    public abstract DbConnection OpenReader();

    /// <summary>Looks at the database before its first use: makes the tables if they are not there and may be made, refuses it if they are another program's.</summary>
    /// <exception cref="StoreException">It is refused.</exception>
    public abstract void Initialize(DbConnection connection, bool autoInitialize);

    /// <summary>The failure in our words.</summary>
    public abstract StoreException Explain(Exception e);

    /// <summary>Runs statements that return nothing.</summary>
    protected static void Execute(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>The first column of every row.</summary>
    protected static List<string> Strings(DbConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read())
        {
            found.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture) ?? "");
        }

        return found;
    }

    /// <summary>Creates what is missing of the layout, or says why not.</summary>
    protected static void Initialize(
        DbConnection connection,
        string database,
        bool autoInitialize,
        IReadOnlyCollection<string> existingTables,
        Func<string, List<string>> columnsOf,
        string createTables)
    {
        var missing = Layout.Where(t => !existingTables.Contains(t.Table)).Select(t => t.Table).ToList();
        var foreign = existingTables.Count > 0 && missing.Count == Layout.Length;
        if (foreign)
        {
            throw new StoreException(StoreFault.Refused, $"{database} belongs to another program (it has a table '{existingTables.First()}' and no journal); nothing was written to it: name another database, or move it away");
        }

        foreach (var (table, columns) in Layout.Where(t => !missing.Contains(t.Table)))
        {
            var lacking = columns.Except(columnsOf(table), StringComparer.OrdinalIgnoreCase).ToList();
            if (lacking.Count > 0)
            {
                throw new StoreException(StoreFault.Refused, $"{database} belongs to another program (its table '{table}' has no column '{lacking[0]}'); nothing was written to it: name another database, or move it away");
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        if (!autoInitialize)
        {
            throw new StoreException(StoreFault.Refused, $"{database} has no table '{missing[0]}': set auto-initialize = on, or create it");
        }

        Execute(connection, createTables);
    }
}

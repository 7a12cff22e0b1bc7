namespace Actors.Persistence.Stores;

/// <summary>Why a store could not do what it was asked.</summary>
internal enum StoreFault
{
    /// <summary>Anything else; the message tells.</summary>
    Other,

    /// <summary>Another writer has taken this sequence number.</summary>
    Fenced,

    /// <summary>The database is not one of ours, or is damaged. Nothing is written to it.</summary>
    Refused,

    /// <summary>Disk full, locked, read-only, unreachable: may heal by itself, the next attempt opens it anew.</summary>
    Unavailable,
}

/// <summary>A store's failure, told in one line that says what to do.</summary>
internal sealed class StoreException : Exception
{
    /// <summary>Makes a failure.</summary>
    public StoreException(StoreFault fault, string message, Exception? cause = null)
        : base(message, cause)
    {
        Fault = fault;
    }

    /// <summary>What kind it is.</summary>
    public StoreFault Fault { get; }

    /// <summary>The failure of a writer that is no longer the only one.</summary>
    public static StoreException Fenced(JournalRow row, Exception? cause = null) => new(
        StoreFault.Fenced,
        $"another writer holds persistence id '{row.PersistenceId}': its event {row.SequenceNr} is in the journal already; stop one of the two programs that use this database",
        cause);
}

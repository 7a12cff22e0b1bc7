using Actors.Configuration;
using Actors.Core;
using Actors.Persistence.Stores;
using Actors.Serialization;

namespace Actors.Persistence;

/// <summary>What the persistent actors of a system share: the store, the permits to recover, the clock. Opened by the first of them.</summary>
internal sealed class PersistenceExtension : IExtension
{
    private readonly ExtendedActorSystem _system;

    private PersistenceExtension(ExtendedActorSystem system, IEventStore store)
    {
        _system = system;
        Store = store;
        Permits = new RecoveryPermits(Math.Max(1, system.Settings.Config.GetInt("akka.persistence.max-concurrent-recoveries", 64)));
    }

    /// <summary>Journal and snapshots.</summary>
    public IEventStore Store { get; }

    /// <summary>How many actors may recover at once.</summary>
    public RecoveryPermits Permits { get; }

    /// <summary>The system's clock, UTC.</summary>
    public DateTime Now => _system.Impl.TimeProvider.GetUtcNow().UtcDateTime;

    /// <summary>The system's instance.</summary>
    public static PersistenceExtension Get(ActorSystem system) => new Id().Get(system);

    /// <summary>A name for an incarnation of an actor, as its events carry it.</summary>
    public string NewWriterUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _system.Impl.Random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    /// <summary>What is kept of a message: the serializer's identifier, the manifest, the bytes.</summary>
    /// <exception cref="Exception">It has no serializer, or its serializer fails.</exception>
    public (int Identifier, string Manifest, byte[] Payload) Serialize(object message)
    {
        var serializer = _system.Serialization.FindSerializerFor(message);
        return (serializer.Identifier, Serialization.Serialization.ManifestFor(serializer, message), serializer.ToBinary(message));
    }

    /// <summary>The message that was kept.</summary>
    /// <param name="payload">Its bytes.</param>
    /// <param name="identifier">Its serializer.</param>
    /// <param name="manifest">Its manifest.</param>
    /// <param name="what">What it is, for the error.</param>
    /// <exception cref="StoreException">It can't be read.</exception>
    public object Deserialize(byte[] payload, int identifier, string manifest, string what)
    {
        try
        {
            return _system.Serialization.Deserialize(payload, identifier, manifest);
        }
        catch (Exception e)
        {
            throw new StoreException(StoreFault.Refused, $"{what} can't be read: {e.Message}", e);
        }
    }

    private static IEventStore Open(ExtendedActorSystem system)
    {
        if (system.Settings.Setup.Get<EventStoreSetup>() is { HasValue: true, Value: var given })
        {
            return given.Store;
        }

        var time = system.Impl.TimeProvider;
        var plugin = system.Settings.Config.GetString("akka.persistence.journal.plugin", "") ?? "";
        if (plugin is "" or "akka.persistence.journal.inmem")
        {
            return new MemoryStore();
        }

        var config = system.Settings.Config.GetConfig(plugin)
            ?? throw new ConfigurationException($"{plugin} is missing: akka.persistence.journal.plugin names it");
        var connection = config.GetString("connection-string", "") ?? "";
        if (connection.Length == 0)
        {
            throw new ConfigurationException($"{plugin}.connection-string is missing");
        }

        var provider = config.GetString("provider-name", "") ?? "";
        return new SqlStore(Dialect(provider, connection, plugin), config.GetBoolean("auto-initialize", false), time);
    }

    private static SqlDialect Dialect(string provider, string connection, string plugin)
    {
        if (provider.Contains("sqlite", StringComparison.OrdinalIgnoreCase))
        {
            return new SqliteDialect(connection);
        }

        if (provider.StartsWith("postgresql", StringComparison.OrdinalIgnoreCase))
        {
            return new PostgresDialect(connection);
        }

        throw new ConfigurationException($"{plugin}.provider-name = \"{provider}\" is not known: it is SQLite.MS or PostgreSQL.15");
    }

    private sealed class Id : ExtensionIdProvider<PersistenceExtension>
    {
        public override PersistenceExtension CreateExtension(ExtendedActorSystem system)
        {
            var store = Open(system);
            system.RegisterOnTermination(store.Dispose);
            return new PersistenceExtension(system, store);
        }
    }
}

/// <summary>Only of the embedded engine: a store that was made outside, such as one in memory that survives its system in a test.</summary>
internal sealed class EventStoreSetup(IEventStore store) : Setup
{
    /// <summary>The store.</summary>
    public IEventStore Store { get; } = store;
}

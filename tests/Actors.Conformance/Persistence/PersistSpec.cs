namespace EngineTests.Conformance.Persisting;

/// <summary>A journal in a file of its own, and systems that use it one after the other. Runs on both engines.</summary>
public abstract class PersistSpec : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("persist-spec-").FullName;
    private readonly List<ActorSystem> _systems = [];

    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    protected Config Settings => ConfigurationFactory.ParseString($$"""
        akka.loggers = []
        akka.stdout-loglevel = OFF
        akka.persistence {
          journal.plugin = "akka.persistence.journal.sql"
          snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
          journal.sql {
            class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
            connection-string = "Data Source={{_folder}}/journal.db"
            provider-name = "SQLite.MS"
            auto-initialize = on
          }
          snapshot-store.sql {
            class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
            connection-string = "Data Source={{_folder}}/journal.db"
            provider-name = "SQLite.MS"
            auto-initialize = on
          }
        }
        """);

    /// <summary>Starts a system on the journal.</summary>
    protected ActorSystem NewSystem()
    {
        var setup = BootstrapSetup.Create().WithConfig(Settings);
        var system = ActorSystem.Create("clustermonitor", setup.And(TextSerializer.Setup));
        _systems.Add(system);
        return system;
    }

    protected static async Task<T> Ask<T>(IActorRef actor, object message) => await actor.Ask<T>(message, Patience);

    public void Dispose()
    {
        foreach (var system in _systems)
        {
            system.Terminate().Wait(Patience);
        }

        Directory.Delete(_folder, recursive: true);
        GC.SuppressFinalize(this);
    }
}

/// <summary>An event that is a text.</summary>
public sealed record Said(string Text);

/// <summary>A state that is a list of texts.</summary>
public sealed record AllSaid(string[] Texts);

/// <summary>An event without a serializer.</summary>
public sealed record Unspeakable;

/// <summary>The serializer of the specs' events and states; what it does not know it rejects.</summary>
public sealed class TextSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public static SerializationSetup Setup { get; } = SerializationSetup.Create(s =>
        [SerializerDetails.Create("text", new TextSerializer(s), [typeof(Said), typeof(AllSaid), typeof(Unspeakable)])]);

    public override int Identifier => 4711;

    public override string Manifest(object o) => o is Said ? "said" : o is AllSaid ? "all" : throw new ArgumentException($"{o.GetType().Name} can't be spoken");

    public override byte[] ToBinary(object obj) => obj switch
    {
        Said said => System.Text.Encoding.UTF8.GetBytes(said.Text),
        AllSaid all => System.Text.Encoding.UTF8.GetBytes(string.Join('\n', all.Texts)),
        _ => throw new ArgumentException($"{obj.GetType().Name} can't be spoken"),
    };

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var text = System.Text.Encoding.UTF8.GetString(bytes);
        return manifest switch
        {
            "said" => new Said(text),
            "all" => new AllSaid(text.Split('\n')),
            _ => throw new ArgumentException($"unknown manifest {manifest}"),
        };
    }
}

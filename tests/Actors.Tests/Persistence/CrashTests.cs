using System.Diagnostics;
using Actors.Persistence.Stores;

namespace EngineTests.Persisting;

/// <summary>A process that persists as fast as it can and says what was acked, one line each: <c>id number</c>.</summary>
internal static class CrashWriter
{
    public const int Actors = 20;

    public static async Task<int> Run(string database)
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.persistence.journal.plugin = "akka.persistence.journal.sql"
            akka.persistence.journal.sql { connection-string = "Data Source={{database}}", provider-name = "SQLite.MS", auto-initialize = on }
            """);
        var system = ActorSystem.Create("crash", config);
        for (var i = 0; i < Actors; i++)
        {
            var id = "p" + i;
            system.ActorOf(Props.Create(() => new Endless(id)));
        }

        await system.WhenTerminated;
        return 0;
    }

    private sealed class Endless : ReceivePersistentActor
    {
        public Endless(string id)
        {
            PersistenceId = id;
            RecoverAny(_ => { });
            Command<string>(_ => Persist("event " + (LastSequenceNr + 1), e =>
            {
                Console.Out.WriteLine($"{PersistenceId} {LastSequenceNr}");
                if (LastSequenceNr % 50 == 0)
                {
                    SaveSnapshot(e);
                    DeleteMessages(LastSequenceNr - 40);
                }

                Self.Tell("next");
            }));
            CommandAny(_ => { });
        }

        public override string PersistenceId { get; }

        protected override void PreStart() => Self.Tell("first");
    }
}

public sealed class CrashTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_writer_killed_at_any_moment_loses_nothing_that_was_acked()
    {
        var database = _folder.File("journal.db");
        var acked = new Dictionary<string, long>();
        for (var round = 1; round <= 4; round++)
        {
            await WriteUntilKilled(database, acked, lines: 150 * round);

            using var store = new SqlStore(new SqliteDialect($"Data Source={database}"), autoInitialize: false, TimeProvider.System);
            for (var i = 0; i < CrashWriter.Actors; i++)
            {
                var id = "p" + i;
                var highest = await store.HighestSequenceNr(id);
                Assert.True(highest >= acked.GetValueOrDefault(id), $"{id}: {acked.GetValueOrDefault(id)} was acked, {highest} is there");

                // What is there has no holes, and is what was written.
                var rows = await store.Read(id, 1, long.MaxValue, int.MaxValue);
                var first = rows.Count == 0 ? 1 : rows[0].SequenceNr;
                Assert.Equal(Enumerable.Range(0, rows.Count).Select(n => first + n), rows.Select(r => r.SequenceNr));
                Assert.All(rows, r => Assert.EndsWith("event " + r.SequenceNr, StoreFixture.Text(r).TrimEnd('"')));
            }
        }
    }

    private static async Task WriteUntilKilled(string database, Dictionary<string, long> acked, int lines)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(CrashTests).Assembly.Location, "crash-writer", database])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            for (var n = 0; n < lines && await Line(process) is { } line; n++)
            {
                Note(line);
            }

            Assert.False(process.HasExited, "the writer ended by itself");
        }
        finally
        {
            process.Kill();
        }

        // What it had said before it died counts too.
        while (await Line(process) is { } line)
        {
            Note(line);
        }

        await process.WaitForExitAsync().WaitAsync(StoreFixture.Patience);
        Assert.Empty(await errors);

        void Note(string line)
        {
            // The last line may be torn.
            if (line.Split(' ') is [var id, var nr] && long.TryParse(nr, out var number) && number >= acked.GetValueOrDefault(id))
            {
                acked[id] = number;
            }
        }
    }

    private static Task<string?> Line(Process process) => process.StandardOutput.ReadLineAsync().WaitAsync(StoreFixture.Patience);
}

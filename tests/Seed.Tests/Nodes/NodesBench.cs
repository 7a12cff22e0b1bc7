using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Tests.Nodes;

/// <summary>A seed's registry on a journal in a folder, with probes for its neighbours. Can be stopped and started again on the same journal.</summary>
internal sealed class NodesBench : IDisposable
{
    public const ulong SeedIncarnation = 77;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = Directory.CreateTempSubdirectory("nodes-test-").FullName;
    private TestKit? _kit;

    public NodesBench() => Start();

    public string Database => Path.Combine(_folder, "journal.db");

    public NodesSettings Settings { get; set; } = new("seed-1", SeedIncarnation) { RetryFrom = TimeSpan.FromMilliseconds(50) };

    /// <summary>The seed's clock; it stands still unless it is moved.</summary>
    public MovableClock Clock { get; } = new(DateTimeOffset.FromUnixTimeMilliseconds(NodeData.T0));

    public TestKit Kit => _kit!;

    public IActorRef Registry { get; private set; } = ActorRefs.Nobody;

    public TestProbe Membership { get; private set; } = null!;

    public TestProbe Fleet { get; private set; } = null!;

    public TestProbe Agent { get; private set; } = null!;

    public void Start()
    {
        var config = ConfigurationFactory.ParseString($$"""
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.persistence {
              journal.plugin = "akka.persistence.journal.sql"
              snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
              journal.sql {
                class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                connection-string = "Data Source={{Database}}"
                provider-name = "SQLite.MS"
                auto-initialize = on
              }
              snapshot-store.sql {
                class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                connection-string = "Data Source={{Database}}"
                provider-name = "SQLite.MS"
                auto-initialize = on
              }
            }
            """);
        _kit = new TestKit(BootstrapSetup.Create().WithConfig(config).And(MonitorSerializer.Setup), "clustermonitor");
        Membership = _kit.CreateTestProbe("membership");
        Fleet = _kit.CreateTestProbe("fleet");
        Agent = _kit.CreateTestProbe("agent");
        var world = new NodesWorld(Membership.Ref, Fleet.Ref, SqlNodeJournal.Sqlite($"Data Source={Database}"), Clock);
        var settings = Settings;
        Registry = _kit.Sys.ActorOf(Props.Create(() => new NodeRegistry(settings, world)), SeedPaths.Nodes);
    }

    public async Task Stop()
    {
        await _kit!.Sys.Terminate().WaitAsync(Patience);
        _kit = null;
    }

    public async Task Restart()
    {
        await Stop();
        Start();
    }

    public void Dispose()
    {
        _kit?.Sys.Terminate().Wait(Patience);
        Directory.Delete(_folder, recursive: true);
    }

    public static NodeHello Hello(ulong incarnation = 7, string id = "n1", string name = "web-1") => new()
    {
        NodeId = id,
        Name = name,
        Incarnation = incarnation,
        Schema = NodeData.Schema.ToProto(),
    };

    /// <summary>Says hello as an agent, admits it as membership, and gives the aggregate that answers.</summary>
    public IActorRef SayHello(NodeHello? hello = null, TestProbe? from = null)
    {
        from ??= Agent;
        Registry.Tell(hello ?? Hello(), from.Ref);
        var claim = Membership.FishForMessage<AgentClaims>(_ => true, Patience);
        Registry.Tell(new AgentAdmitted(claim.Hello, claim.Agent), Membership.Ref);
        Accepted = from.FishForMessage<HelloAccepted>(_ => true, Patience);
        return from.LastSender;
    }

    /// <summary>The last answer to a hello.</summary>
    public HelloAccepted Accepted { get; private set; } = new();

    public void SendLive(IActorRef aggregate, long n, ulong incarnation = 7, long sentMs = 0)
    {
        var sample = NodeData.Sample(n);
        var live = new LiveSample { NodeId = "n1", Incarnation = incarnation, SchemaHash = NodeData.Schema.Hash, TimeMs = sample.TimeMs, SentMs = sentMs };
        live.Values.Add(sample.Values);
        aggregate.Tell(live, Agent.Ref);
    }

    public void SendBlock(IActorRef aggregate, long sequence, long firstSample, int count = 10, ulong incarnation = 7) =>
        aggregate.Tell(NodeData.Block(incarnation, sequence, NodeData.Samples(firstSample, count)), Agent.Ref);

    /// <summary>Waits until everything up to this sequence is acked; gives the acks seen.</summary>
    public List<long> AwaitAck(long sequence)
    {
        var seen = new List<long>();
        while (seen.Count == 0 || seen[^1] < sequence)
        {
            seen.Add(Agent.FishForMessage<BlockAcked>(_ => true, Patience).Sequence);
        }

        return seen;
    }

    /// <summary>The seconds (since <see cref="NodeData.T0"/>) that the history has, and the user CPU at each in percent.</summary>
    public async Task<List<(long Second, double User)>> History(string node = "n1", long from = NodeData.T0, long to = NodeData.T0 + 3_600_000)
    {
        var query = new HistoryQuery { Node = node, FromMs = from, ToMs = to, Selectors = { NodeData.Selector("system.cpu.utilization", ("state", "user")) } };
        var answer = await Registry.Ask<object>(query, Patience);
        var series = Assert.Single(Assert.IsType<HistoryAnswer>(answer).Series);
        return [.. series.TimeMs.Zip(series.Max, (t, v) => ((t - NodeData.T0) / 1000, Math.Round(v * 100, 6)))];
    }

    public Task<T> Ask<T>(object request) => Registry.Ask<T>(request, Patience);
}

/// <summary>A clock that is moved by hand; timers run by the machine's.</summary>
internal sealed class MovableClock(DateTimeOffset now) : TimeProvider
{
    private long _ticks = now.UtcTicks;

    public override DateTimeOffset GetUtcNow() => new(Volatile.Read(ref _ticks), TimeSpan.Zero);

    public void Move(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);
}

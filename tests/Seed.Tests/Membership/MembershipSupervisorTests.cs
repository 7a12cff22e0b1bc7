using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using ClusterMonitor.Seed.Membership;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Tests.Membership;

/// <summary>The persistent actor on a journal of its own; a restart is the next actor on the same journal.</summary>
public sealed class MembershipSupervisorTests : IDisposable
{
    private static readonly Address AtB = new("akka.ssl.tcp", "clustermonitor", "10.0.0.2", 4100);

    private readonly string _folder = Directory.CreateTempSubdirectory("membership-").FullName;
    private readonly List<Life> _lives = [];

    public void Dispose()
    {
        _lives.ForEach(l => l.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private Life Start(int snapshotEvery = 1_000)
    {
        var life = new Life(_folder, snapshotEvery);
        _lives.Add(life);
        return life;
    }

    private static NodeHello Hello(string id = "id-b", string name = "b", ulong incarnation = 1) =>
        new() { NodeId = id, Name = name, Incarnation = incarnation, StartedMs = 1_000, Address = AtB.ToString() };

    /// <summary>A seed's life: one actor system with its membership.</summary>
    private sealed class Life : TestKit
    {
        private readonly List<Address> _downs = [];

        public Life(string folder, int snapshotEvery)
            : base(Hosting.MonitorSystem.Setup(Journal(folder)))
        {
            Nodes = CreateTestProbe();
            Fleet = CreateTestProbe();
            ICanTell nodes = Nodes.Ref;
            ICanTell fleet = Fleet.Ref;
            var world = new MembershipWorld(nodes, fleet, new NoPeerEvidence(), Downed, null, TimeProvider.System);
            var settings = new MembershipSettings("seed-1", 9, AvailabilityTiming.Of(600, 1_000)) { SnapshotEvery = snapshotEvery, TickEvery = TimeSpan.FromMilliseconds(50) };
            var supervisor = Props.Create(() => new MembershipSupervisor(settings, world));
            Action<string?> outcome = why => Outcome.TrySetResult(why);
            Membership = Sys.ActorOf(Props.Create(() => new MembershipKeeper(supervisor, fleet, outcome)), "membership");
        }

        public TestProbe Nodes { get; }

        public TestProbe Fleet { get; }

        public IActorRef Membership { get; }

        public TaskCompletionSource<string?> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<Address> Downs
        {
            get
            {
                lock (_downs)
                {
                    return [.. _downs];
                }
            }
        }

        public object Claim(NodeHello hello)
        {
            Membership.Tell(new AgentClaims(hello, TestActor), TestActor);
            return FishForMessage(m => m is AgentAdmitted or AgentRefused);
        }

        public void Sample(string id = "id-b", ulong incarnation = 1, long skew = 0) =>
            Membership.Tell(new SampleSeen(id, incarnation, 0, skew), TestActor);

        public StandingChanged Until(AvailabilityState state, string id = "id-b") =>
            Fleet.FishForMessage<StandingChanged>(s => s.NodeId == id && s.Standing?.State == state, TimeSpan.FromSeconds(10));

        public LedgerAnswer Ledger(string id = "id-b")
        {
            Membership.Tell(new LedgerQuery(id), TestActor);
            return ExpectMsg<LedgerAnswer>();
        }

        public void End()
        {
            Membership.Tell(new WatchEnds(), TestActor);
            ExpectMsg<Done>();
            Sys.Terminate().Wait(TimeSpan.FromSeconds(10));
        }

        private static Config Journal(string folder) => ConfigurationFactory.ParseString($$"""
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.persistence {
              journal.plugin = "akka.persistence.journal.sql"
              snapshot-store.plugin = "akka.persistence.snapshot-store.sql"
              journal.sql {
                class = "Akka.Persistence.Sql.Journal.SqlWriteJournal, Akka.Persistence.Sql"
                connection-string = "Data Source={{folder}}/journal.db"
                provider-name = "SQLite.MS"
                auto-initialize = on
              }
              snapshot-store.sql {
                class = "Akka.Persistence.Sql.Snapshot.SqlSnapshotStore, Akka.Persistence.Sql"
                connection-string = "Data Source={{folder}}/journal.db"
                provider-name = "SQLite.MS"
                auto-initialize = on
              }
            }
            """).WithFallback(DefaultConfig);

        private void Downed(Address address)
        {
            lock (_downs)
            {
                _downs.Add(address);
            }
        }
    }

    [Fact]
    public void A_new_agent_is_admitted_made_known_and_shown()
    {
        var life = Start();
        Assert.Empty(life.Nodes.ExpectMsg<NodesKnown>().Nodes);
        var admitted = Assert.IsType<AgentAdmitted>(life.Claim(Hello()));
        Assert.Equal("id-b", admitted.Hello.NodeId);
        Assert.Equal("id-b", Assert.Single(life.Nodes.ExpectMsg<NodesKnown>().Nodes).NodeId);
        Assert.Equal("b", life.Until(AvailabilityJoining).Identity?.Name);
        life.Sample();
        life.Until(AvailabilityUp);
    }

    [Fact]
    public void A_second_node_of_the_name_is_refused_and_the_refusal_is_an_event()
    {
        var life = Start();
        life.Claim(Hello());
        life.Sample();
        var refused = Assert.IsType<AgentRefused>(life.Claim(Hello("id-c")));
        Assert.Equal(HelloRefusal.NameTaken, refused.Refusal.Reason);
        life.Membership.Tell(new EventsQuery { ToMs = long.MaxValue }, life.TestActor);
        Assert.Single(life.ExpectMsg<EventsAnswer>().Refusals);
    }

    [Fact]
    public void A_silent_member_is_suspect_unreachable_taken_out_and_down_and_its_tail_sealed()
    {
        var life = Start();
        life.Claim(Hello());
        life.Membership.Tell(new MemberNews(AtB, MemberPhase.Up, IsSeed: false), life.TestActor);
        life.Sample();
        life.Until(AvailabilityUp);
        life.Until(AvailabilitySuspect);
        life.Membership.Tell(new ReachabilityNews(AtB, "seed-1"), life.TestActor);
        life.Until(AvailabilityUnreachable);
        life.AwaitAssert(() => Assert.Equal([AtB], life.Downs), TimeSpan.FromSeconds(10));
        life.Membership.Tell(new MemberGoneNews(AtB, MemberPhase.Down), life.TestActor);
        life.Until(AvailabilityDown);
        Assert.Equal(new AgentGone("id-b", 1), life.Nodes.FishForMessage<AgentGone>(_ => true));
        Assert.Equal([AvailabilityDown, AvailabilityUnreachable, AvailabilitySuspect, AvailabilityUp], life.Ledger().Transitions.Select(t => t.To).Take(4));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(3)]
    public void A_restarted_seed_knows_its_nodes_and_the_time_between_is_unknown(int snapshotEvery)
    {
        var first = Start(snapshotEvery);
        first.Claim(Hello());
        first.Sample();
        first.Until(AvailabilityUp);
        first.End();

        var second = Start(snapshotEvery);
        Assert.Equal("id-b", Assert.Single(second.Nodes.ExpectMsg<NodesKnown>().Nodes).NodeId);
        Assert.Equal("b", second.Until(AvailabilityUnknown).Identity?.Name);
        second.Claim(Hello());
        second.Sample();
        second.Until(AvailabilityUp);
        Assert.Equal(
            [AvailabilityUp, AvailabilityJoining, AvailabilityUnknown, AvailabilityUp, AvailabilityJoining],
            second.Ledger().Transitions.Select(t => t.To));
    }

    [Fact]
    public void A_node_that_does_not_come_back_after_a_restart_is_down()
    {
        var first = Start();
        first.Claim(Hello());
        first.Sample();
        first.Until(AvailabilityUp);
        first.End();
        Assert.Equal("not seen since the seed's start", Start().Until(AvailabilityDown).Standing?.Reason);
    }

    [Fact]
    public void A_maintenance_outlives_the_seed()
    {
        var first = Start();
        first.Claim(Hello());
        first.Membership.Tell(new SetMaintenance { Node = "id-b", ForMs = 3_600_000, Why = "disk", Who = "ops" }, first.TestActor);
        Assert.Contains("b is expected off until", first.ExpectMsg<OperatorDone>().Text, StringComparison.Ordinal);
        first.Membership.Tell(new MemberNews(AtB, MemberPhase.Leaving, IsSeed: false), first.TestActor);
        first.Until(AvailabilityExpectedOff);
        first.End();

        var second = Start();
        second.Until(AvailabilityExpectedOff);
        Assert.Equal("disk", Assert.Single(second.Ledger().Maintenance).Why);
    }

    [Fact]
    public void A_connected_node_is_not_forgotten_and_one_that_left_is()
    {
        var life = Start();
        life.Claim(Hello());
        life.Sample();
        life.Membership.Tell(new ForgetNode { Node = "id-b" }, life.TestActor);
        Assert.Contains("stop its agent", life.ExpectMsg<QueryRefused>().Text, StringComparison.Ordinal);

        life.Membership.Tell(new MemberNews(AtB, MemberPhase.Leaving, IsSeed: false), life.TestActor);
        life.Membership.Tell(new LinkNews(AtB, Open: false, "closed"), life.TestActor);
        life.Membership.Tell(new ForgetNode { Node = "id-b" }, life.TestActor);
        life.ExpectMsg<OperatorDone>();
        life.Fleet.FishForMessage<NodeRemoved>(_ => true);
        life.Nodes.FishForMessage<NodeRemoved>(_ => true);
        life.End();
        Assert.Empty(Start().Nodes.ExpectMsg<NodesKnown>().Nodes);
    }

    [Fact]
    public void A_skew_of_the_clocks_is_shown_at_once()
    {
        var life = Start();
        life.Claim(Hello());
        life.Sample();
        life.Until(AvailabilityUp);
        life.Sample(skew: 3_000);
        Assert.Equal(3_000, life.Fleet.FishForMessage<StandingChanged>(s => s.Standing?.ClockSkewMs != 0).Standing!.ClockSkewMs);
    }

    [Fact]
    public async Task A_journal_that_can_not_be_used_is_said_and_questions_are_refused()
    {
        Directory.CreateDirectory(_folder);
        await File.WriteAllTextAsync(Path.Combine(_folder, "journal.db"), string.Concat(Enumerable.Repeat("this is no database\n", 500)));
        var life = Start();
        Assert.Contains("journal.db", await life.Outcome.Task.WaitAsync(TimeSpan.FromSeconds(20)), StringComparison.Ordinal);
        Assert.Contains("journal.db", life.Fleet.FishForMessage<WarningRaised>(_ => true).Text, StringComparison.Ordinal);
        life.Membership.Tell(new EventsQuery { ToMs = 5 }, life.TestActor);
        life.ExpectMsg<QueryRefused>();
    }
}

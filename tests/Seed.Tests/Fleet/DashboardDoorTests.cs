using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed.Tests.Fleet;

public sealed class DashboardDoorTests : TestKit
{
    private static readonly SeedFacts Facts = new("seed-1", "127.0.0.1:4053", "1.2.3", 5, 99);

    private readonly TestProbe _nodes;
    private readonly TestProbe _membership;
    private readonly IActorRef _door;

    public DashboardDoorTests()
    {
        _nodes = CreateTestProbe();
        _membership = CreateTestProbe();
        ICanTell membership = _membership.Ref;
        var fleet = Sys.ActorOf(Props.Create(() => new FleetProjection(Facts, membership, TimeProvider.System)));
        fleet.Tell(Standing("id-b", "b"), ActorRefs.NoSender);
        fleet.Tell(Standing("id-s", "seed-1"), ActorRefs.NoSender);
        var world = new DoorWorld(_nodes.Ref, _membership.Ref, fleet, Facts, "seed-1", TimeProvider.System);
        _door = Sys.ActorOf(Props.Create(() => new DashboardDoor(world)));
    }

    private static StandingChanged Standing(string id, string name) =>
        new(id, new NodeIdentity { Name = name }, new NodeStanding { State = AvailabilityState.AvailabilityUp });

    [Fact]
    public void A_viewer_is_welcomed_and_counted()
    {
        _door.Tell(new DashboardHello { Who = "ann@laptop" }, TestActor);
        var welcome = ExpectMsg<DashboardWelcome>();
        Assert.Equal(99ul, welcome.SeedIncarnation);
        Assert.Equal(1, welcome.Seed.DashboardsConnected);
        AwaitAssert(() =>
        {
            _door.Tell(new FleetPull(), TestActor);
            Assert.Equal(1, ExpectMsg<FleetFrame>().Seed.DashboardsConnected);
        });
    }

    [Theory]
    [InlineData("b")]
    [InlineData("id-b")]
    public void A_question_by_name_or_id_goes_on_by_id_and_its_answer_to_the_asker(string node)
    {
        _door.Tell(new HistoryQuery { Node = node, StepMs = 1_000 }, TestActor);
        var asked = _nodes.ExpectMsg<HistoryQuery>();
        Assert.Equal("id-b", asked.Node);
        Assert.Equal(1_000, asked.StepMs);
        _nodes.Reply(new HistoryAnswer { Node = "b" });
        ExpectMsg<HistoryAnswer>();
    }

    [Fact]
    public void A_question_about_a_node_that_is_not_there_is_refused()
    {
        object[] questions =
        [
            new HistoryQuery { Node = "x" },
            new NodeQuery { Node = "x" },
            new EventsQuery { Node = "x" },
            new SetMaintenance { Node = "x" },
            new ForgetNode { Node = "x" },
        ];
        foreach (var question in questions)
        {
            _door.Tell(question, TestActor);
            var refused = ExpectMsg<QueryRefused>();
            Assert.Equal(QueryRefusal.UnknownNode, refused.Reason);
            Assert.Contains("\"x\"", refused.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Events_of_all_nodes_need_no_node()
    {
        _door.Tell(new EventsQuery { ToMs = 5 }, TestActor);
        _membership.ExpectMsg<EventsQuery>();
        Assert.Equal(TestActor, _membership.LastSender);
    }

    [Fact]
    public void A_node_is_told_of_by_fleet_ledger_and_aggregate_together()
    {
        _door.Tell(new NodeQuery { Node = "b" }, TestActor);
        _membership.ExpectMsg<LedgerQuery>();
        _membership.Reply(new LedgerAnswer(new Evidence { Phi = 1.5 }, [new StateChanged { Reason = "first" }], [], 7, [new Outage(1, 2, "why")]));
        _nodes.ExpectMsg<AggregateQuery>();
        _nodes.Reply(new NodeDetail { BlocksStored = 3 });

        var detail = ExpectMsg<NodeDetail>();
        Assert.Equal("b", detail.Node.Identity.Name);
        Assert.Equal(1.5, detail.Evidence.Phi);
        Assert.Equal("first", Assert.Single(detail.Transitions).Reason);
        Assert.Equal("why", Assert.Single(detail.Outages).Reason);
        Assert.Equal(3, detail.BlocksStored);
        Assert.Equal(7, detail.FirstSeenMs);
    }

    [Fact]
    public void A_node_whose_aggregate_can_not_answer_is_told_of_without_its_values()
    {
        _door.Tell(new NodeQuery { Node = "b" }, TestActor);
        _membership.ExpectMsg<LedgerQuery>();
        _membership.Reply(new LedgerAnswer(new Evidence(), [], [], 7, []));
        _nodes.ExpectMsg<AggregateQuery>();
        _nodes.Reply(new QueryRefused { Text = "not now" });
        Assert.Equal("b", ExpectMsg<NodeDetail>().Node.Identity.Name);
    }

    [Fact]
    public void Who_would_notice_the_end_are_the_other_agents_and_the_viewers_elsewhere()
    {
        _door.Tell(new DashboardHello { Who = "me@here" }, TestActor);
        ExpectMsg<DashboardWelcome>();
        _door.Tell(new WhoIsConnected(), TestActor);
        var connected = ExpectMsg<ConnectedPeers>();
        Assert.Equal(["b"], connected.Agents);
        Assert.Empty(connected.Viewers);
    }
}

public sealed class ViewerListTests
{
    private static readonly Address Laptop = new("akka.ssl.tcp", "clustermonitor", "10.0.0.9", 40_000);

    [Fact]
    public void Viewers_are_named_and_the_silent_ones_forgotten()
    {
        var viewers = new ViewerList();
        viewers.Hello(Laptop, "ann@laptop", 0);
        viewers.Heard(Laptop, 20_000);
        viewers.Sweep(20_000 + ViewerList.SilentMs);
        Assert.Equal(["ann@laptop"], viewers.Remote);
        viewers.Sweep(20_001 + ViewerList.SilentMs);
        Assert.Equal(0, viewers.Count);
    }

    [Fact]
    public void A_viewer_whose_link_broke_is_gone()
    {
        var viewers = new ViewerList();
        viewers.Hello(Laptop, "ann@laptop", 0);
        viewers.Gone(Laptop);
        Assert.Equal(0, viewers.Count);
    }

    [Fact]
    public void What_a_viewer_calls_itself_can_not_draw_on_the_screen()
    {
        var viewers = new ViewerList();
        viewers.Hello(Laptop, "ann\u001b[2J" + new string('x', 500), 0);
        Assert.Equal("ann[2J" + new string('x', 122), Assert.Single(viewers.Remote));
    }

    [Fact]
    public void The_list_of_viewers_is_bounded()
    {
        var viewers = new ViewerList();
        for (var i = 0; i < ViewerList.MaxViewers + 10; i++)
        {
            viewers.Hello(new Address("akka.ssl.tcp", "clustermonitor", "10.0.0.9", i), "ann", 0);
        }

        Assert.Equal(ViewerList.MaxViewers, viewers.Count);
    }
}

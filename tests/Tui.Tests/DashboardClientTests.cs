using System.Collections.Concurrent;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

/// <summary>The conversation with a seed, whose door is a probe.</summary>
public sealed class DashboardClientTests : TestKit
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly ConcurrentQueue<AppMessage> _posted = new();
    private readonly TestProbe _door;
    private readonly IActorRef _client;

    public DashboardClientTests()
    {
        _door = CreateTestProbe();
        var theme = new Theme(ColourDepth.None, GlyphTier.Ascii);
        var settings = new ClientSettings("ann@desk", "1.2.3", new ManualTime(SampleFleet.Now), ChartDefinition.For(theme));
        var door = _door.Ref;
        Action<AppMessage> post = _posted.Enqueue;
        _client = Sys.ActorOf(Props.Create(() => new DashboardClient(door, settings, post)));
    }

    [Fact]
    public void It_says_hello_and_pulls_the_next_frame_only_when_the_last_is_drawn()
    {
        Welcome();
        var first = _door.ExpectMsg<FleetPull>(Patience);
        Assert.Equal((0ul, 0L), (first.SeedIncarnation, first.KnownVersion));
        _door.Reply(SampleFleet.Frame(3, version: 7));
        _door.ExpectNoMsg(TimeSpan.FromMilliseconds(300));

        _client.Tell(FrameDrawn.Instance);
        var second = _door.ExpectMsg<FleetPull>(Patience);
        Assert.Equal((77ul, 7L), (second.SeedIncarnation, second.KnownVersion));
        Posted<FleetArrived>();
    }

    [Fact]
    public void A_frame_that_did_not_follow_makes_it_pull_everything()
    {
        Live();
        _client.Tell(FleetUnclear.Instance);
        _client.Tell(FrameDrawn.Instance);
        Assert.Equal(0L, _door.ExpectMsg<FleetPull>(Patience).KnownVersion);
    }

    [Fact]
    public void A_silent_seed_is_reported_and_asked_again()
    {
        var hello = _door.ExpectMsg<DashboardHello>(Patience);
        Assert.Equal("ann@desk", hello.Who);
        _door.ExpectMsg<DashboardHello>(Patience);
        Assert.Contains("no answer", Posted<ConnectionLost>().Why);
        Welcome(said: true);
        _door.ExpectMsg<FleetPull>(Patience);
    }

    [Fact]
    public void What_remoting_knows_of_the_failure_is_what_the_person_reads()
    {
        _client.Tell(new LinkProblem("certificate not signed by this cluster's CA"));
        Assert.Contains("certificate", Posted<ConnectionLost>().Why);
    }

    [Fact]
    public void An_open_node_is_asked_for_with_its_charts_one_at_a_time()
    {
        Live();
        _client.Tell(new Wants("id-2", ChartRange.All[0], "/", false));
        Assert.Equal("id-2", _door.ExpectMsg<NodeQuery>(Patience).Node);
        _door.Reply(SampleFleet.Detail(2));
        for (var chart = 0; chart < 8; chart++)
        {
            var query = _door.FishForMessage(m => m is HistoryQuery, Patience);
            _door.Reply(Answer((HistoryQuery)query));
        }

        Assert.Equal("id-2", Posted<DetailArrived>().Detail.Node.NodeId);
        AwaitAssert(() => Assert.Equal(8, _posted.OfType<ChartArrived>().Count()), Patience);
        Assert.Equal("id-2", ((NodeQuery)_door.FishForMessage(m => m is NodeQuery, Patience)).Node);
    }

    [Fact]
    public void A_metric_that_the_node_does_not_have_is_an_empty_chart()
    {
        Live();
        _client.Tell(new Wants("id-2", ChartRange.All[0], null, false));
        _door.ExpectMsg<NodeQuery>(Patience);
        _door.ExpectMsg<HistoryQuery>(Patience);
        _door.Reply(new QueryRefused { Reason = QueryRefusal.UnknownMetric, Text = "no such metric" });
        Assert.Null(Posted<ChartArrived>().Series);
    }

    [Fact]
    public void Events_are_asked_for_while_they_are_looked_at_and_then_only_the_new_ones()
    {
        Live();
        _client.Tell(new Wants(null, ChartRange.All[0], null, Events: true));
        _door.ExpectMsg<EventsQuery>(Patience);
        _door.Reply(SampleFleet.Events());
        Posted<EventsArrived>();
        var next = _door.ExpectMsg<EventsQuery>(Patience);
        Assert.Equal(SampleFleet.Now.ToUnixTimeMilliseconds(), next.FromMs);
    }

    private static HistoryAnswer Answer(HistoryQuery query)
    {
        var answer = new HistoryAnswer { Node = query.Node, StepMs = query.StepMs };
        answer.Series.Add(new HistorySeries { Selector = query.Selectors[0] });
        return answer;
    }

    private void Welcome(bool said = false)
    {
        if (!said)
        {
            _door.ExpectMsg<DashboardHello>(Patience);
        }

        _door.Reply(new DashboardWelcome { SeedIncarnation = 77 });
    }

    private void Live()
    {
        Welcome();
        _door.ExpectMsg<FleetPull>(Patience);
        _door.Reply(SampleFleet.Frame(3));
        Posted<FleetArrived>();
    }

    private T Posted<T>()
        where T : AppMessage
    {
        AwaitAssert(() => Assert.Contains(_posted, m => m is T), Patience);
        return _posted.OfType<T>().First();
    }
}

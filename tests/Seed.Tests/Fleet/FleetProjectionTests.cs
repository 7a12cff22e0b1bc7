using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed.Tests.Fleet;

public sealed class FleetProjectionTests : TestKit
{
    private const ulong Incarnation = 99;

    private static readonly SeedFacts Facts = new("seed-1", "127.0.0.1:4053", "1.2.3", 5, Incarnation);

    private readonly TestProbe _membership;
    private readonly IActorRef _fleet;

    public FleetProjectionTests()
    {
        _membership = CreateTestProbe();
        ICanTell membership = _membership.Ref;
        _fleet = Sys.ActorOf(Props.Create(() => new FleetProjection(Facts, membership, TimeProvider.System)));
    }

    private static StandingChanged Standing(string id) =>
        new(id, new NodeIdentity { Name = "name-" + id }, new NodeStanding { State = AvailabilityState.AvailabilityUp });

    private FleetFrame Pull(FleetFrame? known, int maxWaitMs)
    {
        _fleet.Tell(new FleetPull { SeedIncarnation = known?.SeedIncarnation ?? 0, KnownVersion = known?.Version ?? 0, MaxWaitMs = maxWaitMs }, TestActor);
        return ExpectMsg<FleetFrame>();
    }

    [Fact]
    public void The_first_pull_is_answered_at_once_with_all_and_the_seed()
    {
        _fleet.Tell(Standing("b"), TestActor);
        var frame = Pull(null, 60_000);
        Assert.True(frame.Full);
        Assert.Single(frame.Nodes);
        Assert.Equal("seed-1", frame.Seed.Name);
        Assert.Equal(1, frame.Seed.AgentsConnected);
        Assert.Equal(Incarnation, frame.SeedIncarnation);
    }

    [Fact]
    public void A_pull_of_who_knows_everything_waits_for_the_next_change()
    {
        _fleet.Tell(Standing("b"), TestActor);
        var known = Pull(null, 0);
        _fleet.Tell(new FleetPull { SeedIncarnation = Incarnation, KnownVersion = known.Version, MaxWaitMs = 60_000 }, TestActor);
        ExpectNoMsg(TimeSpan.FromMilliseconds(100));

        _fleet.Tell(new VitalsChanged("b", new NodeVitals { TimeMs = 1_000 }), TestActor);
        var frame = ExpectMsg<FleetFrame>();
        Assert.False(frame.Full);
        Assert.NotNull(Assert.Single(frame.Nodes).Vitals);
    }

    [Fact]
    public void Changes_of_one_burst_come_in_one_frame()
    {
        var known = Pull(null, 0);
        _fleet.Tell(new FleetPull { SeedIncarnation = Incarnation, KnownVersion = known.Version, MaxWaitMs = 60_000 }, TestActor);
        for (var i = 0; i < 20; i++)
        {
            _fleet.Tell(Standing("n" + i), TestActor);
        }

        Assert.Equal(20, ExpectMsg<FleetFrame>().Nodes.Count);
    }

    [Fact]
    public void A_pull_that_waited_long_enough_gets_an_empty_frame()
    {
        var known = Pull(null, 0);
        Assert.Empty(Pull(known, 50).Nodes);
    }

    [Fact]
    public void A_frame_of_another_life_of_the_seed_is_answered_with_all()
    {
        _fleet.Tell(Standing("b"), TestActor);
        Assert.True(Pull(new FleetFrame { SeedIncarnation = 1, Version = 2 }, 60_000).Full);
    }

    [Fact]
    public void Warnings_stand_in_each_frame_until_they_are_over()
    {
        _fleet.Tell(new WarningRaised("disk", "the disk is full"), TestActor);
        Assert.Equal("the disk is full", Pull(null, 0).Seed.Warning);
        _fleet.Tell(new WarningRaised("disk", ""), TestActor);
        Assert.Equal("", Pull(null, 0).Seed.Warning);
    }

    [Fact]
    public void A_projection_that_failed_asks_for_all_of_it_again()
    {
        _fleet.Tell(Standing(null!), TestActor);
        _membership.ExpectMsg<ShowAll>();
    }
}

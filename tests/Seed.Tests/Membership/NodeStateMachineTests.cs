using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Tests.Membership;

public sealed class NodeStateMachineTests
{
    private const string Closed = "link closed by peer: process ended?";

    [Fact]
    public void A_new_node_is_joining_until_its_first_sample()
    {
        var node = new NodeScenario().Do(new NodeInput.LinkOpened(), new NodeInput.Hello(7));
        Assert.Equal(AvailabilityJoining, node.State);

        node.Jump(400).Do(new NodeInput.Sample(7));
        Assert.Equal([AvailabilityJoining, AvailabilityUp], node.States);
        Assert.Equal(AvailabilityJoining, node.Last.From);
    }

    [Fact]
    public void A_sampling_weakly_up_member_is_up() =>
        Assert.Equal(
            AvailabilityUp,
            new NodeScenario().Do(new NodeInput.Hello(7), new NodeInput.Member(MemberPhase.WeaklyUp), new NodeInput.Sample(7)).State);

    [Fact]
    public void A_member_that_is_up_is_up_before_its_first_sample() =>
        Assert.Equal(
            AvailabilityUp,
            new NodeScenario().Do(new NodeInput.Hello(7), new NodeInput.Member(MemberPhase.Up)).State);

    [Fact]
    public void A_broken_link_makes_it_suspect_at_once_with_the_links_words()
    {
        var node = NodeScenario.Up().Jump(10).Do(new NodeInput.LinkClosed(Closed));
        Assert.Equal(AvailabilitySuspect, node.State);
        Assert.Equal(Closed, node.Last.Reason);
        Assert.Equal(LinkState.LinkBroken, node.Last.Evidence.Link);
        Assert.Equal(Closed, node.Last.Evidence.Detail);
        Assert.Equal(node.Now.WallMs - 10, node.Last.Evidence.LastSampleMs);
    }

    [Fact]
    public void A_sample_that_waited_in_a_mailbox_does_not_mend_a_broken_link()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed)).Jump(3);
        node.Do(node.Sample());
        Assert.Equal(AvailabilitySuspect, node.State);
        node.Wait(10_000);
        Assert.DoesNotContain(AvailabilityUp, node.States.Skip(2));
    }

    [Fact]
    public void A_pause_of_two_seconds_is_forgiven()
    {
        var node = NodeScenario.Up();
        var before = node.Changes.Count;
        node.Wait(2_500).Do(node.Sample()).Wait(2_600);
        Assert.Equal(before, node.Changes.Count);
    }

    [Fact]
    public void Silence_of_more_than_2_7_seconds_makes_it_suspect_and_says_so()
    {
        var node = NodeScenario.Up().Do(new NodeInput.Frame(6_000, 0)).Wait(2_600);
        Assert.Equal(AvailabilityUp, node.State);
        node.Do(new NodeInput.Frame(0, 6.1)).Wait(1_400);
        Assert.Equal(AvailabilitySuspect, node.State);
        Assert.Equal("no frame for 2.8 s (phi 6.1)", node.Last.Reason);
        Assert.Equal(LinkState.LinkSilent, node.Last.Evidence.Link);
        Assert.Equal(6.1, node.Last.Evidence.Phi);
    }

    [Fact]
    public void Any_frame_counts_as_a_sign_of_life()
    {
        var node = NodeScenario.Up();
        node.Wait(30_000, n => n.Do(new NodeInput.Frame(n.Now.MonoMs - 100, 0.1)));
        Assert.Equal(AvailabilityUp, node.State);
    }

    [Fact]
    public void The_detector_makes_a_suspect_unreachable_and_removal_makes_it_down()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed)).Wait(1_000).Do(new NodeInput.Unreachable("seed-1"));
        Assert.Equal(AvailabilityUnreachable, node.State);
        Assert.Equal("seed-1", node.Last.Evidence.Observer);
        Assert.Equal("not back after 1.0 s: " + Closed, node.Last.Reason);

        node.Wait(19_800);
        Assert.Equal(0, node.DownsAsked);
        node.Wait(200);
        Assert.Equal(1, node.DownsAsked);
        Assert.Equal(AvailabilityUnreachable, node.State);

        node.Do(new NodeInput.Member(MemberPhase.Down), new NodeInput.MemberGone(MemberPhase.Down));
        Assert.Equal(AvailabilityDown, node.State);
        Assert.Contains("removed from the cluster", node.Last.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_removal_that_does_not_happen_is_asked_for_again()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed), new NodeInput.Unreachable("seed-1")).Wait(31_000);
        Assert.Equal(3, node.DownsAsked);
        Assert.Equal(AvailabilityUnreachable, node.State);
    }

    [Fact]
    public void First_hand_evidence_wins_over_the_detector()
    {
        var node = NodeScenario.Up();
        var before = node.Changes.Count;
        node.Do(new NodeInput.Unreachable("another"));
        node.Wait(60_000, n => n.Do(n.Sample()));
        Assert.Equal(before, node.Changes.Count);
        Assert.Equal(0, node.DownsAsked);
    }

    [Fact]
    public void A_node_that_is_heard_again_says_for_how_long_it_was_not()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed), new NodeInput.Unreachable("seed-1")).Wait(4_000);
        node.Do(new NodeInput.LinkOpened(), new NodeInput.Reachable(), new NodeInput.Hello(NodeScenario.FirstProcess));
        Assert.Equal(AvailabilityUp, node.State);
        Assert.Equal("heard again after 4.0 s", node.Last.Reason);
        Assert.Equal(AvailabilityUnreachable, node.Last.From);
    }

    [Theory]
    [InlineData("Leaving")]
    [InlineData("Exiting")]
    public void A_goodbye_makes_it_left_whatever_its_link_does_then(string phase)
    {
        var node = NodeScenario.Up().Do(new NodeInput.Member(Enum.Parse<MemberPhase>(phase)));
        Assert.Equal(AvailabilityLeft, node.State);
        Assert.Equal("agent said goodbye", node.Last.Reason);

        node.Do(node.Sample(), new NodeInput.LinkClosed(Closed), new NodeInput.MemberGone(MemberPhase.Exiting)).Wait(60_000);
        Assert.Equal(AvailabilityLeft, node.State);
    }

    [Fact]
    public void A_removal_counts_as_a_goodbye_only_after_exiting()
    {
        Assert.Equal(AvailabilityLeft, NodeScenario.Up().Do(new NodeInput.MemberGone(MemberPhase.Exiting)).State);
        Assert.Equal(AvailabilityUp, NodeScenario.Up().Do(new NodeInput.MemberGone(MemberPhase.Up)).State);
    }

    [Fact]
    public void A_node_that_left_comes_back_with_a_hello()
    {
        var node = NodeScenario.Up().Do(new NodeInput.Member(MemberPhase.Leaving)).Wait(10_000);
        node.Do(new NodeInput.LinkOpened(), new NodeInput.Hello(12), new NodeInput.Sample(12));
        Assert.Equal([AvailabilityLeft, AvailabilityJoining, AvailabilityUp], node.States.TakeLast(3));
    }

    [Fact]
    public void A_newer_incarnation_takes_over_and_the_removal_of_the_old_one_is_no_outage()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed)).Wait(600);
        node.Do(new NodeInput.LinkOpened(), new NodeInput.Hello(12));
        Assert.Equal("restarted: new incarnation", node.Last.Reason);

        node.Do(new NodeInput.MemberGone(MemberPhase.Down), new NodeInput.Member(MemberPhase.Joining), new NodeInput.Sample(12), new NodeInput.Member(MemberPhase.Up));
        Assert.Equal([AvailabilitySuspect, AvailabilityJoining, AvailabilityUp], node.States.TakeLast(3));
    }

    [Fact]
    public void Samples_of_a_replaced_incarnation_are_no_evidence()
    {
        var node = NodeScenario.Up().Do(new NodeInput.Hello(12), new NodeInput.Sample(NodeScenario.FirstProcess));
        Assert.Equal(AvailabilityJoining, node.State);
    }

    [Fact]
    public void A_downed_node_whose_samples_arrive_is_up_again_and_the_down_stands_in_the_record()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed), new NodeInput.Unreachable("seed-1")).Wait(20_200);
        node.Do(new NodeInput.MemberGone(MemberPhase.Down)).Wait(5_000);
        Assert.Equal(AvailabilityDown, node.State);

        node.Do(new NodeInput.LinkOpened(), node.Sample());
        Assert.Equal(AvailabilityUp, node.State);
        Assert.Equal(AvailabilityDown, node.Last.From);
    }

    [Fact]
    public void Frames_alone_do_not_bring_back_a_removed_node()
    {
        var node = NodeScenario.Up().Do(new NodeInput.LinkClosed(Closed), new NodeInput.Unreachable("seed-1")).Wait(20_200);
        node.Do(new NodeInput.MemberGone(MemberPhase.Down), new NodeInput.LinkOpened());
        node.Wait(3_000, n => n.Do(new NodeInput.Frame(n.Now.MonoMs, 0)));
        Assert.Equal(AvailabilityDown, node.State);
    }

    [Fact]
    public void A_silent_node_that_is_no_member_goes_down_by_the_seeds_own_clock()
    {
        var node = new NodeScenario().Do(new NodeInput.Hello(7), new NodeInput.Sample(7)).Wait(40_000);
        Assert.Equal([AvailabilityUp, AvailabilitySuspect, AvailabilityUnreachable, AvailabilityDown], node.States.Skip(1));
        Assert.Equal(0, node.DownsAsked);
    }

    [Fact]
    public void An_announced_absence_is_expected_and_its_end_tells_the_truth()
    {
        var node = NodeScenario.Up();
        node.Do(new NodeInput.Maintenance(node.Now.WallMs, node.Now.WallMs + 60_000, "new disk"));
        Assert.Equal(AvailabilityUp, node.State);

        node.Do(new NodeInput.Member(MemberPhase.Leaving));
        Assert.Equal(AvailabilityExpectedOff, node.State);
        Assert.Contains("new disk", node.Last.Reason, StringComparison.Ordinal);

        node.Wait(61_000);
        Assert.Equal(AvailabilityLeft, node.State);
        Assert.Equal("maintenance is over: agent said goodbye", node.Last.Reason);
    }

    [Fact]
    public void A_node_that_dies_in_maintenance_is_still_taken_out_of_the_cluster()
    {
        var node = NodeScenario.Up();
        node.Do(new NodeInput.Maintenance(node.Now.WallMs, node.Now.WallMs + 600_000, "new disk"));
        node.Do(new NodeInput.LinkClosed(Closed), new NodeInput.Unreachable("seed-1")).Wait(20_200);
        Assert.Equal(1, node.DownsAsked);
        Assert.Equal([AvailabilityUp, AvailabilityExpectedOff], node.States.TakeLast(2));
    }

    [Fact]
    public void The_time_without_a_seed_is_unknown_and_a_node_that_returns_goes_on()
    {
        var node = NodeScenario.Up();
        var last = node.Now.WallMs;
        node.Jump(600_000).Do(new NodeInput.SeedAbsent(last, node.Now.WallMs));
        Assert.Equal(AvailabilityUnknown, node.State);
        Assert.Equal(last, node.Last.TimeMs);
        Assert.StartsWith("no seed was watching from", node.Last.Reason, StringComparison.Ordinal);

        node.Wait(2_000).Do(new NodeInput.LinkOpened(), new NodeInput.Hello(NodeScenario.FirstProcess), node.Sample());
        Assert.Equal([AvailabilityUnknown, AvailabilityJoining, AvailabilityUp], node.States.TakeLast(3));
    }

    [Fact]
    public void A_node_that_does_not_return_after_the_seeds_start_is_down()
    {
        var node = NodeScenario.Up();
        node.Jump(600_000).Do(new NodeInput.SeedAbsent(NodeScenario.Start, node.Now.WallMs)).Wait(22_800);
        Assert.Equal(AvailabilityUnknown, node.State);
        node.Wait(400);
        Assert.Equal(AvailabilityDown, node.State);
        Assert.Equal("not seen since the seed's start", node.Last.Reason);
        node.Wait(60_000);
        Assert.Equal(AvailabilityDown, node.State);
    }

    [Fact]
    public void A_node_that_had_left_before_the_seeds_absence_stays_left()
    {
        var node = NodeScenario.Up().Do(new NodeInput.Member(MemberPhase.Leaving));
        node.Jump(600_000).Do(new NodeInput.SeedAbsent(node.Last.TimeMs, node.Now.WallMs)).Wait(60_000);
        Assert.Equal(AvailabilityLeft, node.State);
    }

    [Fact]
    public void A_pause_of_the_seed_itself_makes_nobody_suspect()
    {
        var node = NodeScenario.Up().Jump(6_000).Do(new NodeInput.WatchResumed(), NodeInput.Tick.Now).Wait(2_600);
        Assert.Equal(AvailabilityUp, node.State);
        node.Wait(200);
        Assert.Equal(AvailabilitySuspect, node.State);
    }

    [Theory]
    [InlineData(3_600_000)]
    [InlineData(-3_600_000)]
    public void A_stepped_clock_makes_nobody_suspect_and_never_turns_the_ledger_back(long step)
    {
        var node = NodeScenario.Up().StepClock(step).Wait(1_000);
        Assert.Equal(AvailabilityUp, node.State);
        node.Do(new NodeInput.LinkClosed(Closed));
        Assert.Equal(AvailabilitySuspect, node.State);
        Assert.True(node.Changes.Zip(node.Changes.Skip(1)).All(p => p.First.TimeMs <= p.Second.TimeMs));
    }

    [Fact]
    public void A_node_that_never_said_hello_is_not_shown() =>
        Assert.Empty(new NodeScenario().Do(new NodeInput.LinkOpened(), new NodeInput.Member(MemberPhase.Up)).Wait(30_000).Changes);
}

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Tests.Membership;

public sealed class LedgerTests
{
    private const long Hour = 3_600_000;
    private const long Day = 24 * Hour;
    private const long Start = 1_700_000_000_000;

    private static Ledger Of(params (long AtMs, AvailabilityState To)[] transitions)
    {
        var ledger = new Ledger();
        foreach (var (at, to) in transitions)
        {
            ledger.Add(new StateChanged { NodeId = "id-b", TimeMs = Start + at, From = ledger.State, To = to, Reason = $"became {to}" });
        }

        return ledger;
    }

    [Fact]
    public void A_ledger_without_transitions_knows_nothing()
    {
        Assert.True(double.IsNaN(Of().AccountOf(Hour, Start).Availability));
        Assert.Empty(Of().Outages(Hour, Start));
    }

    [Fact]
    public void A_node_that_was_always_up_is_wholly_available_in_every_window() =>
        Assert.All(Ledger.WindowsMs, w => Assert.Equal(1.0, Of((0, AvailabilityJoining), (400, AvailabilityUp)).AccountOf(w, Start + (2 * Day)).Availability));

    [Fact]
    public void Suspect_counts_as_available_and_unreachable_and_down_do_not()
    {
        var ledger = Of((0, AvailabilityUp), (600_000, AvailabilitySuspect), (700_000, AvailabilityUnreachable), (800_000, AvailabilityDown), (900_000, AvailabilityUp));
        var account = ledger.AccountOf(Hour, Start + 1_000_000);
        Assert.Equal(new Account(800_000, 200_000, 0), account);
        Assert.Equal(0.8, account.Availability, 9);
    }

    [Fact]
    public void Time_that_was_left_expected_off_or_unknown_is_taken_out_of_the_window()
    {
        var ledger = Of(
            (0, AvailabilityUp),
            (100_000, AvailabilityLeft),
            (200_000, AvailabilityUp),
            (300_000, AvailabilityExpectedOff),
            (400_000, AvailabilityUp),
            (500_000, AvailabilityUnknown),
            (600_000, AvailabilityDown),
            (700_000, AvailabilityUp));
        var account = ledger.AccountOf(Hour, Start + 800_000);
        Assert.Equal(new Account(400_000, 100_000, 300_000), account);
        Assert.Equal(0.8, account.Availability, 9);
    }

    [Fact]
    public void A_window_sees_only_its_own_time()
    {
        var ledger = Of((0, AvailabilityUp), (Hour, AvailabilityDown), (2 * Hour, AvailabilityUp));
        Assert.Equal(1.0, ledger.AccountOf(Hour, Start + (4 * Hour)).Availability);
        Assert.Equal(0.5, ledger.AccountOf(Hour, Start + (5 * Hour / 2)).Availability, 9);
        Assert.Equal(0.75, ledger.AccountOf(Day, Start + (4 * Hour)).Availability, 9);
    }

    [Fact]
    public void The_time_before_a_node_was_first_seen_counts_for_nothing() =>
        Assert.Equal(new Account(60_000, 0, 0), Of((0, AvailabilityUp)).AccountOf(30 * Day, Start + 60_000));

    [Fact]
    public void The_first_joining_is_no_outage_but_a_later_one_is()
    {
        var ledger = Of((0, AvailabilityJoining), (1_000, AvailabilityUp), (10_000, AvailabilityDown), (20_000, AvailabilityJoining), (21_000, AvailabilityUp));
        Assert.Equal([new Outage(Start + 10_000, Start + 21_000, "became AvailabilityDown")], ledger.Outages(Hour, Start + 31_000));
    }

    [Fact]
    public void Steps_of_one_outage_are_one_outage_with_its_first_reason()
    {
        var ledger = Of((0, AvailabilityUp), (10_000, AvailabilityUnreachable), (30_000, AvailabilityDown), (50_000, AvailabilityUp), (60_000, AvailabilityUnreachable));
        Assert.Equal(
            [
                new Outage(Start + 10_000, Start + 50_000, "became AvailabilityUnreachable"),
                new Outage(Start + 60_000, Start + 65_000, "became AvailabilityUnreachable"),
            ],
            ledger.Outages(Hour, Start + 65_000));
    }

    [Fact]
    public void An_outage_that_reaches_into_the_window_is_cut_at_its_edge() =>
        Assert.Equal(
            [new Outage(Start + 50_000, Start + 60_000, "became AvailabilityDown")],
            Of((0, AvailabilityUp), (10_000, AvailabilityDown)).Outages(10_000, Start + 60_000));

    [Fact]
    public void Compaction_keeps_what_every_window_needs()
    {
        var ledger = Of((0, AvailabilityUp), (Day, AvailabilityDown), (2 * Day, AvailabilityUp), (40 * Day, AvailabilityDown), (41 * Day, AvailabilityUp));
        var now = Start + (50 * Day);
        var before = Ledger.WindowsMs.Select(w => ledger.AccountOf(w, now)).ToList();
        ledger.Compact(now);
        Assert.Equal(3, ledger.Transitions.Count);
        Assert.Equal(before, Ledger.WindowsMs.Select(w => ledger.AccountOf(w, now)));
    }

    [Fact]
    public void A_node_that_flaps_for_ever_keeps_a_bounded_ledger()
    {
        var ledger = new Ledger();
        for (var i = 0; i < 3 * Ledger.MaxTransitions; i++)
        {
            ledger.Add(new StateChanged { TimeMs = Start + i, To = i % 2 == 0 ? AvailabilityUp : AvailabilitySuspect });
        }

        ledger.Compact(Start + (3 * Ledger.MaxTransitions));
        Assert.Equal(Ledger.MaxTransitions, ledger.Transitions.Count);
    }

    [Fact]
    public void A_transition_before_the_last_one_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => Of((10, AvailabilityUp), (9, AvailabilityDown)));
}

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using FsCheck;
using FsCheck.Fluent;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Tests.Membership;

public sealed class NodeStateMachineProperties
{
    /// <summary>Any order of events that a transport, a cluster and an operator could produce, with time between them.</summary>
    private static readonly Gen<(NodeInput Input, int WaitMs)> Events =
        from input in Gen.OneOf(
            Gen.Constant<NodeInput>(new NodeInput.LinkOpened()),
            Gen.Constant<NodeInput>(new NodeInput.LinkClosed("link closed")),
            Gen.Elements<ulong>(1, 2, 3).Select(i => (NodeInput)new NodeInput.Hello(i)),
            Gen.Elements<ulong>(1, 2, 3).Select(i => (NodeInput)new NodeInput.Sample(i)),
            Gen.Elements(MemberPhase.Joining, MemberPhase.WeaklyUp, MemberPhase.Up, MemberPhase.Leaving, MemberPhase.Exiting, MemberPhase.Down)
                .Select(p => (NodeInput)new NodeInput.Member(p)),
            Gen.Elements(MemberPhase.Joining, MemberPhase.Up, MemberPhase.Exiting, MemberPhase.Down)
                .Select(p => (NodeInput)new NodeInput.MemberGone(p)),
            Gen.Constant<NodeInput>(new NodeInput.Unreachable("seed-1")),
            Gen.Constant<NodeInput>(new NodeInput.Reachable()),
            Gen.Constant<NodeInput>(new NodeInput.WatchResumed()),
            Gen.Choose(-20_000, 40_000).Select(ms => (NodeInput)new NodeInput.Maintenance(NodeScenario.Start, NodeScenario.Start + ms, "why")),
            Gen.Constant<NodeInput>(new NodeInput.SeedAbsent(0, 0)))
        from wait in Gen.OneOf(Gen.Choose(0, 700), Gen.Choose(0, 30_000))
        select (input, wait);

    private static NodeScenario Play((NodeInput Input, int WaitMs)[] events)
    {
        var node = new NodeScenario();
        foreach (var (input, wait) in events)
        {
            if (input is NodeInput.SeedAbsent)
            {
                var from = node.Now.WallMs;
                node.Jump(wait).Do(new NodeInput.SeedAbsent(from, node.Now.WallMs));
            }
            else
            {
                node.Do(input).Wait(wait);
            }
        }

        return node;
    }

    private static void Holds(Func<(NodeInput Input, int WaitMs)[], bool> property) =>
        Prop.ForAll(Events.ArrayOf(60).ToArbitrary(), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void Every_state_that_was_shown_stands_in_the_ledger_and_follows_from_the_one_before() => Holds(events =>
    {
        var node = Play(events);
        var before = AvailabilityUnspecified;
        foreach (var change in node.Changes)
        {
            if (change.From != before || change.To == before || change.Reason.Length == 0)
            {
                return false;
            }

            before = change.To;
        }

        return before == node.State;
    });

    [Fact]
    public void The_ledger_never_goes_back_in_time() => Holds(events =>
    {
        var changes = Play(events).Changes;
        return changes.Zip(changes.Skip(1)).All(p => p.First.TimeMs <= p.Second.TimeMs);
    });

    [Fact]
    public void Down_comes_only_after_unreachable_unknown_or_expected_off() => Holds(events =>
        Play(events).Changes.All(c => c.To != AvailabilityDown
            || c.From is AvailabilityUnreachable or AvailabilityUnknown or AvailabilityExpectedOff));

    [Fact]
    public void A_node_whose_samples_arrive_and_that_did_not_say_goodbye_is_up() => Holds(events =>
    {
        var node = Play(events).Do(new NodeInput.Hello(9), new NodeInput.Sample(9));
        return node.State == AvailabilityUp;
    });

    [Fact]
    public void A_node_that_falls_silent_for_ever_ends_down_left_or_expected_off() => Holds(events =>
    {
        var node = Play(events);
        if (node.Facts.Incarnation == 0)
        {
            return node.Changes.Count == 0;
        }

        // A cluster that does what it is asked.
        node.Wait(120_000, n =>
        {
            if (n.DownsAsked > 0 && n.Facts.Member != MemberPhase.None && n.Facts.Judged == AvailabilityUnreachable)
            {
                n.Do(new NodeInput.MemberGone(MemberPhase.Down));
            }
        });
        return node.State is AvailabilityDown or AvailabilityLeft;
    });

    [Fact]
    public void The_accounts_add_up_whatever_happened() => Holds(events =>
    {
        var node = Play(events);
        var ledger = new Ledger();
        node.Changes.ForEach(ledger.Add);
        var now = node.Now.WallMs + 5_000;
        return Ledger.WindowsMs.Append(17_000).All(window =>
        {
            var account = ledger.AccountOf(window, now);
            var outages = ledger.Outages(window, now).Sum(o => o.ToMs - o.FromMs);
            var counted = account.Available + account.Missing + account.Excused;
            return outages == account.Missing
                && counted <= window && account.Available >= 0 && account.Missing >= 0 && account.Excused >= 0
                && (double.IsNaN(account.Availability) ? account.Available + account.Missing == 0 : account.Availability is >= 0 and <= 1);
        });
    });
}

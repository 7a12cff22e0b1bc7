using Actors.Clustering;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Clustering;

public sealed class VectorClockProperties
{
    private static readonly Gen<VectorClock> Clocks =
        from counts in Gen.Choose(0, 3).ListOf(3)
        select VectorClock.Of(counts.Select((count, i) => KeyValuePair.Create(GossipHistories.Voters[i], (long)count)).Where(c => c.Value > 0));

    [Fact]
    public void Every_clock_is_the_same_as_itself_and_before_its_increment() => Holds((a, _, _) =>
        a.CompareTo(a) == ClockOrder.Same
        && a.CompareTo(a.Increment(GossipHistories.Voters[0])) == ClockOrder.Before
        && a.Increment(GossipHistories.Voters[0]).CompareTo(a) == ClockOrder.After);

    [Fact]
    public void Before_and_after_are_each_others_mirror() => Holds((a, b, _) => (a.CompareTo(b), b.CompareTo(a)) is
        (ClockOrder.Same, ClockOrder.Same) or (ClockOrder.Before, ClockOrder.After) or (ClockOrder.After, ClockOrder.Before) or (ClockOrder.Concurrent, ClockOrder.Concurrent));

    [Fact]
    public void What_is_before_what_is_before_a_third_is_before_that() => Holds((a, b, c) =>
        a.CompareTo(b) != ClockOrder.Before || b.CompareTo(c) != ClockOrder.Before || a.CompareTo(c) == ClockOrder.Before);

    [Fact]
    public void The_merge_is_the_first_that_is_not_before_either() => Holds((a, b, c) =>
    {
        var merged = a.Merge(b);
        var covers = c.CompareTo(a) is ClockOrder.After or ClockOrder.Same && c.CompareTo(b) is ClockOrder.After or ClockOrder.Same;
        return merged.CompareTo(a) is ClockOrder.After or ClockOrder.Same
            && merged.CompareTo(b) is ClockOrder.After or ClockOrder.Same
            && (!covers || c.CompareTo(merged) is ClockOrder.After or ClockOrder.Same);
    });

    [Fact]
    public void Merging_knows_no_order_and_no_repetition() => Holds((a, b, c) =>
        a.Merge(b).Equals(b.Merge(a)) && a.Merge(b).Merge(c).Equals(a.Merge(b.Merge(c))) && a.Merge(a).Equals(a)
        && a.Merge(b).GetHashCode() == b.Merge(a).GetHashCode());

    [Fact]
    public void Two_that_changed_apart_are_concurrent() => Holds((a, _, _) =>
        a.Increment(GossipHistories.Voters[0]).CompareTo(a.Increment(GossipHistories.Voters[1])) == ClockOrder.Concurrent);

    private static void Holds(Func<VectorClock, VectorClock, VectorClock, bool> property) =>
        Prop.ForAll(Clocks.Three().ToArbitrary(), t => property(t.Item1, t.Item2, t.Item3)).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));
}

using Actors.Clustering;
using FsCheck;
using FsCheck.Fluent;
using static EngineTests.Clustering.GossipHistories;

namespace EngineTests.Clustering;

public sealed class ReachabilityTests
{
    private static readonly UniqueAddress A = Voters[0];
    private static readonly UniqueAddress B = Voters[1];
    private static readonly UniqueAddress X = Agents[0];

    /// <summary>Each observer changes only its own row; two views of it differ in how much of its history they have.</summary>
    private static readonly Gen<(Reachability, Reachability, Reachability)> Views =
        from deeds in Gen.ListOf(
            from observer in Gen.Choose(0, 2)
            from subject in Gen.Choose(0, 4)
            from reachable in ArbMap.Default.GeneratorFor<bool>()
            select (observer, subject, reachable))
        from cuts in Gen.Choose(0, deeds.Count).ListOf(9)
        select (View(deeds, cuts, 0), View(deeds, cuts, 1), View(deeds, cuts, 2));

    [Fact]
    public void Whom_nobody_accuses_is_reachable()
    {
        var r = Reachability.Empty.Unreachable(A, X).Unreachable(B, X);
        Assert.Equal([A, B], r.ObserversOf(X).ToArray());
        Assert.False(r.Reachable(A, X).IsReachable(X));
        Assert.True(r.Reachable(A, X).Reachable(B, X).IsReachable(X));
        Assert.Equal(ReachabilityStatus.Reachable, r.Status(X, A));
    }

    [Fact]
    public void A_word_taken_back_beats_the_word_also_after_a_merge()
    {
        var said = Reachability.Empty.Unreachable(A, X);
        var takenBack = said.Reachable(A, X);
        Assert.True(said.Merge(_ => true, takenBack).IsReachable(X));
        Assert.True(takenBack.Merge(_ => true, said).IsReachable(X));
    }

    [Fact]
    public void Saying_the_same_again_is_no_new_version()
    {
        var said = Reachability.Empty.Unreachable(A, X);
        Assert.Same(said, said.Unreachable(A, X));
        Assert.Same(said, said.Reachable(A, B));
    }

    [Fact]
    public void Who_is_removed_is_forgotten_as_observer_and_as_subject()
    {
        var r = Reachability.Empty.Unreachable(A, X).Unreachable(B, A).Unreachable(B, X).Remove(new HashSet<UniqueAddress> { A });
        Assert.Equal([new ReachabilityRecord(B, X, ReachabilityStatus.Unreachable, 2)], r.Records);
    }

    [Fact]
    public void Merging_knows_no_order_and_no_repetition() => Prop.ForAll(Views.ToArbitrary(), t =>
    {
        var (a, b, c) = t;
        return M(a, b).Equals(M(b, a)) && M(M(a, b), c).Equals(M(a, M(b, c))) && M(a, a).Equals(a) && M(M(a, b), b).Equals(M(a, b));
    }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void What_was_never_said_cannot_be_put_together()
    {
        Assert.Throws<ArgumentException>(() => Reachability.Of([], [new ReachabilityRecord(A, X, ReachabilityStatus.Unreachable, 1)]));
        Assert.Throws<ArgumentException>(() => Reachability.Of([KeyValuePair.Create(A, 1L)], [new ReachabilityRecord(A, X, ReachabilityStatus.Unreachable, 2)]));
    }

    private static Reachability M(Reachability a, Reachability b) => a.Merge(_ => true, b);

    private static Reachability View(IReadOnlyList<(int Observer, int Subject, bool Reachable)> deeds, IReadOnlyList<int> cuts, int which)
    {
        var r = Reachability.Empty;
        for (var i = 0; i < deeds.Count; i++)
        {
            var (observer, subject, reachable) = deeds[i];
            if (i < cuts[(which * 3) + observer])
            {
                r = reachable ? r.Reachable(Voters[observer], Agents[subject]) : r.Unreachable(Voters[observer], Agents[subject]);
            }
        }

        return r;
    }
}

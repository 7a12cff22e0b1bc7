using Actors.Clustering;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Clustering;

public sealed class PhiAccrualFailureDetectorTests
{
    private static readonly FailureDetectorSettings Settings = new ClusterSettings().Detector;

    /// <summary>Any history of at most 400 heartbeats: on time, late, in bursts, with pauses of up to a minute.</summary>
    private static readonly Gen<TimeSpan[]> Histories = Gen.OneOf(
        Gen.Choose(450, 550),
        Gen.Choose(0, 700),
        Gen.Choose(0, 3000),
        Gen.Frequency((20, Gen.Constant(500)), (1, Gen.Choose(500, 2500))),
        Gen.Frequency((5, Gen.Constant(500)), (1, Gen.Choose(3000, 60_000))),
        Gen.Constant(1)).Select(ms => TimeSpan.FromMilliseconds(ms)).ListOf().Select(list => list.Take(400).ToArray());

    [Fact]
    public void A_pause_of_two_seconds_is_never_suspected_whatever_came_before() => Holds((detector, now) =>
        detector.IsAvailable(now + TimeSpan.FromSeconds(2.7)));

    [Fact]
    public void Silence_of_three_seconds_is_always_suspected_whatever_came_before() => Holds((detector, now) =>
        !detector.IsAvailable(now + TimeSpan.FromSeconds(2.84)));

    [Fact]
    public void Phi_grows_with_silence_is_never_infinite_and_reaches_the_threshold_when_it_says() => Holds((detector, now) =>
    {
        var phis = Enumerable.Range(0, 100).Select(i => detector.Phi(now + TimeSpan.FromMilliseconds(100 * i))).ToArray();
        return phis.Zip(phis.Skip(1)).All(p => p.First <= p.Second)
            && phis.All(double.IsFinite)
            && Math.Abs(detector.Phi(detector.UnavailableAt) - Settings.Threshold) < 0.01
            && detector.Phi(now + TimeSpan.FromHours(10)) is var late && double.IsFinite(late) && late > 100;
    });

    [Fact]
    public void A_lost_link_is_held_against_it_after_the_grace_whatever_came_before() => Holds((detector, now) =>
    {
        var lost = now + TimeSpan.FromSeconds(0.3);
        detector.LinkLost(lost);
        return detector.IsAvailable(lost + TimeSpan.FromSeconds(0.99))
            && !detector.IsAvailable(lost + TimeSpan.FromSeconds(1.001))
            && Math.Abs(detector.Phi(detector.UnavailableAt) - Settings.Threshold) < 0.01;
    });

    [Fact]
    public void A_lost_link_is_forgotten_when_it_is_heard_again() => Holds((detector, now) =>
    {
        detector.LinkLost(now + TimeSpan.FromSeconds(0.1));
        detector.Heartbeat(now + TimeSpan.FromSeconds(0.8));
        return detector.IsAvailable(now + TimeSpan.FromSeconds(3.5));
    });

    [Fact]
    public void What_the_observer_slept_through_is_not_held_against_it() => Holds((detector, now) =>
    {
        detector.Forgive(TimeSpan.FromMinutes(10));
        return detector.IsAvailable(now + TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(2.7))
            && !detector.IsAvailable(now + TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(2.84));
    });

    [Fact]
    public void One_that_was_never_heard_is_suspected_after_the_first_heartbeat_is_overdue()
    {
        var detector = new PhiAccrualFailureDetector(Settings, TimeSpan.Zero);
        Assert.True(detector.IsAvailable(TimeSpan.FromSeconds(3.7)));
        Assert.False(detector.IsAvailable(TimeSpan.FromSeconds(4)));
        Assert.Null(detector.LastHeartbeat);
    }

    [Fact]
    public void A_late_subject_gets_more_patience_than_a_punctual_one()
    {
        var (punctual, late) = (new PhiAccrualFailureDetector(Settings, TimeSpan.Zero), new PhiAccrualFailureDetector(Settings, TimeSpan.Zero));
        for (var i = 0; i < 100; i++)
        {
            punctual.Heartbeat(TimeSpan.FromSeconds(0.5 * i));
            late.Heartbeat(TimeSpan.FromSeconds(0.6 * i));
        }

        Assert.True(late.UnavailableAt - late.LastHeartbeat > punctual.UnavailableAt - punctual.LastHeartbeat + TimeSpan.FromSeconds(0.09));
    }

    [Fact]
    public void Heartbeats_out_of_order_change_nothing()
    {
        var detector = new PhiAccrualFailureDetector(Settings, TimeSpan.Zero);
        detector.Heartbeat(TimeSpan.FromSeconds(5));
        var until = detector.UnavailableAt;
        detector.Heartbeat(TimeSpan.FromSeconds(4));
        Assert.Equal(until, detector.UnavailableAt);
        Assert.Equal(TimeSpan.FromSeconds(5), detector.LastHeartbeat);
    }

    private static void Holds(Func<PhiAccrualFailureDetector, TimeSpan, bool> property) =>
        Prop.ForAll(Histories.Resize(400).ToArbitrary(), history =>
        {
            var now = TimeSpan.FromDays(3);
            var detector = new PhiAccrualFailureDetector(Settings, now);
            detector.Heartbeat(now);
            foreach (var interval in history)
            {
                now += interval;
                detector.Heartbeat(now);
            }

            return property(detector, now);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));
}

using Actors.Clustering;
using static EngineTests.Clustering.GossipHistories;

namespace EngineTests.Clustering;

public sealed class ObserverPostTests
{
    private static readonly FailureDetectorSettings Settings = new ClusterSettings().Detector;
    private readonly ObserverPost _post = new(Settings, S(0.5));
    private TimeSpan? _heard = S(10);

    public ObserverPostTests() => _post.SetSubjects(new HashSet<UniqueAddress> { Agents[0] }, S(10));

    [Fact]
    public void Silence_is_reported_once_and_its_end_once()
    {
        Assert.Empty(Look(10.5).Changes);
        Assert.Empty(Look(11).Changes);
        Assert.Empty(Look(11.5).Changes);
        Assert.Empty(Look(12).Changes);
        Assert.Empty(Look(12.5).Changes);
        Assert.Equal([(Agents[0], false)], Look(13).Changes);
        Assert.Empty(Look(13.5).Changes);
        Assert.Equal([Agents[0]], Look(14).Unavailable);
        _heard = S(14.2);
        Assert.Equal([(Agents[0], true)], Look(14.5).Changes);
        Assert.Empty(Look(14.6).Unavailable);
    }

    [Fact]
    public void It_asks_to_look_again_at_the_very_moment_at_which_it_would_give_up()
    {
        Look(10.5);
        for (var t = 11.0; t < 12.5; t += 0.5)
        {
            Assert.Equal(S(t + 0.5), Look(t).NextLook);
        }

        var last = Look(12.5).NextLook;
        Assert.InRange(last, S(12.7), S(12.75));
        Assert.NotEmpty(Look(last.TotalSeconds).Changes);
    }

    [Fact]
    public void An_observer_that_was_asleep_accuses_nobody_also_if_it_was_heard_just_before()
    {
        Look(10.5);
        _heard = S(10.6);
        var report = Look(100);
        Assert.Empty(report.Changes);
        Assert.InRange(report.NextLook, S(100), S(100.5));
        Assert.Equal(S(10.6), _post.Evidence(Agents[0], S(100))!.Value.LastHeartbeat);
        Assert.Empty(Look(100.5).Changes);
        Assert.Empty(Look(101).Changes);
        Assert.Empty(Look(101.5).Changes);
        Assert.Empty(Look(102).Changes);
        Assert.NotEmpty(Look(102.5).Changes);
    }

    private static TimeSpan S(double seconds) => TimeSpan.FromSeconds(seconds);

    private PostReport Look(double at) => _post.Poll(S(at), _ => _heard);
}

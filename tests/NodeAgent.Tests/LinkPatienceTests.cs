namespace ClusterMonitor.NodeAgent.Tests;

public sealed class LinkPatienceTests
{
    private readonly TestClock _clock = new(DateTimeOffset.UnixEpoch);
    private readonly List<string> _ends = [];

    [Fact]
    public void A_replaced_seed_ends_the_actor_system_at_once()
    {
        var patience = New();
        patience.Hear(UplinkReport.Accepted);
        patience.Hear(UplinkReport.SeedReplaced);
        Assert.Single(_ends);
    }

    [Fact]
    public void A_seed_that_was_lost_for_a_minute_ends_it_and_one_that_comes_back_in_time_does_not()
    {
        var patience = New();
        patience.Hear(UplinkReport.Accepted);
        patience.Hear(UplinkReport.Lost);
        _clock.Advance(TimeSpan.FromSeconds(59));
        patience.Hear(UplinkReport.Unanswered);
        patience.Hear(UplinkReport.Accepted);
        _clock.Advance(TimeSpan.FromSeconds(59));
        patience.Hear(UplinkReport.Lost);
        patience.Hear(UplinkReport.Unanswered);
        Assert.Empty(_ends);
        _clock.Advance(TimeSpan.FromSeconds(61));
        patience.Hear(UplinkReport.Unanswered);
        Assert.Single(_ends);
    }

    [Fact]
    public void A_seed_that_was_never_there_is_waited_for_without_end()
    {
        var patience = New();
        _clock.Advance(TimeSpan.FromDays(1));
        patience.Hear(UplinkReport.Unanswered);
        Assert.Empty(_ends);
    }

    [Fact]
    public void Pauses_grow_from_nothing_to_about_ten_seconds()
    {
        var backoff = new Backoff(new Random(1));
        var pauses = Enumerable.Range(0, 12).Select(_ => backoff.Next().TotalSeconds).ToList();
        Assert.Equal(0, pauses[0]);
        Assert.InRange(pauses[1], 0.4, 0.6);
        Assert.InRange(pauses[^1], 8, 12);
        backoff.Reset();
        Assert.Equal(TimeSpan.Zero, backoff.Next());
    }

    private LinkPatience New() => new(_clock, _ends.Add);
}

using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed.Tests.Fleet;

public sealed class CpuTrailTests
{
    private const long Second = 1_700_000_000;

    private static CpuTrail Of(params (int At, float Cpu)[] samples)
    {
        var trail = new CpuTrail();
        foreach (var (at, cpu) in samples)
        {
            trail.Add((Second + at) * 1000, cpu);
        }

        return trail;
    }

    [Fact]
    public void A_new_trail_is_one_gap() => Assert.All(new CpuTrail().ToArray(), b => Assert.Equal(CpuTrail.Gap, b));

    [Fact]
    public void Seconds_stand_in_order_with_gaps_where_nothing_came() =>
        Assert.Equal([0, 255, 100, 200], Of((0, 0f), (2, 0.5f), (3, 1f)).ToArray()[^4..]);

    [Fact]
    public void A_second_that_comes_late_goes_where_it_belongs() =>
        Assert.Equal([2, 4, 6], Of((0, 0.01f), (2, 0.03f), (1, 0.02f)).ToArray()[^3..]);

    [Fact]
    public void After_a_long_silence_only_the_gap_is_left()
    {
        var trail = Of((0, 0.5f), (500, 0.25f)).ToArray();
        Assert.Equal(50, trail[^1]);
        Assert.All(trail[..^1], b => Assert.Equal(CpuTrail.Gap, b));
    }

    [Fact]
    public void What_is_older_than_a_minute_is_ignored() =>
        Assert.Equal(Of((100, 0.5f)).ToArray(), Of((100, 0.5f), (30, 1f)).ToArray());

    [Fact]
    public void A_clock_set_back_by_hours_begins_a_new_trail() =>
        Assert.Equal(200, Of((10_000, 0.5f), (0, 1f)).ToArray()[^1]);

    [Fact]
    public void A_value_out_of_range_is_clamped() => Assert.Equal([0, 200], Of((0, -1f), (1, 7f)).ToArray()[^2..]);

    [Fact]
    public void A_recovered_minute_does_not_cover_newer_seconds()
    {
        var trail = Of((60, 0.5f));
        trail.Load([.. Enumerable.Repeat((byte)10, 60)], (Second + 58) * 1000);
        Assert.Equal([10, 10, 255, 100], trail.ToArray()[^4..]);
    }
}

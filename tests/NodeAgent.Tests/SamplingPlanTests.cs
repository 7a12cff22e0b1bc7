using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class SamplingPlanTests
{
    [Theory]
    [InlineData(10_000, 0)] // to the millisecond
    [InlineData(10_100, 0)]
    [InlineData(10_101, 1)]
    [InlineData(10_999, 1)]
    [InlineData(9_990, 0)] // timers may fire a little early
    public void Within_its_second_a_sample_stands_for_the_second_that_was_meant(long now, int late)
    {
        var step = SamplingPlan.Decide(now, 10_000, 9_000, TimeSpan.FromSeconds(1));
        Assert.Equal(new SamplingStep(true, 10_000, (SampleFlags)late, 0, 11_000), step);
    }

    [Fact]
    public void A_timer_that_fires_too_early_is_set_again() =>
        Assert.Equal(new SamplingStep(false, 0, SampleFlags.None, 0, 10_000), SamplingPlan.Decide(9_500, 10_000, 9_000, TimeSpan.FromMilliseconds(500)));

    [Fact]
    public void Seconds_in_which_the_process_stood_still_are_gaps_and_counted()
    {
        var step = SamplingPlan.Decide(15_250, 10_000, 9_000, TimeSpan.FromSeconds(6.25));
        Assert.Equal(new SamplingStep(true, 15_000, SampleFlags.Late, 5, 16_000), step);
    }

    [Fact]
    public void A_clock_set_an_hour_forward_is_no_missed_hour()
    {
        var step = SamplingPlan.Decide(3_610_000, 10_000, 9_000, TimeSpan.FromSeconds(1));
        Assert.Equal(new SamplingStep(true, 3_610_000, SampleFlags.None, 0, 3_611_000), step);
    }

    [Fact]
    public void A_clock_set_an_hour_back_is_followed_at_once()
    {
        var step = SamplingPlan.Decide(3_600_040, 7_200_000, 7_199_000, TimeSpan.FromSeconds(1));
        Assert.Equal(new SamplingStep(true, 3_600_000, SampleFlags.None, 0, 3_601_000), step);
    }

    [Fact]
    public void Before_the_first_sample_nothing_can_have_been_missed() =>
        Assert.Equal(0, SamplingPlan.Decide(10_000, 10_000, 0, TimeSpan.FromDays(3)).Missed);
}

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class SamplerTests
{
    private readonly TestClock _clock = new(DateTimeOffset.FromUnixTimeMilliseconds(1_000_000_400));

    [Fact]
    public void Two_samplers_of_one_agent_take_each_second_once()
    {
        var state = Samples.Agent();
        var times = new List<long>();
        var ending = new Sampler(state, _clock);
        var following = new Sampler(state, _clock);

        Pass(600);
        ending.Wake(Note);
        following.Wake(Note);
        Pass(1000);
        following.Wake(Note);
        ending.Wake(Note);

        Assert.Equal([1_000_001_000, 1_000_002_000], times);
        Assert.Equal((2L, 0L), (state.Taken, state.MissedTicks));

        void Note(TakenSample taken) => times.Add(taken.Sample.TimeMs);
    }

    [Fact]
    public void A_sampler_that_follows_another_within_a_second_goes_on_with_the_next()
    {
        var state = Samples.Agent();
        var first = new Sampler(state, _clock);
        Pass(600);
        first.Wake(_ => { });
        Pass(300);

        Assert.Equal(TimeSpan.FromMilliseconds(700), new Sampler(state, _clock).UntilNext);
    }

    private void Pass(int ms) => _clock.Advance(TimeSpan.FromMilliseconds(ms));
}

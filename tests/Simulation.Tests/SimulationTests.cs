namespace Simulation.Tests;

/// <summary>Some hundred clusters, each from its own seed. A failure names the command that replays it.</summary>
public abstract class SimulationTests(int seeds, int nodes, int steps)
{
    private protected void Holds(int first, int count)
    {
        for (var seed = first; seed < first + count; seed++)
        {
            var faults = new SimulationRun(seed, seeds, nodes - seeds, steps).Play();
            Assert.True(
                faults.Count == 0,
                $"replay: dotnet run --project tests/Simulation -- --seed {seed} --seeds {seeds} --nodes {nodes} --steps {steps}\n{string.Join("\n", faults.Take(20))}");
        }
    }
}

public sealed class OneSeedTests() : SimulationTests(seeds: 1, nodes: 5, steps: 30)
{
    [Theory]
    [InlineData(1)]
    [InlineData(51)]
    [InlineData(101)]
    [InlineData(151)]
    public void One_seed_and_its_agents_withstand_all_faults(int first) => Holds(first, 50);
}

public sealed class TwoSeedsTests() : SimulationTests(seeds: 2, nodes: 6, steps: 30)
{
    [Theory]
    [InlineData(1001)]
    [InlineData(1031)]
    public void Two_seeds_and_their_agents_withstand_all_faults(int first) => Holds(first, 30);
}

public sealed class ThreeSeedsTests() : SimulationTests(seeds: 3, nodes: 7, steps: 30)
{
    [Theory]
    [InlineData(2001)]
    [InlineData(2021)]
    public void Three_seeds_and_their_agents_withstand_all_faults(int first) => Holds(first, 20);
}

public sealed class ReplayTests
{
    [Fact]
    public void The_same_seed_gives_the_same_run_and_another_seed_another()
    {
        var prints = new[] { 7, 7, 8 }.Select(seed =>
        {
            var run = new SimulationRun(seed, 2, 3, 20);
            run.Play();
            return run.World.Journal.Fingerprint();
        }).ToArray();
        Assert.Equal(prints[0], prints[1]);
        Assert.NotEqual(prints[0], prints[2]);
    }
}

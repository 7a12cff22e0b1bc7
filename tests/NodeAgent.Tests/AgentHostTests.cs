using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent.Tests;

/// <summary>The whole agent but its collectors, over real links, against a stand-in for the seed.</summary>
public sealed class AgentHostTests : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();
    private readonly CancellationTokenSource _stop = new();
    private readonly List<UplinkReport> _reports = [];
    private readonly AgentState _state = Samples.Agent();
    private readonly StandInSeed _seed;
    private Task _running = Task.CompletedTask;

    public AgentHostTests() => _seed = new StandInSeed(_folder.FullName);

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30));
        await _seed.DisposeAsync();
        _state.Dispose();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_agent_joins_reports_and_at_the_end_sends_what_it_has_and_leaves()
    {
        _seed.Start();
        Run();
        var hello = await _seed.Hello(0);
        Assert.Equal(("n1", 7UL), (hello.Name, hello.Incarnation));
        await Until(() => _seed.SeesAgentUp, "the agent is up");
        await Until(() => _state.Taken >= 2, "two samples");
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _state.Outbox.Counters.Blocks);
        Assert.Equal(_state.Taken, _seed.CommittedSeconds.Count);
        await Until(() => !_seed.SeesAgentUp, "the agent has left");
    }

    [Fact]
    public async Task An_agent_that_is_declared_down_comes_back_in_the_same_process_on_the_same_port_and_loses_nothing()
    {
        _seed.Start();
        Run();
        var first = await _seed.Hello(0);
        await Until(() => _seed.SeesAgentUp, "the agent is up");
        _seed.DownAgents();
        var second = await _seed.Hello(1);
        Assert.Equal(first.Address, second.Address);
        Assert.Equal(first.Incarnation, second.Incarnation);
        await Until(() => _seed.SeesAgentUp, "the agent is up again");
        await StopAndCheckThatNothingIsLost();
    }

    [Fact]
    public async Task A_seed_that_is_killed_and_started_again_gets_its_agent_back_with_all_samples()
    {
        _seed.Start();
        Run();
        await _seed.Hello(0);
        await Until(() => _state.Taken >= 1, "a sample");
        await _seed.Kill();
        await Until(() => Reports().Contains(UplinkReport.Lost), "the link is lost");
        _seed.Start();
        await Until(() => _seed.SeesAgentUp, "the agent is up at the new seed");
        await Until(() => Reports().Count(r => r == UplinkReport.Accepted) >= 2, "accepted again");
        await StopAndCheckThatNothingIsLost();
    }

    [Fact]
    public async Task A_port_in_use_is_a_clear_error_at_the_start()
    {
        _seed.Start();
        var options = AgentOptions.From(_seed.Settings, "host") with { Port = _seed.Port, Host = "127.0.0.1" };
        var error = await Assert.ThrowsAsync<UserError>(() => new AgentHost(options, _state, Around()).RunAsync(_stop.Token));
        Assert.Contains($"{_seed.Port}", error.Message, StringComparison.Ordinal);
    }

    private async Task StopAndCheckThatNothingIsLost()
    {
        await Until(() => _state.Outbox.Counters.Blocks == 0 || _state.Taken > 3, "some samples");
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(0, _state.Outbox.Counters.Blocks);
        Assert.Equal(_state.Taken, _seed.CommittedSeconds.Count);
    }

    private void Run() => _running = new AgentHost(AgentOptions.From(_seed.Settings, "host"), _state, Around()).RunAsync(_stop.Token);

    private AgentSurroundings Around() => new(TimeProvider.System, new Random(1), null, r =>
    {
        lock (_reports)
        {
            _reports.Add(r);
        }
    });

    private List<UplinkReport> Reports()
    {
        lock (_reports)
        {
            return [.. _reports];
        }
    }

    private static async Task Until(Func<bool> condition, string what)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"after a minute, still not: {what}");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}

using System.Text.Json;

namespace ClusterMonitor.EndToEnd;

/// <summary>A seed with one agent, made once for all tests of this class.</summary>
public sealed class SmallFleet : IAsyncLifetime
{
    internal MonitoredFleet Fleet { get; } = new();

    public async Task InitializeAsync()
    {
        await Fleet.StartSeedAsync();
        Fleet.StartAgent("web-1", "--label", "rack=a7");
        await Fleet.UntilAsync("both are measured", s => s.CpuOf("seed") is not null && s.CpuOf("web-1") is not null);
    }

    public async Task DisposeAsync() => await Fleet.DisposeAsync();
}

/// <summary>The shapes that scripts rely on.</summary>
public sealed class OutputTests(SmallFleet small) : IClassFixture<SmallFleet>
{
    private readonly MonitoredFleet _fleet = small.Fleet;

    [Fact]
    public async Task Status_has_every_promised_field()
    {
        var status = await _fleet.UntilAsync(
            "availability is known",
            s => s.Find("web-1") is { } n && n.GetProperty("availability").GetProperty("1h").ValueKind == JsonValueKind.Number);
        Assert.Equal(["time", "seed", "nodes"], status.Root.EnumerateObject().Select(p => p.Name).Take(3));
        Assert.Equal("seed", status.Root.GetProperty("seed").GetProperty("name").GetString());
        Assert.Contains(_fleet.Address, status.Root.GetProperty("seed").GetProperty("address").GetString(), StringComparison.Ordinal);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", status.Root.GetProperty("time").GetString());

        var node = status.Find("web-1")!.Value;
        string[] fields = ["name", "id", "address", "state", "since", "reason", "last_sample", "incarnation", "labels", "agent_version", "os", "metrics", "availability"];
        Assert.All(fields, f => Assert.True(node.TryGetProperty(f, out _), $"no {f} in {node}"));
        Assert.Equal("a7", node.GetProperty("labels").GetProperty("rack").GetString());
        string[] metrics = ["cpu", "mem", "swap", "disk", "rx_bytes_per_s", "tx_bytes_per_s", "read_bytes_per_s", "write_bytes_per_s", "load1"];
        Assert.All(metrics, m => Assert.True(node.GetProperty("metrics").TryGetProperty(m, out _), $"no {m} in {node}"));
        Assert.InRange(node.GetProperty("metrics").GetProperty("cpu").GetDouble(), 0, 1);
        Assert.InRange(node.GetProperty("metrics").GetProperty("mem").GetDouble(), 0, 1);
        string[] windows = ["1h", "24h", "7d", "30d"];
        Assert.All(windows, w => Assert.InRange(node.GetProperty("availability").GetProperty(w).GetDouble(), 0, 1));
    }

    [Fact]
    public async Task Status_without_json_is_a_table_for_people()
    {
        var ended = await _fleet.TuiAsync("status");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("web-1", ended.Out, StringComparison.Ordinal);
        Assert.Contains("up", ended.Out, StringComparison.Ordinal);
        Assert.Empty(ended.ErrorLines);
    }

    [Theory]
    [InlineData("system.cpu.utilization", "1")]
    [InlineData("system.memory.utilization", "1")]
    [InlineData("system.network.io", "By")]
    public async Task History_gives_points_of_time_min_avg_and_max(string metric, string unit)
    {
        var ended = await Wait.ForAsync(
            "points of " + metric,
            TimeSpan.FromSeconds(40),
            () => _fleet.TuiAsync("history", "web-1", metric, "--since", "5m", "--step", "1s", "--json"),
            e => e.ExitCode == 0 && JsonDocument.Parse(e.Out).RootElement.GetProperty("points").GetArrayLength() > 1);
        var root = JsonDocument.Parse(ended.Out).RootElement;
        Assert.Equal("web-1", root.GetProperty("node").GetString());
        Assert.Equal(metric, root.GetProperty("metric").GetString());
        Assert.StartsWith(unit, root.GetProperty("unit").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, root.GetProperty("step_s").GetDouble());
        Assert.Equal(JsonValueKind.Object, root.GetProperty("attributes").ValueKind);
        Assert.All(root.GetProperty("points").EnumerateArray(), p =>
        {
            Assert.Equal(4, p.GetArrayLength());
            Assert.Equal(0, p[0].GetInt64() % 1000);
            Assert.True(p[1].GetDouble() <= p[2].GetDouble() && p[2].GetDouble() <= p[3].GetDouble());
        });
    }

    [Theory]
    [InlineData("nobody", "system.cpu.utilization")]
    [InlineData("web-1", "no.such.metric")]
    public async Task History_of_what_is_not_there_is_one_clear_line(string node, string metric)
    {
        var ended = await _fleet.TuiAsync("history", node, metric, "--since", "5m");
        Assert.NotEqual(0, ended.ExitCode);
        Assert.Contains(node == "nobody" ? node : metric, Assert.Single(ended.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Events_are_one_object_a_line_with_the_states_by_name()
    {
        var events = await _fleet.EventsAsync("web-1");
        Assert.Equal(["time", "node", "from", "to", "reason"], events[0].EnumerateObject().Select(p => p.Name));
        Assert.Equal("up", events[^1].GetProperty("to").GetString());
    }

    [Theory]
    [InlineData("120x40")]
    [InlineData("80x24")]
    public async Task A_frame_has_the_size_that_was_asked_for_and_the_nodes(string size)
    {
        var ended = await _fleet.TuiAsync("frame", "--size", size);
        Assert.Equal(0, ended.ExitCode);
        var lines = ended.Out.TrimEnd('\n').Split('\n');
        Assert.True(lines.Length <= int.Parse(size.Split('x')[1], System.Globalization.CultureInfo.InvariantCulture));
        Assert.Contains(lines, l => l.Contains("web-1", StringComparison.Ordinal));
        Assert.DoesNotContain('\u001b', ended.Out);
    }

    [Fact]
    public async Task A_frame_of_ten_by_five_is_no_crash()
    {
        var ended = await _fleet.TuiAsync("frame", "--size", "10x5");
        Assert.Equal(0, ended.ExitCode);
    }

    [Fact]
    public async Task Samples_of_this_machine_need_no_seed()
    {
        var ended = await RunningProgram.RunAsync(Programs.NodeAgent, _fleet.Folder, "sample", "--count", "1", "--json");
        Assert.Equal(0, ended.ExitCode);
        Assert.Contains("system.cpu.utilization", ended.Out, StringComparison.Ordinal);
    }
}

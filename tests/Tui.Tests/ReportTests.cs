using System.Text.Json;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

/// <summary>What scripts read: the shapes are a contract.</summary>
public sealed class ReportTests
{
    [Fact]
    public void Status_has_these_members_in_this_order()
    {
        using var json = JsonDocument.Parse(Status());
        Assert.Equal(["time", "seed", "nodes"], Names(json.RootElement));
        Assert.Equal(["name", "address", "version"], Names(json.RootElement.GetProperty("seed")));
        var node = json.RootElement.GetProperty("nodes")[0];
        Assert.Equal(
            ["name", "id", "address", "state", "since", "reason", "last_sample", "incarnation", "labels", "agent_version", "os", "metrics", "availability"],
            Names(node));
        Assert.Equal(
            ["cpu", "mem", "swap", "disk", "rx_bytes_per_s", "tx_bytes_per_s", "read_bytes_per_s", "write_bytes_per_s", "load1"],
            Names(node.GetProperty("metrics")));
        Assert.Equal(["1h", "24h", "7d", "30d"], Names(node.GetProperty("availability")));
        Assert.Equal("2026-11-21T18:04:02.250Z", json.RootElement.GetProperty("time").GetString());
        Assert.Equal("10.0.0.5:4053", json.RootElement.GetProperty("seed").GetProperty("address").GetString());
    }

    [Fact]
    public void Metrics_are_null_of_a_node_that_is_neither_up_nor_suspect_and_where_there_is_none()
    {
        using var json = JsonDocument.Parse(Status());
        var nodes = json.RootElement.GetProperty("nodes").EnumerateArray().ToDictionary(n => n.GetProperty("id").GetString()!, n => n);
        Assert.All(nodes["id-5"].GetProperty("metrics").EnumerateObject(), m => Assert.Equal(JsonValueKind.Null, m.Value.ValueKind));
        Assert.Equal(JsonValueKind.Number, nodes["id-7"].GetProperty("metrics").GetProperty("cpu").ValueKind);
        Assert.Equal(JsonValueKind.Null, nodes["id-1"].GetProperty("metrics").GetProperty("swap").ValueKind);
        Assert.Equal(JsonValueKind.Null, nodes["id-1"].GetProperty("availability").GetProperty("30d").ValueKind);
        Assert.Equal(JsonValueKind.Null, nodes["id-15"].GetProperty("last_sample").ValueKind);
    }

    [Fact]
    public void History_is_points_of_time_min_avg_max()
    {
        var series = Series();
        var answer = new HistoryAnswer { Node = "web-1", StepMs = 10_000 };
        var text = Json.Text(json => ReportJson.WriteHistory(json, answer, series));
        Assert.Equal(
            "{\"node\":\"web-1\",\"metric\":\"system.network.io\",\"attributes\":{\"device\":\"eth0\",\"direction\":\"receive\"},\"unit\":\"By/s\",\"step_s\":10,\"points\":[[1000,1,1.5,2],[21000,3,3,null]]}",
            text);
    }

    [Fact]
    public void History_as_csv_has_a_header_and_reads_back_the_same()
    {
        using var output = new StringWriter();
        HistoryCommand.WriteCsv(output, Series());
        Assert.Equal("time_ms,min,avg,max\r\n1000,1,1.5,2\r\n21000,3,3,NaN\r\n", output.ToString());
    }

    [Fact]
    public void An_event_is_one_line()
    {
        var line = new EventLine(1_000, "id", "evil\u001b\n", AvailabilityState.AvailabilityUp, AvailabilityState.AvailabilitySuspect, "its link \"broke\"", Refused: false);
        Assert.Equal(
            "{\"time\":\"1970-01-01T00:00:01.000Z\",\"node\":\"evil\\u001B\\n\",\"from\":\"up\",\"to\":\"suspect\",\"reason\":\"its link \\\"broke\\\"\"}",
            Json.Text(json => ReportJson.WriteEvent(json, line)));
    }

    [Fact]
    public void In_a_pipe_the_status_is_plain_columns_without_control_characters()
    {
        using var output = new StringWriter();
        var context = new ProgramContext("Tui", output, output, new ManualTime(SampleFleet.Now), new Random(1), new Dictionary<string, string>(), Terminals.None);
        var fleet = new FleetState();
        fleet.Apply(SampleFleet.Frame(26));
        ReportTables.WriteStatus(context, fleet, new Clock(context.Time));

        var lines = output.ToString().Split(Environment.NewLine);
        Assert.StartsWith("NODE ", lines[0]);
        Assert.Contains(lines, l => l.StartsWith("gpu-a005.hall1", StringComparison.Ordinal) && l.Contains("unreachable for 20 s", StringComparison.Ordinal));
        Assert.DoesNotContain(output.ToString(), c => c == '\u001b');
        Assert.StartsWith("seed seed-1: 1 joining, 19 up", lines[^2]);
    }

    [Theory]
    [InlineData(3600, 10)]
    [InlineData(86_400, 60)]
    [InlineData(30 * 86_400, 1800)]
    [InlineData(3650.0 * 86_400, 604_800)]
    public void A_long_time_gets_a_longer_step(double seconds, int step) =>
        Assert.Equal(TimeSpan.FromSeconds(step), HistoryCommand.DefaultStep((long)seconds * 1000));

    [Theory]
    [InlineData("120x40", true)]
    [InlineData("1x1", true)]
    [InlineData("0x40", false)]
    [InlineData("120", false)]
    [InlineData("120x40x2", false)]
    [InlineData("-3x4", false)]
    [InlineData("99999x4", false)]
    public void A_size_is_columns_x_rows(string text, bool good) =>
        Assert.Equal(good, Record.Exception(() => FrameCommand.ReadSize(text)) is null);

    private static HistorySeries Series()
    {
        var series = new HistorySeries { Unit = "By/s", Selector = new MetricSelector { Metric = "system.network.io" } };
        series.Selector.Attributes["direction"] = "receive";
        series.Selector.Attributes["device"] = "eth0";
        series.TimeMs.AddRange([1000, 21_000]);
        series.Min.AddRange([1, 3]);
        series.Avg.AddRange([1.5, 3]);
        series.Max.AddRange([2, double.NaN]);
        return series;
    }

    private static string Status()
    {
        var fleet = new FleetState();
        fleet.Apply(SampleFleet.Frame(26));
        return Json.Text(json => ReportJson.WriteStatus(json, fleet));
    }

    private static string[] Names(JsonElement element) => element.EnumerateObject().Select(p => p.Name).ToArray();
}

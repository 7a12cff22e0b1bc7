using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Tests.Nodes;

public sealed class HistoryReaderTests
{
    private const long T0 = NodeData.T0;

    private readonly ListJournal _journal = new();
    private readonly List<LiveEntry> _tail = [];
    private readonly List<string> _warnings = [];
    private readonly Dictionary<ulong, MetricSchema> _schemas = new() { [NodeData.Schema.Hash] = NodeData.Schema };

    private async Task<object> Ask(MetricSelector selector, long fromMs = T0, long toMs = T0 + 60_000, long stepMs = 0)
    {
        var query = new HistoryQuery { Node = "n1", FromMs = fromMs, ToMs = toMs, StepMs = stepMs, Selectors = { selector } };
        var reader = new HistoryReader(_journal, _warnings.Add);
        HistoryRange range;
        try
        {
            range = HistoryRange.Of(query, T0, T0 + 120_000, T0 + 120_000);
        }
        catch (QueryRefusedException e)
        {
            return e.Refusal;
        }

        SequenceRange[] ranges = _journal.Blocks.Count == 0 ? [] : [new(1, _journal.Blocks.Count)];
        return await reader.Answer(query, new HistoryContext("node-n1", "web", _schemas, NodeData.Schema, ranges, _tail, range));
    }

    private async Task<HistorySeries> Series(MetricSelector selector, long fromMs = T0, long toMs = T0 + 60_000, long stepMs = 0) =>
        Assert.Single(Assert.IsType<HistoryAnswer>(await Ask(selector, fromMs, toMs, stepMs)).Series);

    private static IEnumerable<long> Seconds(HistorySeries series) => series.TimeMs.Select(t => (t - T0) / 1000);

    [Fact]
    public async Task Blocks_and_live_tail_join_without_seam_or_double_count()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));
        _journal.Add(NodeData.Block(7, 2, NodeData.Samples(10, 10)));
        _tail.AddRange(NodeData.Samples(20, 5).Select(s => new LiveEntry(7, NodeData.Schema, s)));

        var cpu = await Series(NodeData.Selector("system.cpu.utilization"));
        var net = await Series(NodeData.Selector("system.network.io", ("direction", "receive")));

        Assert.Equal(Enumerable.Range(0, 25).Select(n => (long)n), Seconds(cpu));
        Assert.Equal(Enumerable.Range(0, 25).Select(n => Math.Round(0.02 + (n * 0.01), 9)), cpu.Avg.Select(v => Math.Round(v, 9)));
        Assert.Equal(Enumerable.Range(1, 24).Select(n => (long)n), Seconds(net));
        Assert.All(net.Avg, v => Assert.Equal(1500, v));
        Assert.Equal(("1", "By/s"), (cpu.Unit, net.Unit));
    }

    [Fact]
    public async Task Where_the_seed_sealed_a_tail_the_agents_own_block_wins()
    {
        var seen = NodeData.Samples(10, 8).Select(s => s.With(0, 9000)).ToList();
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));
        _journal.Add(NodeData.Block(7, 0, seen), sealedBySeed: true);
        _journal.Add(NodeData.Block(7, 2, NodeData.Samples(10, 5)));

        var user = await Series(NodeData.Selector("system.cpu.utilization", ("state", "user")), stepMs: 1000);

        Assert.Equal(Enumerable.Range(0, 18).Select(n => (long)n), Seconds(user));
        Assert.Equal([0.13, 0.14, 0.9, 0.9], user.Max.Skip(13).Take(4));
        Assert.Equal(user.Min, user.Max);
    }

    [Fact]
    public async Task Two_incarnations_are_told_apart()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 5)));
        _journal.Add(NodeData.Block(8, 1, NodeData.Samples(7, 5)));

        var net = await Series(NodeData.Selector("system.network.io", ("direction", "receive")));

        // No rate across the restart, though the counters went on.
        Assert.Equal([1, 2, 3, 4, 8, 9, 10, 11], Seconds(net));
    }

    [Fact]
    public async Task Steps_have_least_mean_and_most_and_gaps_have_no_point()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));
        _journal.Add(NodeData.Block(7, 2, NodeData.Samples(35, 10)));

        var user = await Series(NodeData.Selector("system.cpu.utilization", ("state", "user")), stepMs: 10_000);

        Assert.Equal([0, 30, 40], Seconds(user));
        Assert.Equal([0.0, 0.35, 0.40], user.Min);
        Assert.Equal([0.045, 0.37, 0.42], user.Avg.Select(v => Math.Round(v, 9)));
        Assert.Equal([0.09, 0.39, 0.44], user.Max);
    }

    [Fact]
    public async Task A_reset_counter_is_a_gap_not_a_spike()
    {
        var column = NodeData.Column("system.network.io", ("device", "eth0"), ("direction", "transmit"));
        var samples = NodeData.Samples(0, 10).Select((s, i) => i >= 5 ? s.With(column, (i - 5) * 250) : s).ToList();
        _journal.Add(NodeData.Block(7, 1, samples));

        var sent = await Series(NodeData.Selector("system.network.io", ("direction", "transmit")));

        Assert.Equal([1, 2, 3, 4, 6, 7, 8, 9], Seconds(sent));
        Assert.All(sent.Max, v => Assert.Equal(250, v));
    }

    [Fact]
    public async Task The_first_rate_of_a_range_comes_from_the_sample_before_it()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));
        _journal.Add(NodeData.Block(7, 2, NodeData.Samples(10, 10)));

        var net = await Series(NodeData.Selector("system.network.io", ("direction", "receive")), fromMs: T0 + 10_000);

        Assert.Equal(10, Seconds(net).First());
    }

    [Fact]
    public async Task A_schema_that_changes_midway_breaks_no_series()
    {
        var other = new MetricSchema(NodeData.Schema.Descriptors.Reverse());
        _schemas.Add(other.Hash, other);
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));
        _journal.Add(NodeData.Block(7, 2, [.. NodeData.Samples(10, 10).Select(s => s with { Values = [.. s.Values.Reverse()] })], other));

        var net = await Series(NodeData.Selector("system.network.io", ("direction", "receive")));

        Assert.Equal(Enumerable.Range(1, 19).Select(n => (long)n), Seconds(net));
        Assert.All(net.Avg, v => Assert.Equal(1500, v));
    }

    [Fact]
    public async Task Left_out_attributes_mean_what_people_mean()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 10)));

        async Task<double> Last(MetricSelector selector) => (await Series(selector)).Avg[^1];

        Assert.Equal(0.11, await Last(NodeData.Selector("system.cpu.utilization")), 9);
        Assert.Equal(0.18, await Last(NodeData.Selector("system.cpu.utilization", ("cpu", "0"))), 9);
        Assert.Equal(0.4, await Last(NodeData.Selector("system.memory.utilization")), 9);
        Assert.Equal(4_000_000, await Last(NodeData.Selector("system.memory.usage")));
        Assert.Equal(1750, await Last(NodeData.Selector("system.network.io")));
        Assert.Equal(7, await Last(NodeData.Selector("system.network.io", ("device", "lo"))));
        Assert.Equal(1.23, await Last(NodeData.Selector("system.cpu.load_average.1m")), 9);
    }

    [Theory]
    [InlineData("system.filesystem.utilization", 3)]
    [InlineData("system.disk.io_time", 2)]
    public async Task Where_a_sum_means_nothing_the_choices_are_listed(string metric, int choices)
    {
        var refused = Assert.IsType<QueryRefused>(await Ask(NodeData.Selector(metric)));
        Assert.Equal((QueryRefusal.Ambiguous, choices), (refused.Reason, refused.Choices.Count));
        Assert.Contains("--attr", refused.Text);
    }

    [Fact]
    public async Task An_unknown_metric_is_told_with_what_is_near()
    {
        var refused = Assert.IsType<QueryRefused>(await Ask(NodeData.Selector("memory.used")));
        Assert.Equal(QueryRefusal.UnknownMetric, refused.Reason);
        Assert.Contains("system.memory.utilization", refused.Text);

        refused = Assert.IsType<QueryRefused>(await Ask(NodeData.Selector("system.cpu.utilization", ("cpu", "99"))));
        Assert.Equal(QueryRefusal.UnknownMetric, refused.Reason);
        Assert.Equal(6, refused.Choices.Count);
    }

    [Theory]
    [InlineData(60_000, 0, 0, QueryRefusal.BadRange)]
    [InlineData(0, 0, 0, QueryRefusal.BadRange)]
    [InlineData(0, 60_000, -1, QueryRefusal.BadRange)]
    [InlineData(200_000, 300_000, 0, QueryRefusal.BadRange)]
    public async Task A_range_that_makes_no_sense_is_refused(long from, long to, long step, QueryRefusal reason)
    {
        var refused = Assert.IsType<QueryRefused>(await Ask(NodeData.Selector("system.cpu.utilization"), T0 + from, T0 + to, step));
        Assert.Equal(reason, refused.Reason);
        Assert.NotEmpty(refused.Text);
    }

    [Fact]
    public void Ten_years_at_a_second_are_too_much_if_they_are_there()
    {
        const long Years = 10L * 365 * 86_400_000;
        var query = new HistoryQuery { FromMs = T0 - Years, ToMs = T0, StepMs = 1000, Selectors = { new MetricSelector { Metric = "m" } } };

        var refused = Assert.Throws<QueryRefusedException>(() => HistoryRange.Of(query, T0 - Years, T0, T0)).Refusal;
        Assert.Equal(QueryRefusal.TooLarge, refused.Reason);
        Assert.Contains("a step of at least 3154s", refused.Text);

        // Where only an hour is there, the same question is fine.
        Assert.Equal(3600, HistoryRange.Of(query, T0 - 3_600_000, T0, T0).Steps);
    }

    [Fact]
    public void Extreme_numbers_do_not_overflow()
    {
        var query = new HistoryQuery { FromMs = long.MinValue, ToMs = long.MaxValue, StepMs = long.MaxValue, Selectors = { new MetricSelector { Metric = "m" } } };
        Assert.InRange(HistoryRange.Of(query, T0, T0 + 1000, T0 + 1000).Steps, 0, 1);
        Assert.InRange(HistoryRange.Of(query, long.MaxValue, long.MinValue, T0).Steps, 0, 1);
    }

    [Fact]
    public async Task A_damaged_block_is_a_gap_and_a_warning()
    {
        _journal.Add(NodeData.Block(7, 1, NodeData.Samples(0, 5)));
        var damaged = NodeData.Block(7, 2, NodeData.Samples(5, 5));
        var bytes = damaged.Block.ToByteArray();
        bytes[^10] ^= 0x40;
        damaged.Block = Google.Protobuf.ByteString.CopyFrom(bytes);
        _journal.Add(damaged);
        _journal.Add(NodeData.Block(7, 3, NodeData.Samples(10, 5)));

        var cpu = await Series(NodeData.Selector("system.cpu.utilization"));

        Assert.Equal([0, 1, 2, 3, 4, 10, 11, 12, 13, 14], Seconds(cpu));
        Assert.Contains("block 2 of node-n1", Assert.Single(_warnings));
    }

    [Fact]
    public async Task No_history_at_all_is_an_answer_without_points() =>
        Assert.Empty((await Series(NodeData.Selector("system.cpu.utilization"))).TimeMs);
}

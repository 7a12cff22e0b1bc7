using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

public sealed class CollectorSetTests
{
    private readonly List<string> _log = [];

    [Fact]
    public void A_collector_that_throws_is_off_said_once_and_harms_no_other()
    {
        var broken = new FakeCollector("broken") { Error = new IOException("no such file") };
        using var set = Set(broken, new FakeCollector("good", "a"));
        for (var tick = 0; tick < 5; tick++)
        {
            var collected = set.Collect();
            Assert.Equal([7], collected.Values);
        }

        Assert.Equal(["broken"], set.Failed);
        Assert.Equal(1, broken.Reads);
        Assert.Contains("no such file", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_comes_back_after_a_minute_is_read_again_and_said()
    {
        var broken = new FakeCollector("late", "b") { Error = new IOException("not yet") };
        using var set = Set(broken, new FakeCollector("good", "a"));
        set.Collect();
        broken.Error = null;
        for (var tick = 0; tick < 59; tick++)
        {
            Assert.Single(set.Collect().Values);
        }

        Assert.Equal([7, 7], set.Collect().Values);
        Assert.Empty(set.Failed);
        Assert.Contains(_log, l => l.Contains("late is back", StringComparison.Ordinal));
    }

    [Fact]
    public void A_source_that_fails_later_keeps_its_columns_without_values()
    {
        var flaky = new FakeCollector("flaky", "a", "b");
        using var set = Set(flaky);
        var schema = set.Collect().Schema;
        flaky.Error = new UnauthorizedAccessException("taken away");
        var collected = set.Collect();
        Assert.Same(schema, collected.Schema);
        Assert.Equal([MetricValue.Missing, MetricValue.Missing], collected.Values);
    }

    [Fact]
    public void Columns_that_change_give_a_new_schema_in_the_same_order()
    {
        var devices = new FakeCollector("devices", "x");
        using var set = Set(devices, new FakeCollector("tail", "z"));
        var first = set.Collect().Schema;
        devices.SetColumns("x", "y");
        var second = set.Collect();
        Assert.Equal(["x", "y", "z"], second.Schema.Descriptors.Select(d => d.Name));
        Assert.NotEqual(first.Hash, second.Schema.Hash);
        devices.SetColumns("x");
        Assert.Equal(first.Hash, set.Collect().Schema.Hash);
    }

    [Fact]
    public void A_source_with_too_many_columns_is_left_out()
    {
        using var set = Set(new FakeCollector("good", "a"), new FakeCollector("wide", [.. Enumerable.Range(0, MetricSchema.MaxColumns).Select(i => $"c{i}")]));
        Assert.Single(set.Collect().Values);
        Assert.Equal(["wide"], set.Failed);
    }

    [Fact]
    public void All_collectors_of_this_machine_agree_on_their_columns_tick_after_tick()
    {
        using var set = new CollectorSet(CollectorCatalog.All(), TimeProvider.System, _log.Add);
        for (var tick = 0; tick < 3; tick++)
        {
            var collected = set.Collect();
            Assert.Equal(collected.Schema.Count, collected.Values.Length);
            Assert.InRange(collected.Processes.Length, 1, 5);
        }

        Assert.DoesNotContain("stat", set.Failed);
        Assert.DoesNotContain("process", set.Failed);
        Assert.True(set.Schema.IndexOf(MetricDescriptor.Of("system.cpu.utilization", "1", MetricKind.Gauge, -4, ("state", "idle"))) >= 0);
    }

    private CollectorSet Set(params ICollector[] collectors) => new(collectors, TimeProvider.System, _log.Add);

    private sealed class FakeCollector(string name, params string[] columns) : ICollector
    {
        public string Name => name;

        public Exception? Error { get; set; }

        public int Reads { get; private set; }

        public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = Describe(columns);

        public void SetColumns(params string[] names) => Descriptors = Describe(names);

        public void Read(in CollectorTick tick)
        {
            Reads++;
            if (Error is not null)
            {
                throw Error;
            }
        }

        public void Write(Span<long> values) => values.Fill(7);

        public void Dispose()
        {
        }

        private static ImmutableArray<MetricDescriptor> Describe(string[] names) => [.. names.Select(n => MetricDescriptor.Of(n, "1", MetricKind.Gauge, 0))];
    }
}

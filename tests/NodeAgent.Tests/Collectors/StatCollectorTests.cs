using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;
using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

public sealed class StatCollectorTests
{
    [Fact]
    public void The_states_of_every_core_and_of_all_are_read()
    {
        var snapshot = new StatSnapshot();
        StatCollector.Parse("cpu  13027 1 2209 180504 651 2 90 1261 0 0\ncpu0 7176 0 1198 89500 434 0 27 539 0 0\ncpu1 5850 0 1010 91004 216 0 63 721 0 0\nintr 1 2 3\nctxt 629229\nprocesses 8510\nprocs_running 1\nprocs_blocked 4\n"u8, snapshot);
        Assert.Equal([StatSnapshot.AllCores, 0, 1], snapshot.Rows);
        Assert.Equal([13027, 1, 2209, 180504, 651, 2, 90, 1261], snapshot.Times(0).ToArray());
        Assert.Equal([5850, 0, 1010, 91004, 216, 0, 63, 721], snapshot.Times(2).ToArray());
        Assert.Equal((629229, 8510, 1, 4), (snapshot.ContextSwitches, snapshot.Forks, snapshot.Running, snapshot.Blocked));
    }

    [Fact]
    public void Cores_that_are_off_line_have_no_columns_and_96_cores_are_no_trouble()
    {
        var snapshot = new StatSnapshot();
        StatCollector.Parse(Fixture.Read("server-4.14", "stat"), snapshot);
        Assert.Equal(95, snapshot.Rows.Count);
        Assert.DoesNotContain(40, snapshot.Rows);
        Assert.Equal(95, snapshot.Rows[^1]);
        Assert.Equal(98765432, snapshot.Forks);
    }

    [Fact]
    public void Shares_add_up_to_the_whole_however_long_the_tick_was()
    {
        var shares = new long[8];
        StatCollector.Shares([0, 0, 0, 0, 0, 0, 0, 0], [250, 0, 50, 700, 0, 0, 0, 0], shares);
        Assert.Equal([2500, 0, 500, 7000, 0, 0, 0, 0], shares);
    }

    [Fact]
    public void A_state_that_runs_backwards_gives_no_spike()
    {
        var shares = new long[8];
        StatCollector.Shares([100, 0, 0, 1000, 50, 0, 0, 0], [110, 0, 0, 1090, 49, 0, 0, 0], shares);
        Assert.Equal([1000, 0, 0, 9000, 0, 0, 0, 0], shares);
    }

    [Fact]
    public void A_core_whose_clock_stood_still_was_not_measured()
    {
        var shares = new long[8];
        StatCollector.Shares(new long[8], new long[8], shares);
        Assert.All(shares, s => Assert.Equal(MetricValue.Missing, s));
    }

    [Fact]
    public void The_first_tick_has_counters_but_no_shares()
    {
        var values = Fixture.Collect(new StatCollector(Fixture.Proc("vm-6.18")));
        Assert.Equal(MetricValue.Missing, values["system.cpu.utilization{state=user}"]);
        Assert.Equal(MetricValue.Missing, values["system.cpu.utilization{cpu=1,state=idle}"]);
        Assert.True(values["system.linux.context_switches"] > 0);
        Assert.True(values["system.processes.created"] > 0);
    }

    [Fact]
    public void A_core_that_comes_changes_the_columns_and_is_measured_from_then_on()
    {
        var folder = Directory.CreateTempSubdirectory();
        try
        {
            var file = Path.Combine(folder.FullName, "stat");
            File.WriteAllText(file, "cpu  10 0 0 90 0 0 0 0\ncpu0 10 0 0 90 0 0 0 0\nctxt 1\n");
            using var collector = new StatCollector(folder.FullName);
            collector.Read(new CollectorTick(0, TimeSpan.Zero));
            var before = collector.Descriptors;
            File.WriteAllText(file, "cpu  20 0 0 180 0 0 0 0\ncpu0 10 0 0 90 0 0 0 0\ncpu1 10 0 0 90 0 0 0 0\nctxt 1\n");
            collector.Read(new CollectorTick(1, TimeSpan.FromSeconds(1)));
            Assert.Equal(before.Length + 8, collector.Descriptors.Length);
            File.WriteAllText(file, "cpu  30 0 0 270 0 0 0 0\ncpu0 15 0 0 135 0 0 0 0\ncpu1 15 0 0 135 0 0 0 0\nctxt 1\n");
            collector.Read(new CollectorTick(2, TimeSpan.FromSeconds(1)));
            var values = new long[collector.Descriptors.Length];
            collector.Write(values);
            Assert.Equal(1000, values[0]);
            Assert.Equal(1000, values[16]);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}

using System.Diagnostics;
using ClusterMonitor.NodeAgent.Collectors;
using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

public sealed class ProcessCollectorTests
{
    [Fact]
    public void A_stat_line_is_read_whatever_the_name_holds()
    {
        Assert.True(ProcessStat.TryParse("42 (a) R (b) c) S 1 42 42 0 -1 4194560 1 2 3 4 700 300 5 6 20 0 17 0 98765 123456789 4242 18446744073709551615 1 1\n"u8, out var stat));
        Assert.Equal("a) R (b) c", stat.Name.ToString());
        Assert.Equal((1000, 17, 98765, 4242), (stat.CpuTicks, stat.Threads, stat.StartTicks, stat.ResidentPages));
    }

    [Fact]
    public void A_real_stat_line_is_read()
    {
        Assert.True(ProcessStat.TryParse(Fixture.Read("vm-6.18", "1/stat"), out var stat));
        Assert.Equal(11, stat.Threads);
        Assert.True(stat.ResidentPages > 0);
        Assert.True(ProcessStat.ParseRunTime(Fixture.Read("vm-6.18", "1/schedstat")) > 0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("42 no brackets")]
    [InlineData(")(")]
    [InlineData("42 (x")]
    public void What_is_no_stat_line_is_refused(string text) => Assert.False(ProcessStat.TryParse(System.Text.Encoding.UTF8.GetBytes(text), out _));

    [Fact]
    public void The_busiest_come_first_and_memory_decides_between_idle_ones()
    {
        ProcessSlot[] processes =
        [
            Slot(1, 0, 10), Slot(2, 50, 1), Slot(3, 0, 99), Slot(4, 70, 1), Slot(5, 50, 2), Slot(6, 0, 20), Slot(7, 1, 1),
        ];
        var chosen = new int[5];
        Assert.Equal(5, ProcessCollector.Select(processes, chosen));
        Assert.Equal([4, 5, 2, 7, 3], chosen.Select(i => processes[i].Pid));
        Assert.Equal(2, ProcessCollector.Select(processes.AsSpan(..2), chosen));
        Assert.Equal([2, 1], chosen[..2].Select(i => processes[i].Pid));
    }

    [Theory]
    [InlineData(100, 1.0, 10_000)]
    [InlineData(50, 1.0, 5_000)]
    [InlineData(500, 5.0, 10_000)]
    [InlineData(3, 0.0, 0)]
    public void Cpu_time_is_a_share_of_the_time_that_really_passed(long ticks, double seconds, int expected) =>
        Assert.Equal(expected, ProcessCollector.Permyriad(ticks, TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void This_process_is_found_with_its_memory_and_threads()
    {
        using var scan = new ProcessScan("/proc");
        scan.Run();
        scan.Run();
        var self = scan.Processes.ToArray().Single(p => p.Pid == Environment.ProcessId);
        Assert.True(self.Threads > 1);
        Assert.True(self.ResidentPages > 1000);
        Assert.Equal(scan.Processes.ToArray().Select(p => p.Pid).Order(), scan.Processes.ToArray().Select(p => p.Pid));
    }

    [Fact]
    public void A_new_process_is_found_and_an_ended_one_is_gone()
    {
        using var scan = new ProcessScan("/proc");
        scan.Run();
        using var child = Process.Start(new ProcessStartInfo("sleep", "60"))!;
        try
        {
            scan.Run();
            Assert.Contains(scan.Processes.ToArray(), p => p.Pid == child.Id);
        }
        finally
        {
            child.Kill();
        }

        child.WaitForExit();
        scan.Run();
        Assert.DoesNotContain(scan.Processes.ToArray(), p => p.Pid == child.Id);
    }

    [Fact]
    public void Processes_scanned_with_and_without_short_cuts_are_the_same()
    {
        using var cached = new ProcessScan("/proc");
        using var plain = new ProcessScan("/proc", maxOpenFiles: 0);
        for (var round = 0; round < 3; round++)
        {
            cached.Run();
            plain.Run();
        }

        Assert.Equal(0, plain.OpenFiles);
        var both = plain.Processes.ToArray().Join(cached.Processes.ToArray(), p => p.Pid, p => p.Pid, (a, b) => (a, b)).ToList();
        Assert.True(both.Count > 5);
        Assert.All(both, p => Assert.Equal(p.a.StartTicks, p.b.StartTicks));
        Assert.All(both, p => Assert.Equal(p.a.Name, p.b.Name));
    }

    [Fact]
    public void Scanning_allocates_nothing_and_its_files_stay_within_the_limit()
    {
        using var scan = new ProcessScan("/proc", maxOpenFiles: 20);
        for (var warm = 0; warm < 5; warm++)
        {
            scan.Run();
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 20; round++)
        {
            scan.Run();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.InRange(scan.OpenFiles, 0, 20);
    }

    private static ProcessSlot Slot(int pid, long delta, long pages) => new() { Pid = pid, CpuDelta = delta, ResidentPages = pages };
}

using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

public sealed class SmallCollectorTests
{
    [Fact]
    public void Load_averages_are_hundredths_and_threads_are_counted()
    {
        Assert.Equal(new Loadavg(8, 25, 18, 99, 8508), LoadavgCollector.Parse("0.08 0.25 0.18 1/99 8508\n"u8));
        Assert.Equal(new Loadavg(12840, 9703, 6491, 9876, 412345), LoadavgCollector.Parse(Fixture.Read("server-4.14", "loadavg")));
    }

    [Fact]
    public void A_loadavg_of_garbage_gives_no_threads_and_no_crash() =>
        Assert.Equal(new Loadavg(0, 0, 0, MetricValue.Missing, 0), LoadavgCollector.Parse("what is this"u8));

    [Fact]
    public void Uptime_is_hundredths_of_a_second() => Assert.Equal(3_153_600_007, UptimeCollector.Parse(Fixture.Read("server-4.14", "uptime")));

    [Fact]
    public void Used_memory_is_what_is_not_available_and_the_states_add_up()
    {
        var values = Fixture.Collect(new MeminfoCollector(Fixture.Proc("server-4.14")));
        var total = values["system.memory.limit"];
        Assert.Equal(791_234_560L * 1024, total);
        Assert.Equal((791_234_560L - 456_789_012) * 1024, values["system.memory.usage{state=used}"]);
        Assert.Equal(total, values.Where(v => v.Key.StartsWith("system.memory.usage", StringComparison.Ordinal)).Sum(v => v.Value));
        Assert.Equal(4227, values["system.memory.utilization{state=used}"]);
        Assert.Equal((33_554_428L - 20_971_520) * 1024, values["system.paging.usage{state=used}"]);
        Assert.Equal(3750, values["system.paging.utilization{state=used}"]);
    }

    [Fact]
    public void A_machine_without_swap_has_no_swap_values()
    {
        var values = Fixture.Collect(new MeminfoCollector(Fixture.Proc("vm-6.18")));
        Assert.Equal(MetricValue.Missing, values["system.paging.utilization{state=used}"]);
        Assert.Equal(MetricValue.Missing, values["system.paging.usage{state=used}"]);
        Assert.NotEqual(MetricValue.Missing, values["system.memory.utilization{state=used}"]);
    }

    [Fact]
    public void A_kernel_that_does_not_say_what_is_available_gets_an_estimate() =>
        Assert.Equal((1024 + 128 + 256 - 64) * 1024, MeminfoCollector.Parse(Fixture.Read("container-5.15", "meminfo")).Available);

    [Fact]
    public void Paging_is_counted_and_major_faults_are_not_minor_ones_too()
    {
        Assert.Equal(new Vmstat(987654, 1234567, 4433221, 888777666555 - 4433221, 12), VmstatCollector.Parse(Fixture.Read("server-4.14", "vmstat")));
        Assert.Equal(MetricValue.Missing, VmstatCollector.Parse("nr_free_pages 1\npgfault 7\n"u8).MinorFaults);
    }

    [Fact]
    public void Pressure_totals_are_read_and_old_kernels_lack_full_for_cpu()
    {
        Assert.Equal(new Pressure(4567, MetricValue.Missing), PressureCollector.Parse(Fixture.Read("container-5.15", "pressure/cpu")));
        Assert.Equal(new Pressure(12, 34), PressureCollector.Parse("some avg10=0.00 avg60=0.00 avg300=0.00 total=12\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=34\n"u8));
        Assert.Equal(6, Fixture.Collect(new PressureCollector(Fixture.Proc("vm-6.18"))).Count);
    }

    [Fact]
    public void A_machine_without_pressure_files_says_so() =>
        Assert.ThrowsAny<IOException>(() => Fixture.Collect(new PressureCollector(Fixture.Proc("server-4.14"))));

    [Theory]
    [InlineData("48500\n", 48500)]
    [InlineData("-5000\n", -5000)]
    [InlineData("", MetricValue.Missing)]
    [InlineData("warm\n", MetricValue.Missing)]
    public void Temperatures_are_thousandths_and_may_be_below_zero(string text, long expected) =>
        Assert.Equal(expected, TemperatureCollector.Parse(System.Text.Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Sensors_are_named_by_chip_and_label_and_twins_are_told_apart()
    {
        var sys = Directory.CreateTempSubdirectory();
        try
        {
            Sensor("hwmon0", "coretemp", 1, "Package id 0", "45000");
            Sensor("hwmon0", "coretemp", 2, "Core 0", "44000");
            Sensor("hwmon10", "nvme", 1, "Composite", "38850");
            Sensor("hwmon2", "nvme", 1, "Composite", "39850");
            var values = Fixture.Collect(new TemperatureCollector(sys.FullName));
            Assert.Equal(
                [("hw.temperature{sensor=coretemp Package id 0}", 45000L), ("hw.temperature{sensor=coretemp Core 0}", 44000L), ("hw.temperature{sensor=nvme Composite}", 39850L), ("hw.temperature{sensor=nvme Composite#2}", 38850L)],
                values.Select(v => (v.Key, v.Value)));
        }
        finally
        {
            sys.Delete(recursive: true);
        }

        void Sensor(string chip, string name, int number, string label, string value)
        {
            var folder = sys.CreateSubdirectory($"class/hwmon/{chip}").FullName;
            File.WriteAllText(Path.Combine(folder, "name"), name + "\n");
            File.WriteAllText(Path.Combine(folder, $"temp{number}_label"), label + "\n");
            File.WriteAllText(Path.Combine(folder, $"temp{number}_input"), value + "\n");
        }
    }

    [Fact]
    public void Without_sensors_thermal_zones_do_and_without_those_there_are_no_columns()
    {
        var sys = Directory.CreateTempSubdirectory();
        try
        {
            Assert.Empty(Fixture.Collect(new TemperatureCollector(sys.FullName)));
            var zone = sys.CreateSubdirectory("class/thermal/thermal_zone0").FullName;
            File.WriteAllText(Path.Combine(zone, "type"), "x86_pkg_temp\n");
            File.WriteAllText(Path.Combine(zone, "temp"), "51000\n");
            Assert.Equal(51000, Assert.Single(Fixture.Collect(new TemperatureCollector(sys.FullName))).Value);
        }
        finally
        {
            sys.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("1.5", 2, 150)]
    [InlineData("1", 2, 100)]
    [InlineData("-0.25", 2, -25)]
    [InlineData("3.14159", 2, 314)]
    [InlineData("99999999999999999999999999", 2, 0)]
    [InlineData("x", 2, 0)]
    [InlineData("", 2, 0)]
    public void Decimals_are_read_exactly(string text, int decimals, long expected) =>
        Assert.Equal(expected, new KernelText(System.Text.Encoding.UTF8.GetBytes(text)).NextDecimal(decimals));

    [Fact]
    public void Names_from_the_kernel_lose_what_could_harm_a_terminal()
    {
        Assert.Equal("a\uFFFD[2Jb", KernelText.CleanName("a\u001b[2Jb"u8));
        Assert.Equal("日本", KernelText.CleanName("日本"u8));
        Assert.Equal("x\uFFFDy", KernelText.CleanName("x\u202ey"u8));
        Assert.Equal("\uFFFD\uFFFD", KernelText.CleanName([0xff, 0xfe]));
        Assert.Equal(200, KernelText.CleanName(new byte[5000].Select(_ => (byte)'a').ToArray()).Length);
    }
}

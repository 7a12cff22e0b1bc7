using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

public sealed class SeriesTests
{
    [Fact]
    public void A_trail_shows_gaps_where_nothing_was_measured()
    {
        var trail = new CpuTrail();
        trail.Set(1000, 0.5);
        trail.Set(1003, 1);
        Assert.Equal(0.5, trail.Peak(1000, 1));
        Assert.True(double.IsNaN(trail.Peak(1002, 2)));
        Assert.Equal(1, trail.Peak(1003, 4));
        Assert.True(double.IsNaN(trail.Peak(1004, 1)));

        // After a long silence nothing of before is taken for now.
        trail.Set(2000, 0.25);
        Assert.True(double.IsNaN(trail.Peak(1999, CpuTrail.Seconds - 1)));
        Assert.True(double.IsNaN(trail.Peak(1003, 1)));
    }

    [Fact]
    public void A_late_second_fills_its_place()
    {
        var trail = new CpuTrail();
        trail.Set(1000, 0.5);
        trail.Set(1002, 0.5);
        trail.Set(1001, 1);
        Assert.Equal(1, trail.Peak(1001, 1));
        Assert.Equal(1002, trail.Newest);
    }

    [Fact]
    public void A_loaded_trail_ends_with_its_last_second()
    {
        var trail = new CpuTrail();
        trail.Load([0, 100, CpuTrail.Gap, 200], 500);
        Assert.Equal(1, trail.Peak(500, 1));
        Assert.True(double.IsNaN(trail.Peak(499, 1)));
        Assert.Equal(0.5, trail.Peak(498, 1));
        Assert.Equal(0, trail.Peak(497, 1));
        Assert.True(double.IsNaN(trail.Peak(496, 1)));
    }

    [Fact]
    public void A_chart_goes_on_from_history_with_live_values_and_counts_no_second_twice()
    {
        var series = new ChartSeries();
        series.Reset(TimeSpan.FromSeconds(1));
        var history = new HistorySeries();
        for (var s = 0; s < 4; s++)
        {
            history.TimeMs.Add(100_000 + (s * 1000));
            history.Avg.Add(s);
        }

        series.Append(103_000, 77, TimeSpan.FromMinutes(1));
        series.Append(104_200, 4, TimeSpan.FromMinutes(1));
        series.Load(history);
        series.Append(105_100, 5, TimeSpan.FromMinutes(1));
        var columns = new double[6];
        series.Sample(columns, TimeSpan.FromSeconds(6), 105_500);

        Assert.Equal([0, 1, 2, 3, 4, 5], columns);
    }

    [Fact]
    public void Steps_without_samples_stay_gaps_and_silence_moves_the_chart_on()
    {
        var series = new ChartSeries();
        series.Reset(TimeSpan.FromSeconds(1));
        series.Append(100_000, 1, TimeSpan.FromMinutes(1));
        series.Append(102_000, 3, TimeSpan.FromMinutes(1));
        var columns = new double[4];
        series.Sample(columns, TimeSpan.FromSeconds(4), 102_500);
        Assert.Equal([double.NaN, 1, double.NaN, 3], columns);

        series.Sample(columns, TimeSpan.FromSeconds(4), 120_000);
        Assert.All(columns, c => Assert.True(double.IsNaN(c)));
    }

    [Fact]
    public void Several_steps_in_a_column_are_averaged()
    {
        var series = new ChartSeries();
        series.Reset(TimeSpan.FromSeconds(1));
        for (var s = 0; s < 8; s++)
        {
            series.Append(80_000 + (s * 1000), s, TimeSpan.FromMinutes(1));
        }

        var columns = new double[4];
        series.Sample(columns, TimeSpan.FromSeconds(8), 88_000);
        Assert.Equal([0.5, 2.5, 4.5, 6.5], columns);
    }

    [Fact]
    public void A_strip_shows_the_worst_state_of_each_part_and_nothing_before_the_node_was_known()
    {
        var detail = new NodeDetail { FirstSeenMs = 1000 };
        detail.Transitions.Add(new StateChanged { TimeMs = 5000, From = AvailabilityState.AvailabilityDown, To = AvailabilityState.AvailabilityUp });
        detail.Transitions.Add(new StateChanged { TimeMs = 4500, From = AvailabilityState.AvailabilityUp, To = AvailabilityState.AvailabilityDown });

        Assert.Equal(AvailabilityState.AvailabilityUp, Worst(6000, 7000));
        Assert.Equal(AvailabilityState.AvailabilityDown, Worst(4000, 6000));
        Assert.Equal(AvailabilityState.AvailabilityDown, Worst(4600, 4700));
        Assert.Equal(AvailabilityState.AvailabilityUp, Worst(2000, 3000));
        Assert.Equal(AvailabilityState.AvailabilityUnspecified, Worst(0, 900));

        AvailabilityState Worst(long from, long to) => StateStrip.Worst(detail, AvailabilityState.AvailabilityUp, from, to);
    }

    [Theory]
    [InlineData(0, "0%", "0 B", "0 B", "0.00")]
    [InlineData(0.634, "63%", "1 B", "1 B", "0.63")]
    [InlineData(999.4, "99940%", "999 B", "999 B", "999")]
    [InlineData(1000, "100000%", "1.00 kB", "0.98 KiB", "1000")]
    [InlineData(1.5e9, "150000000000%", "1.50 GB", "1.40 GiB", "1.50e9")]
    [InlineData(double.NaN, "-", "-", "-", "-")]
    public void Numbers_are_written_so(double value, string percent, string rate, string size, string number)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        Assert.Equal(percent, Format.Percent(value, buffer).ToString());
        Assert.Equal(rate, Format.Rate(value, buffer).ToString());
        Assert.Equal(size, Format.Size(value, buffer).ToString());
        Assert.Equal(number, Format.Number(value, buffer).ToString());
    }

    [Theory]
    [InlineData(0.4, "0s", "now")]
    [InlineData(59, "59s", "59s ago")]
    [InlineData(125, "2m 05s", "2m ago")]
    [InlineData(11_520, "3h 12m", "3h ago")]
    [InlineData(1_483_200, "17d 4h", "17d ago")]
    [InlineData(-5, "0s", "now")]
    public void Times_are_written_so(double seconds, string duration, string ago)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        Assert.Equal(duration, Format.Duration(TimeSpan.FromSeconds(seconds), buffer).ToString());
        Assert.Equal(ago, Format.Ago(TimeSpan.FromSeconds(seconds), buffer).ToString());
    }

    [Theory]
    [InlineData(1, "100%")]
    [InlineData(0.999999, "99.99%")]
    [InlineData(0.5, "50.00%")]
    public void Availability_is_whole_only_when_it_is(double value, string text) =>
        Assert.Equal(text, Format.Availability(value, new char[Format.BufferSize]).ToString());

    [Fact]
    public void A_table_drops_its_least_important_columns_and_never_grows_over_its_width()
    {
        Column[] columns = [new("A", 4, 8, 20, 0), new("B", 6, 6, 6, 2), new("C", 6, 6, 6, 1)];
        var placed = new Placed[3];
        for (var width = 0; width < 60; width++)
        {
            ColumnLayout.Place(columns, 10, width, placed);
            Assert.All(placed.Where(p => p.Shown), p => Assert.True(p.Right <= 10 + width, $"{width}: {p}"));
        }

        ColumnLayout.Place(columns, 0, 14, placed);
        Assert.Equal((true, false, true), (placed[0].Shown, placed[1].Shown, placed[2].Shown));
        ColumnLayout.Place(columns, 0, 20, placed);
        Assert.Equal((4, 6, 6), (placed[0].Width, placed[1].Width, placed[2].Width));
    }
}

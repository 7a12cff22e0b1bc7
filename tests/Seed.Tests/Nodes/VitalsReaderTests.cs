using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;

namespace ClusterMonitor.Seed.Tests.Nodes;

public sealed class VitalsReaderTests
{
    private readonly VitalsReader _reader = new(NodeData.Schema);

    [Fact]
    public void Cpu_is_all_states_but_idle_and_iowait_of_the_whole_machine() =>
        Assert.Equal(0.12, _reader.Read(NodeData.Sample(10), null).Cpu, 5);

    [Fact]
    public void Shares_that_were_rounded_one_by_one_make_no_more_than_the_whole()
    {
        Assert.Equal(1f, _reader.Read(NodeData.Sample(0).With(0, 9801), null).Cpu);
        Assert.Equal(0.9999f, _reader.Read(NodeData.Sample(0).With(0, 9799), null).Cpu);
    }

    [Fact]
    public void Disk_is_the_fullest_local_mount() =>
        Assert.Equal(0.77, _reader.Read(NodeData.Sample(10), null).Disk, 5);

    [Fact]
    public void What_the_machine_does_not_have_is_not_a_number()
    {
        var vitals = _reader.Read(NodeData.Sample(10), NodeData.Sample(9));
        Assert.True(float.IsNaN(vitals.Swap));
        Assert.True(double.IsNaN(vitals.ReadBytesPerS));
    }

    [Fact]
    public void Network_is_the_rate_of_all_devices_but_the_loopback()
    {
        var vitals = _reader.Read(NodeData.Sample(10), NodeData.Sample(8));
        Assert.Equal(1500, vitals.RxBytesPerS);
        Assert.Equal(250, vitals.TxBytesPerS);
    }

    [Fact]
    public void The_first_sample_has_no_rates() =>
        Assert.True(double.IsNaN(_reader.Read(NodeData.Sample(10), null).RxBytesPerS));

    [Fact]
    public void A_reset_counter_gives_no_spike()
    {
        var reset = NodeData.Sample(10).With(NodeData.Column("system.network.io", ("device", "eth1"), ("direction", "receive")), 3);
        var vitals = _reader.Read(reset, NodeData.Sample(9));
        Assert.True(double.IsNaN(vitals.RxBytesPerS));
        Assert.Equal(250, vitals.TxBytesPerS);
        Assert.Equal(1500, _reader.Read(NodeData.Sample(11), NodeData.Sample(10)).RxBytesPerS);
    }

    [Fact]
    public void A_device_that_was_not_measured_is_left_out()
    {
        var column = NodeData.Column("system.network.io", ("device", "eth1"), ("direction", "receive"));
        var gone = NodeData.Sample(10).With(column, MetricValue.Missing);
        Assert.Equal(1000, _reader.Read(gone, NodeData.Sample(9)).RxBytesPerS);
    }

    [Fact]
    public void A_gap_of_more_than_ten_seconds_gives_no_rate()
    {
        Assert.Equal(1500, _reader.Read(NodeData.Sample(20), NodeData.Sample(10)).RxBytesPerS);
        Assert.True(double.IsNaN(_reader.Read(NodeData.Sample(21), NodeData.Sample(10)).RxBytesPerS));
        Assert.True(double.IsNaN(_reader.Read(NodeData.Sample(9), NodeData.Sample(10)).RxBytesPerS));
    }
}

using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

public sealed class DeviceCollectorTests
{
    [Fact]
    public void Only_whole_disks_that_do_io_are_watched()
    {
        var disks = new DeviceTable(7);
        DiskstatsCollector.Parse(Fixture.Read("server-4.14", "diskstats"), disks);
        Assert.Equal(["sda", "sdb", "nvme0n1", "xvde1"], Enumerable.Range(0, disks.Count).Select(disks.Label));
        Assert.Equal([83456789L * 512, 456789012L * 512, 1034567, 9876543, 567890, 8765432, 3456789], disks.Values(0).ToArray());
    }

    [Fact]
    public void Later_kernels_with_more_columns_read_the_same()
    {
        var disks = new DeviceTable(7);
        DiskstatsCollector.Parse(Fixture.Read("vm-6.18", "diskstats"), disks);
        Assert.Equal("vda", disks.Label(0));
        Assert.Equal(1, disks.Count);
        Assert.All(disks.Values(0).ToArray(), v => Assert.True(v > 0));
    }

    [Fact]
    public void A_disk_that_goes_and_comes_changes_the_columns_and_nothing_else_does()
    {
        var disks = new DeviceTable(7);
        var both = "8 0 sda 1 0 8 1 1 0 8 1 0 1 1\n8 16 sdb 2 0 8 1 1 0 8 1 0 1 1\n"u8;
        var one = "8 0 sda 3 0 8 1 1 0 8 1 0 1 1\n"u8;
        Assert.True(DiskstatsCollector.Parse(both, disks));
        Assert.False(DiskstatsCollector.Parse(both, disks));
        Assert.True(DiskstatsCollector.Parse(one, disks));
        Assert.False(DiskstatsCollector.Parse(one, disks));
        Assert.True(DiskstatsCollector.Parse(both, disks));
        Assert.Equal(2, disks.Values(1)[2]);
    }

    [Fact]
    public void Only_interfaces_that_carry_the_machines_own_traffic_are_watched()
    {
        var interfaces = new DeviceTable(8);
        NetDevCollector.Parse(Fixture.Read("server-4.14", "net/dev"), interfaces);
        Assert.Equal(["enp94s0f0", "enp94s0f1", "eth0:1", "wg\uFFFD[2J"], Enumerable.Range(0, interfaces.Count).Select(interfaces.Label));
        Assert.Equal([long.MaxValue, 9876543210987, 1234567890, 987654321, 12, 1, 345, 2], interfaces.Values(0).ToArray());
        Assert.Equal([5, 9, 6, 10, 7, 11, 8, 12], interfaces.Values(2).ToArray());
    }

    [Fact]
    public void A_container_has_its_one_interface_and_no_disks_is_no_error()
    {
        var values = Fixture.Collect(new NetDevCollector(Fixture.Proc("container-5.15")));
        Assert.Equal(1180, values["system.network.io{device=eth0,direction=receive}"]);
        Assert.Equal(306, values["system.network.io{device=eth0,direction=transmit}"]);
        Assert.Equal(8, values.Count);
    }

    [Fact]
    public void Names_that_look_alike_when_cleaned_get_columns_of_their_own()
    {
        var table = new DeviceTable(1);
        table.BeginRead();
        table.Add("a\u001bb"u8)[0] = 1;
        table.Add("a\u0007b"u8)[0] = 2;
        table.EndRead();
        Assert.Equal(["a\uFFFDb", "a\uFFFDb#2"], [table.Label(0), table.Label(1)]);
    }

    [Fact]
    public void Each_local_file_system_is_watched_once_where_most_of_it_shows()
    {
        var mounts = MountTable.Parse(Fixture.Read("server-4.14", "self/mountinfo"));
        Assert.Equal(
            ["/", "/boot", "/d", "/mnt/btrfs", "/mnt/old", "/mnt/\uFFFDevil\uFFFD[2J", "/mnt/\uFFFDevil\uFFFD]2J", "/tank", "/tank/vm"],
            mounts.Select(m => m.Mountpoint).Order(StringComparer.Ordinal));
        Assert.Equal("/dev/sdd", mounts.Single(m => m.Mountpoint == "/mnt/old").Device);
        Assert.Equal("/mnt/\nevil\u001b[2J\0"u8.ToArray(), mounts.Single(m => m.Device == "/dev/sde").Path);
    }

    [Fact]
    public void The_root_of_a_container_is_watched_though_it_is_an_overlay() =>
        Assert.Equal(["/", "/etc/hostname"], MountTable.Parse(Fixture.Read("container-5.15", "self/mountinfo")).Select(m => m.Mountpoint));

    [Fact]
    public void Pseudo_file_systems_are_not_watched() =>
        Assert.Equal(("/", "/dev/vda", "ext4"), MountTable.Parse(Fixture.Read("vm-6.18", "self/mountinfo")).Select(m => (m.Mountpoint, m.Device, m.Type)).Single());

    [Fact]
    public void Space_is_shared_out_as_df_does()
    {
        var values = new long[7];
        FilesystemCollector.Measure(new FileSystemSize(4096, 1000, 400, 350, 64, 60), values);
        Assert.Equal([600 * 4096, 350 * 4096, 50 * 4096, 1000 * 4096, 6316, 4, 60], values);
    }

    [Fact]
    public void A_file_system_that_counts_nothing_or_lies_has_no_values()
    {
        var values = new long[7];
        FilesystemCollector.Measure(new FileSystemSize(4096, 10, 20, 5, 0, 0), values);
        Assert.All(values, v => Assert.Equal(MetricValue.Missing, v));
    }

    [Fact]
    public void This_machines_own_root_is_measured()
    {
        Assert.True(Native.TryGetFileSystemSize("/\0"u8, out var size));
        var drive = new DriveInfo("/");
        Assert.Equal(drive.TotalSize, size.Blocks * size.BlockBytes);
        Assert.False(Native.TryGetFileSystemSize("/no such place\0"u8, out _));
    }
}

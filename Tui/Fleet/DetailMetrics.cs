using System.Globalization;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The current values of one node, found by name and attributes. A metric that nobody here knows does no harm.</summary>
internal sealed class DetailMetrics
{
    private readonly List<(MetricDescriptorProto Metric, double Value)> _all = [];

    public DetailMetrics(NodeDetail detail)
    {
        for (var i = 0; i < detail.Metrics.Count && i < detail.Current.Count; i++)
        {
            _all.Add((detail.Metrics[i], detail.Current[i]));
        }

        Filesystems = [.. Groups("system.filesystem.utilization", "mountpoint").Select(Filesystem).OrderByDescending(f => f.Fraction)];
        Disks = [.. Groups("system.disk.io", "device").Select(Disk).OrderByDescending(d => d.Busy)];
        Interfaces = [.. Groups("system.network.io", "device").Select(Interface).OrderByDescending(i => i.Receive + i.Transmit)];
        Temperatures = [.. Sensors()];
        Cores = [.. Groups("system.cpu.utilization", "cpu")
            .OrderBy(c => int.TryParse(c, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue)
            .Select(Core)];
    }

    public IReadOnlyList<double> Cores { get; }

    public IReadOnlyList<FilesystemUse> Filesystems { get; }

    public IReadOnlyList<DiskActivity> Disks { get; }

    public IReadOnlyList<InterfaceActivity> Interfaces { get; }

    public IReadOnlyList<Sensor> Temperatures { get; }

    /// <summary>The value of the first metric of this name with these attributes; NaN when there is none.</summary>
    public double Find(string name, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        foreach (var (metric, value) in _all)
        {
            if (metric.Name == name && Has(metric, attributes))
            {
                return value;
            }
        }

        return double.NaN;
    }

    /// <summary>The sum over all metrics of this name with these attributes; NaN when there is none.</summary>
    public double Sum(string name, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var sum = double.NaN;
        foreach (var (metric, value) in _all)
        {
            if (metric.Name == name && Has(metric, attributes) && !double.IsNaN(value))
            {
                sum = double.IsNaN(sum) ? value : sum + value;
            }
        }

        return sum;
    }

    private static string? Attribute(MetricDescriptorProto metric, string key)
    {
        foreach (var attribute in metric.Attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    private static bool Has(MetricDescriptorProto metric, ReadOnlySpan<(string Key, string Value)> attributes)
    {
        foreach (var (key, value) in attributes)
        {
            if (Attribute(metric, key) != value)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The different values of an attribute.</summary>
    private IEnumerable<string> Groups(string name, string key) => _all
        .Where(m => m.Metric.Name == name)
        .Select(m => Attribute(m.Metric, key))
        .OfType<string>()
        .Distinct(StringComparer.Ordinal);

    /// <summary>Busy: what is neither idle nor waiting for a disk.</summary>
    private double Core(string cpu)
    {
        double busy = 0, whole = double.NaN, idle = double.NaN;
        foreach (var (metric, value) in _all)
        {
            if (metric.Name != "system.cpu.utilization" || Attribute(metric, "cpu") != cpu || double.IsNaN(value))
            {
                continue;
            }

            switch (Attribute(metric, "state"))
            {
                case null:
                    whole = value;
                    break;
                case "idle" or "iowait":
                    idle = value;
                    break;
                default:
                    busy += value;
                    break;
            }
        }

        return !double.IsNaN(whole) ? whole : busy > 0 || !double.IsNaN(idle) ? busy : double.NaN;
    }

    private FilesystemUse Filesystem(string mount)
    {
        var used = Find("system.filesystem.usage", ("mountpoint", mount), ("state", "used"));
        var limit = Find("system.filesystem.limit", ("mountpoint", mount));
        if (double.IsNaN(limit))
        {
            limit = Sum("system.filesystem.usage", ("mountpoint", mount));
        }

        return new FilesystemUse(mount, Find("system.filesystem.utilization", ("mountpoint", mount)), used, limit);
    }

    private DiskActivity Disk(string device) => new(
        device,
        Find("system.disk.io", ("device", device), ("direction", "read")),
        Find("system.disk.io", ("device", device), ("direction", "write")),
        Find("system.disk.io_time", ("device", device)));

    private InterfaceActivity Interface(string device) => new(
        device,
        Find("system.network.io", ("device", device), ("direction", "receive")),
        Find("system.network.io", ("device", device), ("direction", "transmit")),
        Sum("system.network.errors", ("device", device)),
        Sum("system.network.dropped", ("device", device)));

    private IEnumerable<Sensor> Sensors()
    {
        foreach (var (metric, value) in _all)
        {
            if (metric.Name == "hw.temperature" && !double.IsNaN(value))
            {
                var name = string.Join(' ', metric.Attributes.Select(a => a.Value));
                yield return new Sensor(name, value);
            }
        }
    }
}

internal readonly record struct FilesystemUse(string Mount, double Fraction, double Used, double Limit);

/// <summary>Bytes per second, and the fraction of time that it was busy.</summary>
internal readonly record struct DiskActivity(string Device, double Read, double Write, double Busy);

/// <summary>Bytes per second, errors and drops per second.</summary>
internal readonly record struct InterfaceActivity(string Device, double Receive, double Transmit, double Errors, double Drops);

/// <summary>Degrees Celsius.</summary>
internal readonly record struct Sensor(string Name, double Celsius);

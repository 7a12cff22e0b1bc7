using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>A span of time that charts show, and the step that suits it.</summary>
internal readonly record struct ChartRange(string Name, TimeSpan Span, TimeSpan Step)
{
    /// <summary>From the nearest to the farthest.</summary>
    public static IReadOnlyList<ChartRange> All { get; } =
    [
        new("1m", TimeSpan.FromMinutes(1), TimeSpan.FromSeconds(1)),
        new("5m", TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(1)),
        new("15m", TimeSpan.FromMinutes(15), TimeSpan.FromSeconds(5)),
        new("1h", TimeSpan.FromHours(1), TimeSpan.FromSeconds(15)),
        new("3h", TimeSpan.FromHours(3), TimeSpan.FromSeconds(60)),
        new("6h", TimeSpan.FromHours(6), TimeSpan.FromSeconds(60)),
        new("12h", TimeSpan.FromHours(12), TimeSpan.FromSeconds(180)),
        new("24h", TimeSpan.FromHours(24), TimeSpan.FromSeconds(300)),
    ];

    /// <summary>Index into <see cref="All"/> at the start.</summary>
    public const int Initial = 1;
}

/// <summary>One chart of the node view: its looks, its history, its newest value.</summary>
internal sealed record ChartDefinition(ChartStyle Style, string Metric, string AttributeKey, string AttributeValue, Func<NodeVitals, double> Live)
{
    /// <summary>The only list of charts.</summary>
    public static IReadOnlyList<ChartDefinition> For(Theme theme) =>
    [
        new(new ChartStyle("cpu", ChartUnit.Percent), "system.cpu.utilization", "", "", v => v.Cpu),
        new(new ChartStyle("memory", ChartUnit.Percent, theme.Mauve), "system.memory.utilization", "", "", v => v.Memory),
        new(new ChartStyle("net receive", ChartUnit.Rate, theme.Cyan), "system.network.io", "direction", "receive", v => v.RxBytesPerS),
        new(new ChartStyle("net transmit", ChartUnit.Rate, theme.Good), "system.network.io", "direction", "transmit", v => v.TxBytesPerS),
        new(new ChartStyle("disk read", ChartUnit.Rate, theme.Accent), "system.disk.io", "direction", "read", v => v.ReadBytesPerS),
        new(new ChartStyle("disk write", ChartUnit.Rate, theme.Serious), "system.disk.io", "direction", "write", v => v.WriteBytesPerS),
        new(new ChartStyle("disk used", ChartUnit.Percent, theme.Warn), "system.filesystem.utilization", "mountpoint", "", v => v.Disk),
        new(new ChartStyle("swap", ChartUnit.Percent, theme.Bad), "system.paging.utilization", "", "", v => v.Swap),
    ];

    /// <summary>What to ask the seed for; null while the mount point is not known.</summary>
    public MetricSelector? Selector(string? diskMount)
    {
        var value = AttributeKey == "mountpoint" ? diskMount : AttributeValue;
        if (value is null)
        {
            return null;
        }

        var selector = new MetricSelector { Metric = Metric };
        if (AttributeKey.Length > 0)
        {
            selector.Attributes[AttributeKey] = value;
        }

        return selector;
    }
}

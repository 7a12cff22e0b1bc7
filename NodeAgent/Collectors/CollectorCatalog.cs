using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent.Collectors;

/// <summary>The only list of collectors; a new one needs its file and a line here.</summary>
internal static class CollectorCatalog
{
    /// <summary>All collectors, in the order of their columns.</summary>
    /// <param name="proc">Where the kernel shows processes and counters.</param>
    /// <param name="sys">Where the kernel shows devices.</param>
    public static ICollector[] All(string proc = "/proc", string sys = "/sys") =>
    [
        new StatCollector(proc),
        new LoadavgCollector(proc),
        new MeminfoCollector(proc),
        new VmstatCollector(proc),
        new FilesystemCollector(proc),
        new DiskstatsCollector(proc),
        new NetDevCollector(proc),
        new PressureCollector(proc),
        new TemperatureCollector(sys),
        new UptimeCollector(proc),
        new ProcessCollector(proc),
    ];
}

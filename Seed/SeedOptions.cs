using ClusterMonitor.Hosting;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed;

/// <summary>What a seed is started with.</summary>
/// <param name="Settings">All layers.</param>
/// <param name="Folder">The data folder.</param>
/// <param name="Name">What this machine is called.</param>
/// <param name="Time">The clock.</param>
/// <param name="Dice">For the incarnation.</param>
internal sealed record SeedOptions(MonitorSettings Settings, DataFolder Folder, string Name, TimeProvider Time, Random Dice)
{
    /// <summary>Whether the seed's own machine is monitored too.</summary>
    public bool OwnAgent => Settings.Flag("monitor.seed.agent");

    /// <summary>Where to listen.</summary>
    public HostPort Listen => new(Settings.Host("monitor.seed.host"), Settings.Port("monitor.seed.port"));

    /// <summary>How long samples are kept as they came.</summary>
    public TimeSpan KeepRaw => Settings.Duration("monitor.seed.history.keep-raw", TimeSpan.FromMinutes(10));

    /// <summary>How long is too long.</summary>
    public AvailabilityTiming Timing => AvailabilityTiming.Of(
        (long)Settings.Duration("monitor.cluster.overdue-after", TimeSpan.FromMilliseconds(100)).TotalMilliseconds,
        (long)Settings.Duration("monitor.cluster.down-after", TimeSpan.FromSeconds(1)).TotalMilliseconds);
}

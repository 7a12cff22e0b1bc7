using System.Net;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>By which address others are to reach this seed.</summary>
internal static class SeedAddress
{
    /// <summary>For the line that is pasted on another machine, and what is to be said about it; null: nothing.</summary>
    /// <param name="settings">Where the seed is to listen.</param>
    /// <param name="running">Where the seed of this folder listens, or listened last.</param>
    public static (HostPort Address, string? Remark) ToPaste(MonitorSettings settings, HostPort? running)
    {
        var wanted = new HostPort(settings.OptionalText("monitor.seed.public-host") ?? settings.Host("monitor.seed.host"), settings.Port("monitor.seed.port"));

        // What it says of itself counts, if it ever ran; the settings of another shell may not be its own.
        var address = running ?? wanted;
        if (!IsLoopback(address.Host) && !MonitorAddresses.IsWildcard(address.Host))
        {
            return (address, null);
        }

        var own = MonitorAddresses.Own();
        var remark = IsLoopback(address.Host)
            ? $"this seed listens on {address.Host} only, so other machines can't reach it: start it with --host 0.0.0.0 (or monitor.seed.host in its configuration), and let TCP port {address.Port} through the firewall"
            : null;
        return (new HostPort(own ?? Environment.MachineName, address.Port), remark);
    }

    private static bool IsLoopback(string host) => host == "localhost" || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip));
}

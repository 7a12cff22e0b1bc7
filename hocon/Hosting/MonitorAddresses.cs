using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace ClusterMonitor.Hosting;

/// <summary>Addresses of this machine.</summary>
public static class MonitorAddresses
{
    /// <summary>Whether a host stands for all addresses of the machine.</summary>
    public static bool IsWildcard(string host) => host is "0.0.0.0" or "::";

    /// <summary>
    /// The address that others most likely reach this machine by: of an interface that is up, has a gateway if there is one such, IPv4 before IPv6.
    /// Null when there is none but loopback.
    /// </summary>
    public static string? Own() => NetworkInterface.GetAllNetworkInterfaces()
        .Where(i => i.OperationalStatus == OperationalStatus.Up && i.NetworkInterfaceType != NetworkInterfaceType.Loopback)
        .SelectMany(i => i.GetIPProperties() is var p ? p.UnicastAddresses.Select(u => (u.Address, Gateway: HasGateway(p))) : [])
        .Where(a => a.Address is { IsIPv6LinkLocal: false, AddressFamily: AddressFamily.InterNetwork or AddressFamily.InterNetworkV6 })
        .OrderByDescending(a => a.Gateway)
        .ThenBy(a => a.Address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
        .Select(a => a.Address.ToString())
        .FirstOrDefault();

    private static bool HasGateway(IPInterfaceProperties properties) => properties.GatewayAddresses.Count > 0;
}

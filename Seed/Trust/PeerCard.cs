using System.Net;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust;

/// <summary>Who a peer is, by its certificate.</summary>
/// <param name="Name">Common name.</param>
/// <param name="Role">One of <see cref="PeerRoles"/>, or a word that is none.</param>
/// <param name="NodeId">The only node it speaks for; empty: not bound to one.</param>
/// <param name="Serial">Hexadecimal.</param>
/// <param name="Address">Where it connects from; null when that is not known.</param>
internal sealed record PeerCard(string Name, string Role, string NodeId, string Serial, IPAddress? Address)
{
    /// <summary>For logs and events.</summary>
    public string Who => $"{Role} at {(object?)Address ?? "an unknown address"}";

    /// <summary>From the parts that an engine knows.</summary>
    public static PeerCard Of(string name, string role, string uri, string serial, IPAddress? address) =>
        new(name, role, CertificateNames.NodeId(uri), serial, address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address);
}

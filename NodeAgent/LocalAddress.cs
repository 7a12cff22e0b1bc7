using System.Net;
using System.Net.Sockets;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary>Finds the address of this machine by which a seed is reached.</summary>
internal static class LocalAddress
{
    /// <summary>
    /// Asks the routing table, by connecting a datagram socket, which sends nothing.
    /// Null when none of the seeds has an address or a way to it; <paramref name="problem"/> says why.
    /// </summary>
    public static string? Toward(IEnumerable<HostPort> seeds, out string problem)
    {
        problem = "";
        foreach (var seed in seeds)
        {
            try
            {
                foreach (var address in Dns.GetHostAddresses(seed.Host))
                {
                    using var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
                    socket.Connect(address, seed.Port);
                    if (socket.LocalEndPoint is IPEndPoint local)
                    {
                        return local.Address.ToString();
                    }
                }
            }
            catch (SocketException e)
            {
                problem = $"no way to seed {seed}: {e.Message}";
            }
        }

        return null;
    }
}

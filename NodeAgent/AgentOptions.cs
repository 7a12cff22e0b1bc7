using System.Collections.Immutable;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent;

/// <summary>The settings of an agent, read and checked.</summary>
/// <param name="Seeds">At least one.</param>
/// <param name="Name">A valid node name.</param>
/// <param name="Host">Where to listen; null = the address from which a seed is reached.</param>
/// <param name="Port">0 = any, kept while the process lives.</param>
/// <param name="Labels">Travel with the node.</param>
/// <param name="Data">The data folder.</param>
/// <param name="Settings">All of them, for the engine.</param>
internal sealed record AgentOptions(
    IReadOnlyList<HostPort> Seeds,
    string Name,
    string? Host,
    int Port,
    ImmutableSortedDictionary<string, string> Labels,
    DataFolder Data,
    MonitorSettings Settings)
{
    /// <summary>A seed's port when none is written.</summary>
    public const int DefaultSeedPort = 4053;

    /// <summary>Reads them.</summary>
    /// <exception cref="UserError">One is wrong.</exception>
    /// <exception cref="UsageError">There is no seed.</exception>
    public static AgentOptions From(MonitorSettings settings, string hostName)
    {
        var seeds = settings.Addresses("monitor.agent.seeds", DefaultSeedPort);
        if (seeds.Count == 0)
        {
            throw new UsageError("no seed to report to: give --seed HOST:PORT, or set monitor.agent.seeds");
        }

        return new AgentOptions(
            seeds,
            settings.Name("monitor.name", hostName),
            settings.OptionalText("monitor.agent.host") is null ? null : settings.Host("monitor.agent.host"),
            settings.Port("monitor.agent.port"),
            settings.Map("monitor.agent.labels").ToImmutableSortedDictionary(StringComparer.Ordinal),
            new DataFolder(settings.Text("monitor.data")),
            settings);
    }
}

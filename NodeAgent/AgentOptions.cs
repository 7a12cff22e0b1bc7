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

    /// <summary>Reads them; what they leave open, a joined agent remembers.</summary>
    /// <exception cref="UserError">One is wrong.</exception>
    /// <exception cref="UsageError">There is no seed.</exception>
    public static AgentOptions From(MonitorSettings settings, string hostName)
    {
        var data = new DataFolder(settings.Text("monitor.data"));
        var name = settings.Name("monitor.name", hostName);
        if (settings.OptionalText("monitor.name") is null && JoinedAgent.Read(data, name) is null)
        {
            name = JoinedAgent.OnlyName(data) ?? name;
        }

        var joined = JoinedAgent.Read(data, name);
        var seeds = settings.Addresses("monitor.agent.seeds", DefaultSeedPort);
        seeds = seeds.Count > 0 ? seeds : joined?.Seeds ?? [];
        if (seeds.Count == 0)
        {
            throw new UsageError("no seed to report to: give --seed HOST:PORT on the seed's own machine, or join with the line that Seed token create prints there");
        }

        return Of(settings, data, name, seeds, joined?.Labels);
    }

    /// <summary>Reads them for an agent that is about to join a seed.</summary>
    public static AgentOptions ForJoining(MonitorSettings settings, string hostName, HostPort seed) =>
        Of(settings, new DataFolder(settings.Text("monitor.data")), settings.Name("monitor.name", hostName), [seed], null);

    private static AgentOptions Of(
        MonitorSettings settings,
        DataFolder data,
        string name,
        IReadOnlyList<HostPort> seeds,
        ImmutableSortedDictionary<string, string>? remembered)
    {
        var labels = settings.Map("monitor.agent.labels").ToImmutableSortedDictionary(StringComparer.Ordinal);
        return new AgentOptions(
            seeds,
            name,
            settings.OptionalText("monitor.agent.host") is null ? null : settings.Host("monitor.agent.host"),
            settings.Port("monitor.agent.port"),
            (remembered ?? labels).SetItems(labels),
            data,
            settings);
    }
}

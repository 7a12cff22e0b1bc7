using System.Collections.Immutable;
using ClusterMonitor.Hosting;
using ClusterMonitor.NodeAgent;

namespace ClusterMonitor.Seed;

/// <summary>The agent of the seed's own machine, in the seed's own actor system.</summary>
internal sealed class OwnAgent : IDisposable
{
    private readonly SeedOptions _options;
    private readonly AgentIdentity _identity;
    private readonly AgentState _state;

    private OwnAgent(SeedOptions options, AgentIdentity identity, AgentState state) =>
        (_options, _identity, _state) = (options, identity, state);

    /// <summary>Opens its identity and its collectors.</summary>
    /// <exception cref="UserError">An agent of this name runs on this data folder already.</exception>
    public static OwnAgent Prepare(SeedOptions options, ProgramLog log)
    {
        var labels = options.Settings.Map("monitor.agent.labels").ToImmutableSortedDictionary(StringComparer.Ordinal);
        var agent = new AgentOptions([options.Listen], options.Name, null, 0, labels, options.Folder, options.Settings);
        var identity = AgentIdentity.Open(options.Folder, options.Name, options.Dice);
        return new OwnAgent(options, identity, AgentCommand.NewState(agent, identity, options.Time, text => log.Info("agent", text)));
    }

    /// <summary>Begins to sample.</summary>
    public void Start(ActorSystem system)
    {
        var address = Cluster.Get(system).SelfAddress.ToString();
        var dice = new Random(_options.Dice.Next());
        AgentActors.Start(system, _state, new UplinkSettings([AgentActors.LocalRegistry], address), _options.Time, dice, _ => { });
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _state.Dispose();
        _identity.Dispose();
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Fleet;

// What DashboardDoor and the seed's host ask of the fleet and the door.

/// <summary>dashboards -> fleet: the row of a node by name or id. Answered with <see cref="FleetRow"/>.</summary>
internal sealed record FleetRowQuery(string NameOrId);

/// <summary>The row with all its parts, or null when there is no such node.</summary>
internal sealed record FleetRow(FleetNode? Node);

/// <summary>dashboards -> fleet: the number of viewers changed.</summary>
internal sealed record ViewersCounted(int Count);

/// <summary>Anyone in the seed -> fleet: what the operator must know, by source; empty when it is over.</summary>
internal sealed record WarningRaised(string Source, string Text);

/// <summary>host -> dashboards: who would notice if the seed stopped? Answered with <see cref="ConnectedPeers"/>.</summary>
internal sealed record WhoIsConnected;

/// <summary>Names of connected agents (but for the seed's own) and of viewers on other terminals.</summary>
internal sealed record ConnectedPeers(IReadOnlyList<string> Agents, IReadOnlyList<string> Viewers);

/// <summary>dashboards -> fleet: names of the connected agents. Answered with <see cref="ConnectedNames"/>.</summary>
internal sealed record ConnectedNamesQuery;

/// <summary>Names in order.</summary>
internal sealed record ConnectedNames(IReadOnlyList<string> Names);

/// <summary>fleet -> membership: the projection lost what it knew; say all of it again.</summary>
internal sealed record ShowAll;

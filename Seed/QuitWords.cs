using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed;

/// <summary>The question before a seed that others are connected to is stopped.</summary>
internal static class QuitWords
{
    private const int Named = 3;

    /// <summary>Names who would notice; null when nobody would.</summary>
    public static string? Question(ConnectedPeers peers)
    {
        var parts = new List<string>();
        Add(parts, peers.Agents, "agent", "agents");
        Add(parts, peers.Viewers, "viewer", "viewers");
        return parts.Count == 0 ? null : $"Stop the seed? Connected: {string.Join("; ", parts)}";
    }

    private static void Add(List<string> parts, IReadOnlyList<string> names, string one, string many)
    {
        if (names.Count > 0)
        {
            var more = names.Count > Named ? $" and {names.Count - Named} more" : "";
            parts.Add($"{(names.Count == 1 ? one : many)} {string.Join(", ", names.Take(Named))}{more}");
        }
    }
}

using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>A node as far as claims to its id and name go.</summary>
/// <param name="NodeId">Stable id.</param>
/// <param name="Address">Where it speaks from, for the refused one to read.</param>
/// <param name="Incarnation">The process that speaks for it; 0 = none.</param>
/// <param name="StartedMs">When that process started, by its own clock.</param>
/// <param name="Holds">Its link is alive, or it is still awaited after the seed's own absence.</param>
/// <param name="Replaced">Incarnations that newer ones took the place of.</param>
internal sealed record Claimant(
    string NodeId,
    string Address,
    ulong Incarnation,
    long StartedMs,
    bool Holds,
    IReadOnlyCollection<ulong> Replaced);

/// <summary>Who may stream as which node.</summary>
internal static class ClaimDecisions
{
    /// <summary>The longest id, label key or label value that is taken.</summary>
    public const int MaxWord = 128;

    /// <summary>The most labels.</summary>
    public const int MaxLabels = 64;

    /// <summary>
    /// Null: admit. The same id with a newer incarnation replaces the old one at once; a different id gets the name
    /// of another only when that one's link is not alive.
    /// </summary>
    /// <param name="hello">The claim.</param>
    /// <param name="known">The node of this id, if there is one.</param>
    /// <param name="owner">The node of this name, if there is one; may be the same.</param>
    public static HelloRefused? Refusal(NodeHello hello, Claimant? known, Claimant? owner)
    {
        if (Malformed(hello) is { } text)
        {
            return new HelloRefused { Reason = HelloRefusal.Invalid, Text = text };
        }

        if (known is not null && known.Incarnation != hello.Incarnation && IsStale(hello, known))
        {
            return new HelloRefused
            {
                Reason = HelloRefusal.StaleIncarnation,
                Text = $"node \"{hello.Name}\" has been taken over by a newer process of the same node id, at {known.Address}: "
                    + "stop one of the two; if they are two machines, one runs on a copy of the other's data folder: delete its node id there",
            };
        }

        if (owner is not null && owner.NodeId != hello.NodeId && owner.Holds)
        {
            return new HelloRefused
            {
                Reason = HelloRefusal.NameTaken,
                Text = $"the name \"{hello.Name}\" belongs to another node, at {owner.Address}: start this agent with another --name, or stop that one first",
            };
        }

        return null;
    }

    /// <summary>
    /// Another process claims a node from another machine while the node's link is alive: one of the two has a copy of the other's key.
    /// Null: it does not.
    /// </summary>
    /// <param name="hello">The claim.</param>
    /// <param name="incarnation">The process that speaks for the node.</param>
    /// <param name="speaks">Where it speaks from.</param>
    /// <param name="claims">Where the claim comes from.</param>
    public static HelloRefused? CopiedKey(NodeHello hello, ulong incarnation, Address? speaks, Address claims) =>
        hello.Incarnation != incarnation && speaks?.Host is { } there && claims.Host is { } here && there != here
            ? new HelloRefused
            {
                Reason = HelloRefusal.NotAuthorized,
                Text = $"node \"{hello.Name}\" is connected from {speaks.Host}:{speaks.Port}, and {here} claims to be it as well: one of the two has a copy of its key. "
                    + $"If it was stolen: Seed cert revoke {hello.Name}, and join the right machine anew. If the machine moved, its old link ends in a few seconds",
            }
            : null;

    /// <summary>
    /// Incarnations have no order of their own. One that was replaced is stale; an unknown one is stale only if the
    /// current one speaks and started later: the clock of a machine may have been stepped back between two starts.
    /// </summary>
    private static bool IsStale(NodeHello hello, Claimant known) =>
        known.Replaced.Contains(hello.Incarnation) || (known.Holds && known.Incarnation != 0 && hello.StartedMs < known.StartedMs);

    private static string? Malformed(NodeHello hello)
    {
        if (BadWord(hello.NodeId))
        {
            return "the node id is empty, longer than 128 characters, or has control characters: delete it in the agent's data folder";
        }

        if (!NodeName.IsValid(hello.Name))
        {
            return $"a node's name is {NodeName.Hint}: start the agent with another --name";
        }

        if (hello.Incarnation == 0)
        {
            return "the hello names no incarnation: the agent's version does not fit this seed's";
        }

        return hello.Labels.Count > MaxLabels || hello.Labels.Any(l => BadWord(l.Key) || l.Value.Length > MaxWord)
            ? $"at most {MaxLabels} labels, with keys of 1 to {MaxWord} and values of at most {MaxWord} characters"
            : null;
    }

    private static bool BadWord(string word) => word.Length is 0 or > MaxWord || word.Any(char.IsControl) || word != word.Trim();
}

namespace ClusterMonitor.Seed.Membership;

/// <summary>
/// What cluster and transport say of addresses. An address may be a member before its agent said hello, so this is kept
/// apart from the nodes and handed over when the node is known.
/// </summary>
internal sealed class MemberTable
{
    private readonly Dictionary<Address, Entry> _entries = [];
    private readonly Dictionary<Address, string> _nodeOf = [];

    /// <summary>What is known of one address.</summary>
    /// <param name="Phase">The cluster's view.</param>
    /// <param name="UnreachableBy">Which detector gave it up, or null.</param>
    /// <param name="UnreachableMono">Since when.</param>
    /// <param name="MayBeDowned">It is an agent: a seed is never taken out by another.</param>
    /// <param name="DownAskedMono">When its removal was last asked for.</param>
    internal sealed record Entry(
        MemberPhase Phase = MemberPhase.None,
        string? UnreachableBy = null,
        long UnreachableMono = NodeFacts.Never,
        bool MayBeDowned = false,
        long DownAskedMono = NodeFacts.Never);

    /// <summary>The node that speaks from this address, or null.</summary>
    public string? NodeOf(Address address) => _nodeOf.GetValueOrDefault(address);

    /// <summary>What is known of this address.</summary>
    public Entry Of(Address address) => _entries.GetValueOrDefault(address) ?? new Entry();

    /// <summary>Notes what became known.</summary>
    public void Set(Address address, Entry entry)
    {
        if (entry.Phase == MemberPhase.None)
        {
            _entries.Remove(address);
        }
        else
        {
            _entries[address] = entry;
        }
    }

    /// <summary>From now on this node speaks from this address, and from no other.</summary>
    public void Bind(Address address, string nodeId)
    {
        Unbind(nodeId);
        _nodeOf[address] = nodeId;
    }

    /// <summary>This node speaks from nowhere.</summary>
    public void Unbind(string nodeId)
    {
        foreach (var (address, id) in _nodeOf)
        {
            if (id == nodeId)
            {
                _nodeOf.Remove(address);
                return;
            }
        }
    }

    /// <summary>Unreachable members for which no node speaks any more; the cluster can't converge while they stay.</summary>
    public IEnumerable<Address> Orphans(long monoMs, AvailabilityTiming timing) =>
        _entries
            .Where(e => e.Value is { MayBeDowned: true, UnreachableBy: not null }
                && !_nodeOf.ContainsKey(e.Key)
                && monoMs - e.Value.UnreachableMono >= timing.DownAfterMs
                && monoMs - e.Value.DownAskedMono >= timing.DownAgainMs)
            .Select(e => e.Key)
            .ToList();
}

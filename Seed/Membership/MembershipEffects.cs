using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Membership;

/// <summary>What shall happen because of something that membership learned. The actor does it.</summary>
internal sealed class MembershipEffects
{
    private readonly List<IMessage> _events = [];
    private readonly List<Address> _downs = [];
    private readonly List<AgentGone> _gone = [];
    private readonly HashSet<string> _standing = new(StringComparer.Ordinal);
    private readonly HashSet<string> _identity = new(StringComparer.Ordinal);

    /// <summary>To be persisted, in this order. They are in the book already.</summary>
    public IReadOnlyList<IMessage> Events => _events;

    /// <summary>Members that the cluster shall remove.</summary>
    public IReadOnlyList<Address> Downs => _downs;

    /// <summary>Agents whose tail shall be sealed.</summary>
    public IReadOnlyList<AgentGone> Gone => _gone;

    /// <summary>Nodes whose state changed.</summary>
    public IReadOnlyCollection<string> Standing => _standing;

    /// <summary>Nodes whose name, address, labels, … changed.</summary>
    public IReadOnlyCollection<string> Identity => _identity;

    /// <summary>Nothing shall happen.</summary>
    public bool IsEmpty => _events.Count == 0 && _downs.Count == 0 && _gone.Count == 0 && _standing.Count == 0 && _identity.Count == 0;

    /// <summary>Persist this.</summary>
    public void Persist(IMessage e)
    {
        _events.Add(e);
        if (e is StateChanged change)
        {
            _standing.Add(change.NodeId);
        }
    }

    /// <summary>Remove this member.</summary>
    public void Down(Address address)
    {
        if (!_downs.Contains(address))
        {
            _downs.Add(address);
        }
    }

    /// <summary>Seal this agent's tail.</summary>
    public void AgentGone(string nodeId, ulong incarnation) => _gone.Add(new AgentGone(nodeId, incarnation));

    /// <summary>Show this node's identity anew.</summary>
    public void IdentityChanged(string nodeId) => _identity.Add(nodeId);
}

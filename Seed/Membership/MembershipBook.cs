using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Membership;

/// <summary>
/// Everything that the journal of membership says: nodes, their ledgers, refusals, and when a seed was watching.
/// Replaying the same events gives the same book.
/// </summary>
internal sealed class MembershipBook
{
    /// <summary>The most refusals that are kept.</summary>
    public const int MaxRefusals = 500;

    private readonly Dictionary<string, NodeRecord> _nodes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _idOfName = new(StringComparer.Ordinal);
    private readonly List<ClaimRefused> _refusals = [];

    /// <summary>Every node, by id.</summary>
    public IReadOnlyDictionary<string, NodeRecord> Nodes => _nodes;

    /// <summary>Refused claims, oldest first.</summary>
    public IReadOnlyList<ClaimRefused> Refusals => _refusals;

    /// <summary>The last time at which a seed is known to have watched; 0 = never.</summary>
    public long LastWatchedMs { get; private set; }

    /// <summary>The node of this id, or null.</summary>
    public NodeRecord? Find(string nodeId) => _nodes.GetValueOrDefault(nodeId);

    /// <summary>The node of this name, or null.</summary>
    public NodeRecord? FindByName(string name) =>
        _idOfName.TryGetValue(name, out var id) ? _nodes.GetValueOrDefault(id) : null;

    /// <summary>Takes one journal event in. Unknown ones are of a newer version and are an error.</summary>
    public void Apply(IMessage e)
    {
        switch (e)
        {
            case NodeRegistered registered:
                Register(registered);
                break;
            case StateChanged change:
                Watched(change.TimeMs);
                _nodes.GetValueOrDefault(change.NodeId)?.Ledger.Add(change);
                break;
            case ClaimRefused refused:
                Watched(refused.TimeMs);
                _refusals.Add(refused);
                if (_refusals.Count > MaxRefusals)
                {
                    _refusals.RemoveRange(0, _refusals.Count - MaxRefusals);
                }

                break;
            case SeedWatched watched:
                Watched(watched.TimeMs);
                break;
            case MaintenanceSet set:
                _nodes.GetValueOrDefault(set.NodeId)?.Maintenance.Add(set);
                break;
            case NodeForgotten forgotten:
                Forget(forgotten.NodeId);
                break;
            default:
                throw new InvalidDataException($"membership knows no event {e.Descriptor.FullName}: was the data folder written by a newer version?");
        }
    }

    /// <summary>A snapshot of all of it.</summary>
    public MembershipSnapshot ToSnapshot(long nowMs)
    {
        var snapshot = new MembershipSnapshot { LastWatchedMs = LastWatchedMs };
        foreach (var node in _nodes.Values)
        {
            node.Ledger.Compact(nowMs);
            node.Maintenance.RemoveAll(m => m.ToMs < nowMs - Ledger.KeptMs);
            var ledger = new NodeLedger { Hello = node.Hello, FirstSeenMs = node.FirstSeenMs };
            ledger.Transitions.Add(node.Ledger.Transitions);
            ledger.Maintenance.Add(node.Maintenance);
            snapshot.Nodes.Add(ledger);
        }

        snapshot.Refusals.Add(_refusals);
        return snapshot;
    }

    /// <summary>Starts from a snapshot.</summary>
    public void Load(MembershipSnapshot snapshot)
    {
        LastWatchedMs = snapshot.LastWatchedMs;
        foreach (var ledger in snapshot.Nodes)
        {
            var node = new NodeRecord(ledger.Hello, ledger.FirstSeenMs);
            foreach (var change in ledger.Transitions)
            {
                node.Ledger.Add(change);
            }

            node.Maintenance.AddRange(ledger.Maintenance);
            _nodes[ledger.Hello.NodeId] = node;
            _idOfName[ledger.Hello.Name] = ledger.Hello.NodeId;
        }

        _refusals.AddRange(snapshot.Refusals);
    }

    private void Watched(long timeMs) => LastWatchedMs = Math.Max(LastWatchedMs, timeMs);

    private void Register(NodeRegistered registered)
    {
        var hello = registered.Hello;
        Watched(registered.TimeMs);
        if (FindByName(hello.Name) is { } owner && owner.Hello.NodeId != hello.NodeId)
        {
            owner.LoseName();
            _idOfName[owner.Hello.Name] = owner.Hello.NodeId;
        }

        if (_nodes.TryGetValue(hello.NodeId, out var node))
        {
            if (node.Hello.Name != hello.Name)
            {
                _idOfName.Remove(node.Hello.Name);
            }

            node.Register(hello);
        }
        else
        {
            _nodes.Add(hello.NodeId, new NodeRecord(hello, registered.TimeMs));
        }

        _idOfName[hello.Name] = hello.NodeId;
    }

    private void Forget(string nodeId)
    {
        if (_nodes.Remove(nodeId, out var node) && _idOfName.GetValueOrDefault(node.Hello.Name) == nodeId)
        {
            _idOfName.Remove(node.Hello.Name);
        }
    }
}

using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Fleet;

/// <summary>
/// What lists show of every node, each part with the version at which it last changed, so that a viewer gets what is
/// new since its last frame and nothing else.
/// </summary>
internal sealed class FleetTable
{
    private const int MaxTombstones = 1_000;

    private readonly Dictionary<string, Row> _rows = new(StringComparer.Ordinal);
    private readonly List<(long Version, string NodeId)> _removed = [];

    // Frames older than this can't say any more what was removed since.
    private long _deltasFrom;

    /// <summary>The version of the newest change; 1 when nothing has happened yet, as 0 means "no frame known".</summary>
    public long Version { get; private set; } = 1;

    /// <summary>Number of nodes.</summary>
    public int Count => _rows.Count;

    /// <summary>Identity or standing changed.</summary>
    public void Apply(StandingChanged change)
    {
        var row = RowOf(change.NodeId);
        Version++;
        if (change.Identity is not null)
        {
            (row.Identity, row.IdentityVersion) = (change.Identity, Version);
        }

        if (change.Standing is not null)
        {
            (row.Standing, row.StandingVersion) = (change.Standing, Version);
        }

        row.NewestVersion = Version;
    }

    /// <summary>A newer summary came.</summary>
    public void Apply(VitalsChanged change)
    {
        var row = RowOf(change.NodeId);
        row.Vitals = change.Vitals;
        row.Trail.Add(change.Vitals.TimeMs, change.Vitals.Cpu);
        row.VitalsVersion = row.NewestVersion = ++Version;
    }

    /// <summary>An aggregate remembers the last minute.</summary>
    public void Apply(TrailRecovered recovered, long nowMs)
    {
        var row = RowOf(recovered.NodeId);
        row.Trail.Load(recovered.CpuTrail, row.Vitals?.TimeMs ?? nowMs);
    }

    /// <summary>A node is no more.</summary>
    public void Apply(NodeRemoved removed)
    {
        if (!_rows.Remove(removed.NodeId))
        {
            return;
        }

        _removed.Add((++Version, removed.NodeId));
        if (_removed.Count > MaxTombstones)
        {
            _deltasFrom = _removed[0].Version;
            _removed.RemoveAt(0);
        }
    }

    /// <summary>How many nodes are connected: their state says that they speak.</summary>
    public int Connected => _rows.Values.Count(r => r.IsConnected);

    /// <summary>Names of the connected ones, in order.</summary>
    public IReadOnlyList<string> ConnectedNames =>
        [.. _rows.Values.Where(r => r.IsConnected).Select(r => r.Identity!.Name).Order(StringComparer.Ordinal)];

    /// <summary>The node of this id, else of this name; null if there is none.</summary>
    public FleetNode? Find(string nameOrId)
    {
        if (_rows.TryGetValue(nameOrId, out var row) && row.Identity is not null)
        {
            return row.ToNode(0, withTrail: true);
        }

        return _rows.Values.FirstOrDefault(r => r.Identity?.Name == nameOrId)?.ToNode(0, withTrail: true);
    }

    /// <summary>What changed since <paramref name="knownVersion"/>; everything, with trails, when that is 0 or too old.</summary>
    public FleetFrame FrameSince(long knownVersion)
    {
        var full = knownVersion <= 0 || knownVersion < _deltasFrom || knownVersion > Version;
        var since = full ? 0 : knownVersion;
        var frame = new FleetFrame { Version = Version, Full = full };
        foreach (var row in _rows.Values)
        {
            // Vitals may come before membership said whose they are; such a row is not shown yet.
            if (row.NewestVersion > since && row.Identity is not null)
            {
                frame.Nodes.Add(row.ToNode(since, withTrail: full || row.IdentityVersion > since));
            }
        }

        if (!full)
        {
            frame.Removed.Add(_removed.Where(r => r.Version > since).Select(r => r.NodeId));
        }

        return frame;
    }

    private Row RowOf(string nodeId)
    {
        if (!_rows.TryGetValue(nodeId, out var row))
        {
            row = new Row(nodeId);
            _rows.Add(nodeId, row);
            if (_removed.RemoveAll(r => r.NodeId == nodeId) > 0)
            {
                // Who still shows the old row must not keep parts of it: the next frames are whole.
                _deltasFrom = Version + 1;
            }
        }

        return row;
    }

    private sealed class Row(string nodeId)
    {
        public NodeIdentity? Identity { get; set; }

        public long IdentityVersion { get; set; }

        public NodeStanding? Standing { get; set; }

        public long StandingVersion { get; set; }

        public NodeVitals? Vitals { get; set; }

        public long VitalsVersion { get; set; }

        public long NewestVersion { get; set; }

        public CpuTrail Trail { get; } = new();

        public bool IsConnected => Identity is not null
            && Standing?.State is AvailabilityState.AvailabilityUp or AvailabilityState.AvailabilityJoining or AvailabilityState.AvailabilitySuspect;

        public FleetNode ToNode(long since, bool withTrail)
        {
            var node = new FleetNode { NodeId = nodeId };
            if (IdentityVersion > since)
            {
                node.Identity = Identity;
            }

            if (StandingVersion > since)
            {
                node.Standing = Standing;
            }

            if (VitalsVersion > since)
            {
                node.Vitals = Vitals;
            }

            if (withTrail)
            {
                node.CpuTrail = ByteString.CopyFrom(Trail.ToArray());
            }

            return node;
        }
    }
}

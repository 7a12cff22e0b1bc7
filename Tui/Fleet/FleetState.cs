using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The fleet as the seed's frames have told it so far. Owned by one loop.</summary>
internal sealed class FleetState
{
    private readonly Dictionary<string, FleetRow> _rows = new(StringComparer.Ordinal);
    private readonly int[] _counts = new int[16];

    /// <summary>Version and incarnation of the last frame: what the next pull names.</summary>
    public long Version { get; private set; }

    public ulong SeedIncarnation { get; private set; }

    public SeedInfo Seed { get; private set; } = new();

    /// <summary>The seed's clock at the last frame, Unix milliseconds; 0 before the first.</summary>
    public long TimeMs { get; private set; }

    /// <summary>A frame has come.</summary>
    public bool IsKnown => TimeMs > 0;

    public int Count => _rows.Count;

    public Dictionary<string, FleetRow>.ValueCollection Rows => _rows.Values;

    /// <summary>Grows whenever a node comes, goes, or changes its name: lists are made anew.</summary>
    public int Shape { get; private set; }

    public FleetRow? Find(string? id) => id is not null && _rows.TryGetValue(id, out var row) ? row : null;

    /// <summary>By name or by id.</summary>
    public FleetRow? FindByName(string name) =>
        Find(name) ?? _rows.Values.FirstOrDefault(r => string.Equals(r.Name, name, StringComparison.Ordinal));

    public int CountOf(AvailabilityState state) => _counts[(int)state & 15];

    /// <summary>Takes a frame. One that does not follow from what is known, and is not full, is refused: false, pull everything anew.</summary>
    public bool Apply(FleetFrame frame)
    {
        if (!frame.Full && frame.SeedIncarnation != SeedIncarnation)
        {
            return false;
        }

        if (frame.Full)
        {
            Forget(frame);
        }

        foreach (var change in frame.Nodes)
        {
            if (!_rows.TryGetValue(change.NodeId, out var row))
            {
                row = new FleetRow(change.NodeId);
                _rows.Add(change.NodeId, row);
                Shape++;
            }
            else if (change.Identity is { } identity && identity.Name != row.Identity.Name)
            {
                Shape++;
            }

            row.Apply(change);
        }

        foreach (var id in frame.Removed)
        {
            Shape += _rows.Remove(id) ? 1 : 0;
        }

        Version = frame.Version;
        SeedIncarnation = frame.SeedIncarnation;
        TimeMs = frame.TimeMs;
        Seed = frame.Seed ?? Seed;
        CountStates();
        return true;
    }

    /// <summary>A full frame of the same seed keeps the trails of the nodes it still names: the picture does not jump.</summary>
    private void Forget(FleetFrame frame)
    {
        var named = frame.Nodes.Select(n => n.NodeId).ToHashSet(StringComparer.Ordinal);
        foreach (var id in _rows.Keys.Where(id => !named.Contains(id)).ToArray())
        {
            _rows.Remove(id);
            Shape++;
        }
    }

    private void CountStates()
    {
        Array.Clear(_counts);
        foreach (var row in _rows.Values)
        {
            _counts[(int)row.State & 15]++;
        }
    }
}

namespace ClusterMonitor.Seed.Fleet;

/// <summary>Who looks at the dashboard, as far as their messages tell.</summary>
internal sealed class ViewerList
{
    /// <summary>
    /// Who is silent for longer has gone: a dashboard pulls at least every 10 s, for no pull is held longer than that.
    /// </summary>
    public const long SilentMs = 25_000;

    /// <summary>The most that are remembered; the rest is served, but not named.</summary>
    public const int MaxViewers = 1_000;

    private readonly Dictionary<Address, Viewer> _viewers = [];

    private sealed record Viewer(string Who, long HeardMono);

    /// <summary>How many there are.</summary>
    public int Count => _viewers.Count;

    /// <summary>Those that speak from another process, as <c>user@host</c>.</summary>
    public IReadOnlyList<string> Remote =>
        [.. _viewers.Where(v => v.Key.Host is not null).Select(v => v.Value.Who).Order(StringComparer.Ordinal)];

    /// <summary>A viewer said who it is.</summary>
    public void Hello(Address address, string who, long monoMs)
    {
        if (_viewers.Count < MaxViewers || _viewers.ContainsKey(address))
        {
            var clean = new string([.. who.Where(c => !char.IsControl(c)).Take(128)]);
            _viewers[address] = new Viewer(clean.Length > 0 ? clean : address.ToString(), monoMs);
        }
    }

    /// <summary>A viewer asked for something.</summary>
    public void Heard(Address address, long monoMs)
    {
        if (_viewers.TryGetValue(address, out var viewer))
        {
            _viewers[address] = viewer with { HeardMono = monoMs };
        }
    }

    /// <summary>Its link broke.</summary>
    public void Gone(Address address) => _viewers.Remove(address);

    /// <summary>Forgets the silent ones.</summary>
    public void Sweep(long monoMs)
    {
        foreach (var (address, viewer) in _viewers)
        {
            if (monoMs - viewer.HeardMono > SilentMs)
            {
                _viewers.Remove(address);
            }
        }
    }
}

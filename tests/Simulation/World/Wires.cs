using Actors.Remoting;

namespace Simulation.World;

/// <summary>
/// The network between hosts. Several faults may block the same direction at once; it opens again when the last of them ends.
/// Each direction has its own dice for delays, so that one pair's traffic does not change another's.
/// </summary>
internal sealed class Wires
{
    private readonly int _seed;
    private readonly Dictionary<(string From, string To), int> _blocks = [];
    private readonly Dictionary<(string From, string To), Random> _dice = [];
    private readonly Dictionary<(string From, string To), double> _slow = [];

    public Wires(SimulatedTime time, int seed)
    {
        _seed = seed;
        Network = new MemoryNetwork(time, time.Post) { Latency = Latency };
    }

    public MemoryNetwork Network { get; }

    /// <summary>How long a direction takes at least, in ms; up to half as much comes on top.</summary>
    public double BaseMs { get; set; } = 0.5;

    public void Block(string from, string to)
    {
        _blocks[(from, to)] = _blocks.GetValueOrDefault((from, to)) + 1;
        Network.Block(from, to);
    }

    public void Unblock(string from, string to)
    {
        if (--_blocks[(from, to)] == 0)
        {
            _blocks.Remove((from, to));
            Network.Unblock(from, to);
        }
    }

    public bool IsBlocked(string from, string to) => _blocks.ContainsKey((from, to));

    public void Slow(string from, string to, double ms) => _slow[(from, to)] = ms;

    public void Hurry(string from, string to) => _slow.Remove((from, to));

    private TimeSpan Latency(string from, string to)
    {
        if (!_dice.TryGetValue((from, to), out var dice))
        {
            _dice[(from, to)] = dice = new Random(_seed ^ StableHash.Of($"{from}>{to}"));
        }

        var ms = BaseMs + _slow.GetValueOrDefault((from, to));
        return TimeSpan.FromMilliseconds(ms * (1 + (dice.NextDouble() / 2)));
    }
}

/// <summary>FNV-1a: the same in every process, which string.GetHashCode is not.</summary>
internal static class StableHash
{
    public static int Of(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return (int)hash;
    }
}

using System.Net;

namespace Actors.Remoting;

/// <summary>
/// A network in memory for tests and simulation. All that happens is posted to <paramref name="post"/> or comes from a timer of <paramref name="time"/>,
/// so with a single-threaded dispatcher and a virtual clock a run is deterministic. It behaves as TCP does: bytes of a direction stay in order,
/// a blocked direction holds them back until it is opened again, a reset connection loses them.
/// </summary>
internal sealed class MemoryNetwork(TimeProvider time, Action<Action> post)
{
    private readonly Dictionary<HostPort, Action<MemoryConnection>> _listeners = [];
    private readonly HashSet<(string From, string To)> _blocked = [];
    private readonly List<MemoryPipe> _pipes = [];
    private readonly Lock _lock = new();
    private int _nextPort = 20000;

    /// <summary>How long bytes take from one host to another; zero by default.</summary>
    public Func<string, string, TimeSpan> Latency { get; set; } = static (_, _) => TimeSpan.Zero;

    internal TimeProvider Time => time;

    /// <summary>A network for tests with real threads.</summary>
    public static MemoryNetwork OnThreadPool(TimeProvider time) =>
        new(time, static work => ThreadPool.UnsafeQueueUserWorkItem(static w => w(), work, preferLocal: false));

    /// <summary>The transport of one host. Host names, not ports, are what <see cref="Block"/> knows.</summary>
    public MemoryTransport Transport(string host, PeerIdentity? identity = null) =>
        new(this, host, identity ?? new PeerIdentity(host, "", "", IPAddress.None));

    /// <summary>Holds back what goes from one host to the other, new connections included.</summary>
    public void Block(string from, string to)
    {
        lock (_lock)
        {
            _blocked.Add((from, to));
        }
    }

    /// <summary>Lets it through again.</summary>
    public void Unblock(string from, string to)
    {
        MemoryPipe[] pipes;
        lock (_lock)
        {
            _blocked.Remove((from, to));
            pipes = [.. _pipes];
        }

        foreach (var pipe in pipes)
        {
            pipe.Pump();
        }
    }

    /// <summary>Breaks every connection between two hosts; what was on its way is lost.</summary>
    public void Reset(string a, string b)
    {
        MemoryPipe[] pipes;
        lock (_lock)
        {
            pipes = [.. _pipes.Where(p => (p.From == a && p.To == b) || (p.From == b && p.To == a))];
        }

        foreach (var pipe in pipes)
        {
            pipe.Break("the connection broke: reset");
        }
    }

    internal bool IsBlocked(string from, string to)
    {
        lock (_lock)
        {
            return _blocked.Contains((from, to));
        }
    }

    internal void Post(Action work) => post(work);

    /// <summary>Runs it after so long, or as soon as possible.</summary>
    internal void After(TimeSpan delay, Action work)
    {
        if (delay <= TimeSpan.Zero)
        {
            post(work);
            return;
        }

        ITimer? timer = null;
        timer = time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                work();
            },
            null,
            Timeout.InfiniteTimeSpan,
            Timeout.InfiniteTimeSpan);
        timer.Change(delay, Timeout.InfiniteTimeSpan);
    }

    internal HostPort Listen(HostPort local, Action<MemoryConnection> accepted)
    {
        lock (_lock)
        {
            var bound = local.Port == 0 ? local with { Port = _nextPort++ } : local;
            return _listeners.TryAdd(bound, accepted)
                ? bound
                : throw new RemoteTransportException($"can't listen on {bound}: the port is in use; stop what listens there or choose another port (0 takes a free one)");
        }
    }

    internal void StopListening(HostPort local)
    {
        lock (_lock)
        {
            _listeners.Remove(local);
        }
    }

    internal Action<MemoryConnection>? Listener(HostPort remote)
    {
        lock (_lock)
        {
            return _listeners.GetValueOrDefault(remote);
        }
    }

    internal void Add(MemoryPipe pipe)
    {
        lock (_lock)
        {
            _pipes.Add(pipe);
        }
    }

    internal void Remove(MemoryPipe pipe)
    {
        lock (_lock)
        {
            _pipes.Remove(pipe);
        }
    }
}

using System.Collections.Immutable;
using Actors.Clustering;
using Actors.Core;

namespace EngineTests.Clustering;

/// <summary>
/// A cluster of bare protocols, without actors, sockets or threads, under virtual time. A direction that is blocked holds its messages back,
/// as TCP does; a killed node closes its links; a paused one reads and sends nothing.
/// </summary>
internal sealed class VirtualCluster(int seed = 1, string voterRole = "seed")
{
    private readonly PriorityQueue<Action, (TimeSpan At, long Order)> _events = new();
    private readonly HashSet<(string From, string To)> _blocked = [];
    private readonly List<VirtualNode> _nodes = [];
    private long _order;
    private long _uid = 1000;

    public TimeSpan Now { get; private set; } = TimeSpan.FromHours(1);

    public Random Dice { get; } = new(seed);

    public TimeSpan Latency { get; set; } = TimeSpan.FromMilliseconds(1);

    public IReadOnlyList<VirtualNode> Nodes => _nodes;

    public long Messages { get; set; }

    public static Address At(string host) => new("akka.ssl.tcp", "clustermonitor", host, 4053);

    public VirtualNode Add(string host, string role, params string[] seeds)
    {
        var settings = new ClusterSettings { Roles = [role], VoterRole = voterRole };
        var node = new VirtualNode(this, host, new UniqueAddress(At(host), ++_uid), settings);
        _nodes.Add(node);
        node.Start([.. (seeds.Length == 0 ? [host] : seeds).Select(At)]);
        return node;
    }

    public void After(TimeSpan delay, Action what) => _events.Enqueue(what, (Now + delay, ++_order));

    public void Run(TimeSpan duration)
    {
        var end = Now + duration;
        while (_events.TryPeek(out _, out var next) && next.At <= end)
        {
            var what = _events.Dequeue();
            Now = next.At;
            what();
        }

        Now = end;
    }

    /// <summary>How long it took.</summary>
    public TimeSpan RunUntil(Func<bool> condition, double withinSeconds)
    {
        var start = Now;
        while (!condition())
        {
            if (Now - start > TimeSpan.FromSeconds(withinSeconds))
            {
                throw new TimeoutException($"not within {withinSeconds} s; {string.Join("; ", _nodes.Select(n => n.ToString()))}");
            }

            Run(TimeSpan.FromMilliseconds(5));
        }

        return Now - start;
    }

    public void Block(string a, string b)
    {
        _blocked.Add((a, b));
        _blocked.Add((b, a));
    }

    public void BlockOneWay(string from, string to) => _blocked.Add((from, to));

    public void Unblock(string a, string b)
    {
        _blocked.Remove((a, b));
        _blocked.Remove((b, a));
        foreach (var node in _nodes.ToArray())
        {
            node.Deliver();
        }
    }

    public bool IsBlocked(string from, string to) => _blocked.Contains((from, to));

    public VirtualNode? Alive(Address at) => _nodes.LastOrDefault(n => n.IsAlive && n.Self.Address == at);
}

/// <summary>One system of a <see cref="VirtualCluster"/>.</summary>
internal sealed class VirtualNode(VirtualCluster cluster, string host, UniqueAddress self, ClusterSettings settings) : IClusterShell
{
    private readonly Dictionary<VirtualNode, VirtualLink> _links = [];
    private readonly Dictionary<UniqueAddress, TimeSpan> _heard = [];
    private HashSet<UniqueAddress> _hearers = [];
    private HashSet<UniqueAddress> _dialled = [];
    private JoinProcess? _joining;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private bool _paused;

    public UniqueAddress Self { get; } = self;

    public string Host { get; } = host;

    public bool IsAlive { get; private set; } = true;

    public MemberProtocol? Protocol { get; private set; }

    public StopReason? Stopped { get; private set; }

    public List<ClusterEvent.IClusterDomainEvent> Events { get; } = [];

    public List<(UniqueAddress Who, MemberStatus Previous)> Gone { get; } = [];

    public ClusterView View { get; private set; } = ClusterView.Empty;

    public TimeSpan Now => cluster.Now;

    public long UtcMs => (long)cluster.Now.TotalMilliseconds;

    public MemberStatus? StatusOf(VirtualNode other) => View.Members.Find(other.Self)?.Status;

    public bool Sees(VirtualNode other, MemberStatus status) => StatusOf(other) == status;

    public bool IsUnreachable(VirtualNode other) => View.Unreachable.Contains(other.Self);

    public void Start(ImmutableArray<Address> seeds)
    {
        _joining = new JoinProcess(settings, Self, this, cluster.Dice, seeds);
        KeepInTouch();
        Step(() => { });
    }

    public void Leave() => Step(() => Protocol?.Leave(Self.Address));

    public void Down(VirtualNode other) => Step(() => Protocol?.Down(other.Self.Address));

    public void Kill()
    {
        IsAlive = false;
        foreach (var peer in _links.Keys.ToArray())
        {
            Close(peer);
        }
    }

    public void Pause() => _paused = true;

    public void Resume()
    {
        _paused = false;
        Deliver();
        Wake();
    }

    /// <summary>Breaks the link to a peer; both ends notice.</summary>
    public void Close(VirtualNode peer)
    {
        if (_links.Remove(peer))
        {
            peer._links.Remove(this);
            cluster.After(cluster.Latency, () => Step(() => Protocol?.LinkLost(peer.Self)));
            cluster.After(cluster.Latency, () => peer.Step(() => peer.Protocol?.LinkLost(Self)));
        }
    }

    /// <summary>Reads what has arrived.</summary>
    public void Deliver()
    {
        foreach (var (peer, link) in _links.ToArray())
        {
            while (!_paused && IsAlive && link.In.Count > 0 && !cluster.IsBlocked(peer.Host, Host))
            {
                var message = link.In.Dequeue();
                _heard[peer.Self] = cluster.Now;
                if (message is not null)
                {
                    Step(() => Receive(message, peer));
                }
            }
        }
    }

    void IClusterShell.Send(Address to, ClusterMessage message)
    {
        cluster.Messages++;

        // Over the wire and back: what can't be encoded is found.
        var copy = ClusterCodec.Decode(ClusterCodec.Encode(message));
        if (Link(to, mayDial: true) is { } peer)
        {
            Transmit(peer, copy);
        }
    }

    TimeSpan? IClusterShell.LastHeard(UniqueAddress who) => _heard.TryGetValue(who, out var at) ? at : null;

    void IClusterShell.BeHeardBy(IReadOnlyCollection<UniqueAddress> dialled, IReadOnlyCollection<UniqueAddress> dialling) =>
        (_dialled, _hearers) = ([.. dialled], [.. dialled, .. dialling]);

    void IClusterShell.ViewChanged(ClusterView view)
    {
        Events.AddRange(ClusterViewDiff.Events(View, view, withRoleLeaders: false));
        View = view;
    }

    void IClusterShell.MemberGone(UniqueAddress who, MemberStatus previous) => Gone.Add((who, previous));

    void IClusterShell.SelfExiting() => cluster.After(TimeSpan.FromMilliseconds(1), () => Step(() => Protocol?.ExitingCompleted()));

    void IClusterShell.Stop(StopReason reason, string why)
    {
        Stopped = reason;
        cluster.After(TimeSpan.FromMilliseconds(1), Kill);
    }

    void IClusterShell.Log(LogLevel level, string text)
    {
    }

    public override string ToString() =>
        $"{Host}{(IsAlive ? "" : " dead")}: {string.Join(",", View.Members.Select(m => $"{m.Address.Host}={m.Status}{(View.Unreachable.Contains(m.UniqueAddress) ? "!" : "")}"))}";

    private void Receive(ClusterMessage message, VirtualNode peer)
    {
        var from = new ClusterPeer(peer.Self, "");
        if (Protocol is null)
        {
            Protocol = _joining!.Receive(message, from);
        }
        else
        {
            Protocol.Receive(message, from);
        }
    }

    private void Step(Action what)
    {
        if (!IsAlive || _paused)
        {
            return;
        }

        what();
        if (Stopped is not null)
        {
            return;
        }

        var next = Protocol?.NextWake ?? _joining!.NextWake;
        if (next < _wakeAt && next != TimeSpan.MaxValue)
        {
            _wakeAt = next;
            cluster.After(next > cluster.Now ? next - cluster.Now : TimeSpan.Zero, Wake);
        }
    }

    private void Wake()
    {
        if (_paused || !IsAlive)
        {
            return;
        }

        _wakeAt = TimeSpan.MaxValue;
        Step(() =>
        {
            if (Stopped is not null)
            {
                return;
            }

            if (Protocol is not null)
            {
                Protocol.Wake();
            }
            else
            {
                Protocol = _joining!.Wake();
            }
        });
    }

    /// <summary>Heartbeats, as the remoting sends them.</summary>
    private void KeepInTouch()
    {
        if (!IsAlive)
        {
            return;
        }

        if (!_paused)
        {
            foreach (var hearer in _hearers.Order().ToArray())
            {
                if (Link(hearer.Address, _dialled.Contains(hearer)) is { } peer)
                {
                    Transmit(peer, null);
                }
            }
        }

        cluster.After(TimeSpan.FromMilliseconds(480 + cluster.Dice.Next(20)), KeepInTouch);
    }

    private void Transmit(VirtualNode peer, ClusterMessage? message)
    {
        cluster.After(cluster.Latency, () =>
        {
            if (peer._links.TryGetValue(this, out var link))
            {
                link.In.Enqueue(message);
                peer.Deliver();
            }
        });
    }

    private VirtualNode? Link(Address to, bool mayDial)
    {
        if (cluster.Alive(to) is not { } peer || peer == this)
        {
            return null;
        }

        if (_links.ContainsKey(peer))
        {
            return peer;
        }

        if (!mayDial || peer._paused || cluster.IsBlocked(Host, peer.Host) || cluster.IsBlocked(peer.Host, Host))
        {
            return null;
        }

        _links.Add(peer, new VirtualLink());
        peer._links.Add(this, new VirtualLink());
        (_heard[peer.Self], peer._heard[Self]) = (cluster.Now, cluster.Now);
        cluster.After(cluster.Latency, () => Step(() => Protocol?.LinkUp(peer.Self)));
        cluster.After(cluster.Latency, () => peer.Step(() => peer.Protocol?.LinkUp(Self)));
        return peer;
    }

    private sealed class VirtualLink
    {
        /// <summary>A null is a heartbeat.</summary>
        public Queue<ClusterMessage?> In { get; } = new();
    }
}

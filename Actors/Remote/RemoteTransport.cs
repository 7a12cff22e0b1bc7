using System.Collections.Concurrent;
using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// The table of associations and what happens to their links. Sending to a peer with an open link takes no lock of this class;
/// everything else (dialling, greeting, closing, quarantine, upkeep) is rare and runs under one lock. Events are published outside of it.
/// <para>
/// For the cluster: <see cref="EnsureHeartbeat"/> promises a peer at least one frame each interval, <see cref="FrameReceived"/> and
/// <see cref="LastReceived"/> are the evidence from the other side, <see cref="CloseLink"/> and <see cref="Quarantine"/> end a link or a life.
/// </para>
/// </summary>
internal sealed partial class RemoteTransport
{
    private readonly IRemoteHost _host;
    private readonly ITransport _transport;
    private readonly RemoteSettings _settings;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Address, Association> _associations = new();
    private readonly Dictionary<Link, long> _greeting = [];
    private readonly ConcurrentQueue<RemotingLifecycleEvent> _events = new();
    private readonly Lock _control = new();
    private int _publishing;
    private bool _closing;

    public RemoteTransport(IRemoteHost host, ITransport transport, RemoteSettings settings)
    {
        (_host, _transport, _settings, _time) = (host, transport, settings, host.Time);
        _timer = _time.CreateTimer(static t => ((RemoteTransport)t!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Bytes came from the peer of that address and UID, over an open link. Called once per read, by its reader: be quick.</summary>
    public event Action<Address, long>? FrameReceived;

    /// <summary>How others call this system. Set by <see cref="Start"/>.</summary>
    public Address Local { get; private set; } = null!;

    /// <summary>Links closed because of what they sent.</summary>
    public long MalformedLinks => Interlocked.Read(ref _malformed);

    /// <summary>Messages dropped because a queue was full or they were too large.</summary>
    public long DroppedMessages => Interlocked.Read(ref _dropped);

    /// <summary>Listens and keeps links from now on.</summary>
    /// <exception cref="RemoteTransportException">The address can't be listened on.</exception>
    public void Start(string systemName)
    {
        var bound = _transport.Listen(new HostPort(_settings.Hostname, _settings.Port), Accepted);
        var host = _settings.PublicHostname.Length > 0 ? _settings.PublicHostname : bound.Host;
        Local = new Address(_transport.Scheme, systemName, host, _settings.PublicPort > 0 ? _settings.PublicPort : bound.Port);
        _timer.Change(_tick, _tick);
        _host.Publish(new RemotingListenEvent([Local]));
    }

    /// <summary>The association of that address, made if there is none.</summary>
    public Association Associate(Address remote) =>
        _associations.GetOrAdd(remote, static (address, my) => new Association(address, my._settings.SystemMessages) { LastUsed = my._time.GetTimestamp() }, this);

    /// <summary>Sends at most once: now if there is a link, soon if one can be dialled, else to dead letters.</summary>
    public void Send(Association association, in WaitingMessage message)
    {
        if (association.Link is { } link && TryWrite(link, association, message))
        {
            return;
        }

        bool dead;
        lock (_control)
        {
            dead = !TryKeep(Current(association), message);
        }

        if (dead)
        {
            _host.DeadLetter(message);
        }
    }

    /// <summary>Sends a system message reliably: until it is acknowledged, or the peer's life ends.</summary>
    public void SendSystem(Association association, SystemFrame frame)
    {
        lock (_control)
        {
            var main = Current(association);
            if (main.Quarantined || _closing)
            {
                return;
            }

            main.LastUsed = _time.GetTimestamp();
            main.OutboxSince ??= main.LastUsed;
            if (!main.Outbox.TryAdd(frame, out var sequence))
            {
                GiveUp(main, $"{_settings.SystemMessages} system messages wait for their acknowledgement");
            }
            else if (main.Link is { } link)
            {
                link.Send(frame, sequence);
            }
            else
            {
                DialIfAllowed(main);
            }
        }

        PublishEvents();
    }

    /// <summary>
    /// From now on the peer at that address gets at least one frame each <paramref name="interval"/> while there is a link: a heartbeat is written
    /// only if nothing else was. Any frame counts, and nothing is answered, so both sides must ask for it to hear each other.
    /// With <paramref name="keepDialling"/> a link is dialled whenever there is none (an agent towards its seed); without it only the peer
    /// dials (a seed towards an agent). Calling it again replaces what was asked before.
    /// </summary>
    public void EnsureHeartbeat(Address remote, TimeSpan interval, bool keepDialling)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(interval, TimeSpan.Zero);
        lock (_control)
        {
            var main = Associate(remote).Main;
            (main.Heartbeat, main.KeepDialling) = (interval, keepDialling);

            // Whoever asks to dial a quarantined address expects another life there. The old ones stay shunned.
            main.Quarantined &= !keepDialling;
            Hurry(interval);
        }
    }

    /// <summary>Ends what <see cref="EnsureHeartbeat"/> began. The link stays.</summary>
    public void StopHeartbeat(Address remote)
    {
        lock (_control)
        {
            if (Find(remote) is { } main)
            {
                (main.Heartbeat, main.KeepDialling) = (null, false);
            }
        }
    }

    /// <summary>Closes the link with that address, if there is one, telling the peer why. It may be made again.</summary>
    public void CloseLink(Address remote, string reason) => Find(remote)?.Link?.Close(DisassociateCode.Shutdown, reason);

    /// <summary>
    /// Gives up that life of the peer: its link is closed, its watchers are told, and nothing is exchanged with it until it shows up with another UID.
    /// Null means whichever life is known now.
    /// </summary>
    public void Quarantine(Address remote, long? uid, string why)
    {
        lock (_control)
        {
            var main = Associate(remote).Main;
            if (uid is null || uid == main.Uid)
            {
                GiveUp(main, why);
            }
            else
            {
                main.Shun(uid.Value, why);
            }
        }

        PublishEvents();
    }

    /// <summary>Asks again whether each linked peer may be spoken to, and closes the links of those that may not.</summary>
    public void RecheckPeers()
    {
        foreach (var link in OpenLinks())
        {
            if (_host.Refuse(link.Peer) is { } why)
            {
                link.Close(DisassociateCode.Refused, why);
            }
        }
    }

    /// <summary>When bytes last came from that address, as a timestamp of the time provider; null if never.</summary>
    public long? LastReceived(Address remote) => Find(remote) is { } main ? main.Link?.LastReceived ?? main.LastReceived : null;

    /// <summary>The open link with that address.</summary>
    public Link? OpenLink(Address remote) => Find(remote)?.Link;

    /// <summary>Who was last spoken with at that address.</summary>
    public PeerIdentity? Peer(Address remote) => Find(remote)?.Peer;

    /// <summary>The life last spoken with at that address.</summary>
    public long? Uid(Address remote)
    {
        lock (_control)
        {
            return Find(remote)?.Uid;
        }
    }

    public IReadOnlyList<Link> OpenLinks() =>
        [.. _associations.Values.Where(a => a.Canonical is null).Select(a => a.Link).OfType<Link>()];

    /// <summary>Says goodbye to all and stops; done when the goodbyes are written, or after a moment.</summary>
    public async Task CloseAsync(string reason)
    {
        Link[] links;
        lock (_control)
        {
            if (_closing)
            {
                return;
            }

            _closing = true;
            _timer.Dispose();
            _transport.Close();
            links = [.. OpenLinks(), .. _greeting.Keys];
            foreach (var association in _associations.Values)
            {
                association.Dial?.Cancellation.Cancel();
            }
        }

        foreach (var link in links)
        {
            link.Close(DisassociateCode.Shutdown, reason);
        }

        // A peer that doesn't read will find out by itself. Everything continues on the thread that completes it, so that a simulation stays in one.
        var done = new TaskCompletionSource();
        using var late = _time.CreateTimer(_ => done.TrySetResult(), null, TimeSpan.FromSeconds(1), Timeout.InfiniteTimeSpan);
        _ = Task.WhenAll(links.Select(l => l.Ended)).ContinueWith(_ => done.TrySetResult(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        await done.Task.ConfigureAwait(false);
        PublishEvents();
        _host.Publish(new RemotingShutdownEvent());
    }

    private Association Current(Association held) => (held.Forgotten ? Associate(held.Remote) : held).Main;

    private Association? Find(Address remote) => _associations.TryGetValue(remote, out var association) ? association.Main : null;

    private bool TryWrite(Link link, Association association, in WaitingMessage message)
    {
        switch (_host.Write(link, association, message))
        {
            case SendOutcome.Closed:
                return false;
            case SendOutcome.QueueFull or SendOutcome.TooLarge:
                Interlocked.Increment(ref _dropped);
                _host.DeadLetter(message);
                return true;
            default:
                return true;
        }
    }

    /// <summary>The way of a message that finds no open link; false if it is a dead letter.</summary>
    private bool TryKeep(Association main, in WaitingMessage message)
    {
        main.LastUsed = _time.GetTimestamp();
        if (main.Link is { } link && TryWrite(link, main, message))
        {
            return true;
        }

        if (main.Quarantined || _closing || (main.Dial is null && IsGated(main)))
        {
            return false;
        }

        if (main.Waiting.Count >= _settings.WaitingMessages)
        {
            Interlocked.Increment(ref _dropped);
            return false;
        }

        main.Waiting.Enqueue(message);
        DialIfAllowed(main);
        return true;
    }

    private void PublishEvents()
    {
        // One thread at a time, so that events are seen in the order in which they happened.
        while (!_events.IsEmpty && Interlocked.Exchange(ref _publishing, 1) == 0)
        {
            while (_events.TryDequeue(out var happened))
            {
                _host.Publish(happened);
            }

            Volatile.Write(ref _publishing, 0);
        }
    }
}

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Membership;

/// <summary>Who watches, and how.</summary>
/// <param name="SeedName">The observer in the evidence.</param>
/// <param name="SeedIncarnation">This process of the seed.</param>
/// <param name="Timing">How long is too long.</param>
internal sealed record MembershipSettings(string SeedName, ulong SeedIncarnation, AvailabilityTiming Timing)
{
    /// <summary>How often overdue nodes are looked for.</summary>
    public TimeSpan TickEvery { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often it is written down that a seed watches: the most by which an absence can be misjudged.</summary>
    public TimeSpan WatchedEvery { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How often percentages are looked at.</summary>
    public TimeSpan RefreshEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>After this many events the state is saved and the events before it are deleted.</summary>
    public int SnapshotEvery { get; init; } = 1_000;
}

/// <summary>
/// Availability: hears cluster, transport, agents and operators, keeps the ledger, and is the only one that takes a
/// node out of the cluster. A change is shown at once and persisted in the same breath.
/// </summary>
internal sealed class MembershipSupervisor : ReceivePersistentActor, IWithTimers
{
    private readonly MembershipSettings _settings;
    private readonly MembershipWorld _world;
    private readonly FleetWatch _watch;
    private readonly MembershipQueries _queries;
    private readonly Dictionary<string, NodeStanding> _shown = new(StringComparer.Ordinal);
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private int _inFlight;
    private int _sinceSnapshot;

    /// <summary>Makes the supervisor.</summary>
    public MembershipSupervisor(MembershipSettings settings, MembershipWorld world)
    {
        _settings = settings;
        _world = world;
        _watch = new FleetWatch(new MembershipBook(), new NodeStateMachine(settings.SeedName, settings.Timing));
        _queries = new MembershipQueries(_watch);
        Recovering();
        Watching();
        Operating();
        Housekeeping();
    }

    private enum Time
    {
        Tick,
        Watched,
        Refresh,
    }

    /// <inheritdoc/>
    public override string PersistenceId => SeedPaths.Membership;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail(cause);

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail(reason);

    private void Fail(Exception cause) => Context.Parent.Tell(new MembershipFailed(cause.Message), Self);

    private Moment Now => Moment.Of(_world.Clock);

    private void Recovering()
    {
        Recover<SnapshotOffer>(offer => _watch.Book.Load((MembershipSnapshot)offer.Snapshot));
        Recover<IMessage>(e =>
        {
            _watch.Book.Apply(e);
            _sinceSnapshot++;
        });
        Recover<RecoveryCompleted>(_ => Begin());
    }

    private void Begin()
    {
        if (_world.Listener is { } listener)
        {
            Context.ActorOf(listener, "cluster");
        }

        var effects = _watch.Start(Now);
        _world.Nodes.Tell(new NodesKnown([.. _watch.Book.Nodes.Values.Select(n => n.Hello)]), Self);
        Do(effects);
        RefreshStandings(Now.WallMs);

        // Only when it has written is it well: on a full disk it can be read all the same.
        var keeper = Context.Parent;
        Watched(started: true, () => keeper.Tell(new MembershipReady(), Self));
        Timers.StartPeriodicTimer(Time.Tick, Time.Tick, _settings.TickEvery);
        Timers.StartPeriodicTimer(Time.Watched, Time.Watched, _settings.WatchedEvery);
        Timers.StartPeriodicTimer(Time.Refresh, Time.Refresh, _settings.RefreshEvery);
    }

    private void Watching()
    {
        Command<SampleSeen>(sample =>
        {
            Do(_watch.Sample(sample, Now));
            ShowSkew(sample);
        });
        Command<AgentClaims>(Claim);
        Command<PeerRefused>(r => Do(_watch.Refused(r, Now)));
        Command<MemberNews>(n => Do(_watch.Member(n.Address, n.Phase, n.IsSeed, Now)));
        Command<MemberGoneNews>(n => Do(_watch.MemberGone(n.Address, n.Previous, Now)));
        Command<ReachabilityNews>(n => Do(n.Observer is { } observer ? _watch.Unreachable(n.Address, observer, Now) : _watch.Reachable(n.Address, Now)));
        Command<LinkNews>(n => Do(n.Open ? _watch.LinkOpened(n.Address, Now) : _watch.LinkClosed(n.Address, n.Detail, Now)));
        Command<Time>(time =>
        {
            switch (time)
            {
                case Time.Tick:
                    Do(_watch.Tick(_world.Evidence, Now));
                    break;
                case Time.Watched:
                    Watched(started: false, then: null);
                    break;
                default:
                    RefreshStandings(Now.WallMs);
                    break;
            }
        });
    }

    private void Operating()
    {
        Command<LedgerQuery>(q => Sender.Tell(_queries.Ledger(q, Now)));
        Command<EventsQuery>(q => Sender.Tell(_queries.Events(q)));
        Command<SetMaintenance>(set => Operate(set.Node, node => _queries.Refusal(set), node =>
        {
            Do(_watch.Maintenance(node, set, Now), Answer(MembershipQueries.Announced(node, set, Now.WallMs)));
        }));
        Command<ForgetNode>(forget => Operate(forget.Node, node => _queries.Refusal(node, Now), node =>
        {
            var id = node.Hello.NodeId;
            Do(_watch.Forget(node, forget.Who, Now), Answer($"{node.Hello.Name} is forgotten"));
            _shown.Remove(id);
            _world.Nodes.Tell(new NodeRemoved(id), Self);
            _world.Fleet.Tell(new NodeRemoved(id), Self);
        }));
        Command<ShowAll>(_ =>
        {
            foreach (var node in _watch.Book.Nodes.Values)
            {
                Show(node, node.ToStanding(Now.WallMs), node.ToIdentity());
            }
        });
        Command<WatchEnds>(_ => Watched(started: false, Answer(Done.Instance)));
    }

    private void Housekeeping()
    {
        Command<SaveSnapshotSuccess>(saved =>
        {
            DeleteMessages(saved.Metadata.SequenceNr);
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
        });
        Command<SaveSnapshotFailure>(f => _log.Warning("Could not save the state of membership, will try again: {0}", f.Cause.Message));
        Command<DeleteMessagesFailure>(f => _log.Warning("Could not delete old events of membership: {0}", f.Cause.Message));
        Command<DeleteSnapshotsFailure>(f => _log.Warning("Could not delete old snapshots of membership: {0}", f.Cause.Message));
        Command<DeleteMessagesSuccess>(_ => { });
        Command<DeleteSnapshotsSuccess>(_ => { });
    }

    private void Claim(AgentClaims claim)
    {
        var effects = _watch.Hello(claim.Hello, AddressOf(claim), Now, out var refusal);
        IReadOnlyList<NodeHello> known = [.. effects.Identity.Select(id => _watch.Book.Find(id)!.Hello)];
        if (refusal is not null && effects.Events.Count > 0)
        {
            _log.Warning("Refused {0} at {1}: {2}", claim.Hello.Name, claim.Agent.Path.Address, refusal.Text);
        }

        var registry = Sender;
        Do(effects, () =>
        {
            if (known.Count > 0)
            {
                _world.Nodes.Tell(new NodesKnown(known), Self);
            }

            registry.Tell(refusal is null ? new AgentAdmitted(claim.Hello, claim.Agent) : new AgentRefused(refusal, claim.Agent));
        });
    }

    /// <summary>The path tells from where it speaks; an agent within this process has none, and its own word counts.</summary>
    private static Address AddressOf(AgentClaims claim)
    {
        var address = claim.Agent.Path.Address;
        return address.Host is not null ? address
            : claim.Hello.Address.Length > 0 ? Address.Parse(claim.Hello.Address)
            : address;
    }

    private void Operate(string nodeId, Func<NodeRecord, QueryRefused?> refusal, Action<NodeRecord> act)
    {
        var node = _watch.Book.Find(nodeId);
        var refused = node is null ? MembershipQueries.Unknown(nodeId) : refusal(node);
        if (refused is not null)
        {
            Sender.Tell(refused);
        }
        else
        {
            act(node!);
        }
    }

    private Action Answer(string text) => Answer(new OperatorDone { Text = text });

    private Action Answer(object answer)
    {
        var asker = Sender;
        return () => asker.Tell(answer);
    }

    /// <summary>Shows at once, persists, and then does what waits for the commit.</summary>
    private void Do(MembershipEffects effects, Action? then = null)
    {
        if (!effects.IsEmpty)
        {
            Show(effects);
        }

        Commit(effects.Events, then);
    }

    private void Show(MembershipEffects effects)
    {
        var now = Now.WallMs;
        foreach (var id in effects.Identity.Union(effects.Standing, StringComparer.Ordinal))
        {
            if (_watch.Book.Find(id) is { } node)
            {
                Show(node, node.ToStanding(now), effects.Identity.Contains(id) ? node.ToIdentity() : null);
            }
        }

        foreach (var gone in effects.Gone)
        {
            _world.Nodes.Tell(gone, Self);
        }

        foreach (var address in effects.Downs)
        {
            _log.Info("Takes {0} out of the cluster", address);
            _world.Down(address);
        }
    }

    private void Show(NodeRecord node, NodeStanding standing, NodeIdentity? identity)
    {
        _shown[node.Hello.NodeId] = standing;
        _world.Fleet.Tell(new StandingChanged(node.Hello.NodeId, identity, standing), Self);
    }

    private void RefreshStandings(long nowMs)
    {
        foreach (var (id, node) in _watch.Book.Nodes)
        {
            var standing = node.ToStanding(nowMs);
            if (_shown.TryGetValue(id, out var shown) && Math.Abs(shown.ClockSkewMs - standing.ClockSkewMs) < 50)
            {
                // The way of a sample takes a few milliseconds more or less; that is no skew.
                standing.ClockSkewMs = shown.ClockSkewMs;
            }

            if (!standing.Equals(shown))
            {
                Show(node, standing, null);
            }
        }
    }

    private void ShowSkew(SampleSeen sample)
    {
        if (_shown.TryGetValue(sample.NodeId, out var shown)
            && Math.Abs(shown.ClockSkewMs - sample.SkewMs) >= 250
            && _watch.Book.Find(sample.NodeId) is { } node)
        {
            Show(node, node.ToStanding(Now.WallMs), null);
        }
    }

    private void Watched(bool started, Action? then)
    {
        var watched = new SeedWatched { TimeMs = Now.WallMs, SeedIncarnation = _settings.SeedIncarnation, Started = started };
        _watch.Book.Apply(watched);
        Commit([watched], then);
    }

    private void Commit(IReadOnlyList<IMessage> events, Action? then)
    {
        if (events.Count == 0)
        {
            then?.Invoke();
            return;
        }

        _inFlight += events.Count;
        var left = events.Count;
        PersistAllAsync(events, _ =>
        {
            _inFlight--;
            _sinceSnapshot++;
            if (--left == 0)
            {
                then?.Invoke();
            }

            // The book is ahead of the journal while something is under way; a snapshot must not be.
            if (_inFlight == 0 && _sinceSnapshot >= _settings.SnapshotEvery)
            {
                _sinceSnapshot = 0;
                SaveSnapshot(_watch.Book.ToSnapshot(Now.WallMs));
            }
        });
    }
}

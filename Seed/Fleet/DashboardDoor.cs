using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed.Fleet;

/// <summary>Where the requests of dashboards go on to.</summary>
/// <param name="Nodes">The registry of nodes: current values and history.</param>
/// <param name="Membership">Ledger, events, operators' words.</param>
/// <param name="Fleet">Rows and frames.</param>
/// <param name="Seed">For the welcome.</param>
/// <param name="OwnNode">Name of the seed's own node: when the seed stops, it is no news that this one does.</param>
/// <param name="Clock">The seed's clock.</param>
internal sealed record DoorWorld(IActorRef Nodes, IActorRef Membership, IActorRef Fleet, SeedFacts Seed, string OwnNode, TimeProvider Clock);

/// <summary>The door for dashboards: takes every request of dashboard.proto, finds out which node is meant, and sends it on.</summary>
internal sealed class DashboardDoor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly DoorWorld _world;
    private readonly ViewerList _viewers = new();

    /// <summary>Makes the door.</summary>
    public DashboardDoor(DoorWorld world)
    {
        _world = world;
        Receive<DashboardHello>(Welcome);
        Receive<FleetPull>(pull =>
        {
            Heard();
            _world.Fleet.Forward(pull);
        });
        Receive<EventsQuery>(q => OnNode(q.Node, q, (node, query) => query.Node = node.NodeId, _world.Membership, optional: true));
        Receive<HistoryQuery>(q => OnNode(q.Node, q, (node, query) => query.Node = node.NodeId, _world.Nodes));
        Receive<SetMaintenance>(q => OnNode(q.Node, q, (node, query) => query.Node = node.NodeId, _world.Membership));
        Receive<ForgetNode>(q => OnNode(q.Node, q, (node, query) => query.Node = node.NodeId, _world.Membership));
        Receive<NodeQuery>(Detail);
        Receive<Found>(f => f.Then(f.Row.Node));
        Receive<WhoIsConnected>(_ => Connected());
        Receive<DisassociatedEvent>(e =>
        {
            _viewers.Gone(e.RemoteAddress);
            Count();
        });
        Receive<Sweep>(_ =>
        {
            _viewers.Sweep(MonoMs);
            Count();
        });
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private long MonoMs => Moment.Of(_world.Clock).MonoMs;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Timers.StartPeriodicTimer(nameof(Sweep), new Sweep(), TimeSpan.FromSeconds(5));
    }

    /// <inheritdoc/>
    protected override void PostStop() => Context.System.EventStream.Unsubscribe(Self);

    private void Welcome(DashboardHello hello)
    {
        _viewers.Hello(Sender.Path.Address, hello.Who, MonoMs);
        Count();
        Sender.Tell(new DashboardWelcome
        {
            SeedIncarnation = _world.Seed.Incarnation,
            Seed = new SeedInfo
            {
                Name = _world.Seed.Name,
                Address = _world.Seed.Address,
                Version = _world.Seed.Version,
                StartedMs = _world.Seed.StartedMs,
                DashboardsConnected = _viewers.Count,
            },
        });
    }

    private void Heard() => _viewers.Heard(Sender.Path.Address, MonoMs);

    private void Count() => _world.Fleet.Tell(new ViewersCounted(_viewers.Count));

    private void Connected()
    {
        var (asker, viewers, own) = (Sender, _viewers.Remote, _world.OwnNode);
        _world.Fleet.Ask<ConnectedNames>(new ConnectedNamesQuery(), Patience)
            .PipeTo(asker, Self, names => new ConnectedPeers([.. names.Names.Where(n => n != own)], viewers), e => new Status.Failure(e));
    }

    /// <summary>Sends a request on to <paramref name="to"/> once it is known which node it means.</summary>
    private void OnNode<T>(string node, T request, Action<FleetNode, T> resolve, IActorRef to, bool optional = false)
        where T : class, Google.Protobuf.IDeepCloneable<T>
    {
        Heard();
        var asker = Sender;
        if (optional && node.Length == 0)
        {
            to.Tell(request, asker);
            return;
        }

        Find(node, found =>
        {
            if (found is null)
            {
                asker.Tell(MembershipQueries.Unknown(node));
                return;
            }

            // Within the seed's own process the request is the asker's object.
            var resolved = request.Clone();
            resolve(found, resolved);
            to.Tell(resolved, asker);
        });
    }

    private void Detail(NodeQuery query)
    {
        Heard();
        var asker = Sender;
        var self = Self;
        Find(query.Node, row =>
        {
            if (row is null)
            {
                asker.Tell(MembershipQueries.Unknown(query.Node));
            }
            else
            {
                Assemble(row, _world).PipeTo(asker, self, detail => detail, e => new QueryRefused { Text = $"the seed could not tell about {query.Node}: {e.Message}" });
            }
        });
    }

    private static async Task<object> Assemble(FleetNode row, DoorWorld world)
    {
        var ledger = world.Membership.Ask<object>(new LedgerQuery(row.NodeId), Patience);
        var aggregate = world.Nodes.Ask<object>(new AggregateQuery(row.NodeId), Patience);
        if (await ledger.ConfigureAwait(false) is not LedgerAnswer answer)
        {
            return await ledger.ConfigureAwait(false);
        }

        // A node that has never sent anything has standing and ledger, but no values.
        var detail = await aggregate.ConfigureAwait(false) is NodeDetail values ? values.Clone() : new NodeDetail();
        detail.Node = row;
        detail.Evidence = answer.Evidence;
        detail.FirstSeenMs = answer.FirstSeenMs;
        detail.TimeMs = world.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        detail.Transitions.Add(answer.Transitions);
        detail.Maintenance.Add(answer.Maintenance);
        detail.Outages.Add(answer.Outages.Select(o => new OutageSpan { FromMs = o.FromMs, ToMs = o.ToMs, Reason = o.Reason }));
        return detail;
    }

    /// <summary>Asks the fleet for the row, and goes on with it in this actor.</summary>
    private void Find(string node, Action<FleetNode?> then) =>
        _world.Fleet.Ask<FleetRow>(new FleetRowQuery(node), Patience)
            .PipeTo(Self, Sender, row => new Found(row, then), _ => new Found(new FleetRow(null), then));

    private sealed record Found(FleetRow Row, Action<FleetNode?> Then);

    private sealed record Sweep;
}

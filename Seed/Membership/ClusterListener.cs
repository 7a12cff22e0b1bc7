namespace ClusterMonitor.Seed.Membership;

/// <summary>Listens to cluster and transport, and says what it hears in membership's terms to its parent.</summary>
internal sealed class ClusterListener : ReceiveActor
{
    private readonly string _seedName;
    private readonly string _seedRole;
    private readonly IPeerEvidence _evidence;

    /// <summary>Makes the listener.</summary>
    /// <param name="seedName">The observer that is named in the evidence.</param>
    /// <param name="seedRole">Members of this role are seeds.</param>
    /// <param name="evidence">What the engine can tell of links.</param>
    public ClusterListener(string seedName, string seedRole, IPeerEvidence evidence)
    {
        _seedName = seedName;
        _seedRole = seedRole;
        _evidence = evidence;
        Receive<ClusterEvent.MemberRemoved>(e => Tell(new MemberGoneNews(e.Member.Address, PhaseOf(e.PreviousStatus))));
        Receive<ClusterEvent.IMemberEvent>(e =>
            Tell(new MemberNews(e.Member.Address, PhaseOf(e.Member.Status), e.Member.HasRole(_seedRole))));
        Receive<ClusterEvent.UnreachableMember>(e => Tell(new ReachabilityNews(e.Member.Address, _seedName)));
        Receive<ClusterEvent.ReachableMember>(e => Tell(new ReachabilityNews(e.Member.Address, null)));
        Receive<AssociatedEvent>(e => Tell(new LinkNews(e.RemoteAddress, Open: true, "")));
        Receive<DisassociatedEvent>(e =>
        {
            // A restarted agent may have dialled again before its old link was found dead.
            if (!_evidence.IsLinkAlive(e.RemoteAddress))
            {
                Tell(new LinkNews(e.RemoteAddress, Open: false, _evidence.WordsOf(e)));
            }
        });
        Receive<QuarantinedEvent>(e => Tell(new LinkNews(e.Address, Open: false, "quarantined: system messages were lost")));
    }

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Cluster.Get(Context.System).Subscribe(
            Self,
            ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents,
            typeof(ClusterEvent.IMemberEvent),
            typeof(ClusterEvent.ReachabilityEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(QuarantinedEvent));
    }

    /// <inheritdoc/>
    protected override void PostStop()
    {
        Cluster.Get(Context.System).Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
    }

    private static void Tell(object news) => Context.Parent.Tell(news);

    private static MemberPhase PhaseOf(MemberStatus status) => status switch
    {
        MemberStatus.Joining => MemberPhase.Joining,
        MemberStatus.WeaklyUp => MemberPhase.WeaklyUp,
        MemberStatus.Up => MemberPhase.Up,
        MemberStatus.Leaving => MemberPhase.Leaving,
        MemberStatus.Exiting => MemberPhase.Exiting,
        MemberStatus.Down => MemberPhase.Down,
        _ => MemberPhase.None,
    };
}

namespace ClusterMonitor.Seed.Membership;

// What ClusterListener tells MembershipSupervisor, in the supervisor's own terms.

/// <summary>A member's phase changed.</summary>
internal sealed record MemberNews(Address Address, MemberPhase Phase, bool IsSeed);

/// <summary>A member is no more.</summary>
internal sealed record MemberGoneNews(Address Address, MemberPhase Previous);

/// <summary>A failure detector gave a member up, or (with <paramref name="Observer"/> null) hears it again.</summary>
internal sealed record ReachabilityNews(Address Address, string? Observer);

/// <summary>A link to a peer stands, or broke with <paramref name="Detail"/>.</summary>
internal sealed record LinkNews(Address Address, bool Open, string Detail);

/// <summary>trust -> membership: a peer was refused; it belongs into the events.</summary>
/// <param name="Name">What it is called, as far as that is known.</param>
/// <param name="Who">Role and address.</param>
/// <param name="Reason">In an operator's words; the same for the same cause.</param>
internal sealed record PeerRefused(string Name, string Who, string Reason);

/// <summary>host -> membership, before the seed stops: write down that it watched until now. Answered with <see cref="Done"/>.</summary>
internal sealed record WatchEnds;

/// <summary>What membership needs of the world around it.</summary>
/// <param name="Nodes">The registry of nodes.</param>
/// <param name="Fleet">The projection.</param>
/// <param name="Evidence">What the engine hears of peers.</param>
/// <param name="Down">Removes a member from the cluster. Nobody else does.</param>
/// <param name="Listener">The child that listens to cluster and transport; null in tests that speak for it.</param>
/// <param name="Clock">The seed's clock.</param>
internal sealed record MembershipWorld(
    ICanTell Nodes,
    ICanTell Fleet,
    IPeerEvidence Evidence,
    Action<Address> Down,
    Props? Listener,
    TimeProvider Clock);

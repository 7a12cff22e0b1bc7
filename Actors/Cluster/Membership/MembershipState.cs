namespace Actors.Clustering;

/// <summary>A gossip as one voter sees it: who leads, and whether all that vote have seen it. Functions of their arguments.</summary>
internal sealed class MembershipState
{
    private readonly Lazy<Reachability> _reachability;
    private readonly Lazy<Member?> _leader;

    public MembershipState(Gossip gossip, UniqueAddress self)
    {
        Gossip = gossip;
        Self = self;
        _reachability = new(() => Gossip.Reachability.WithoutObservers(
            Gossip.Reachability.Versions.Select(v => v.Key).Where(o => Gossip.Members.Find(o)?.Status == MemberStatus.Down).ToHashSet()));
        _leader = new(() => Leadership.Of(Gossip.Voters, IsReachable));
    }

    public Gossip Gossip { get; }

    public UniqueAddress Self { get; }

    public Member? SelfMember => Gossip.Members.Find(Self);

    /// <summary>What is said of whom, by all whose word still counts: not by those that are down.</summary>
    public Reachability Reachability => _reachability.Value;

    /// <summary>The voter that acts: the first by address of those that are Up or Leaving and can be reached. Every voter that knows the same names the same.</summary>
    public Member? Leader => _leader.Value;

    public bool IsLeader => Leader?.UniqueAddress == Self;

    public MembershipState With(Gossip gossip) => ReferenceEquals(gossip, Gossip) ? this : new(gossip, Self);

    /// <summary>Whether this member can be reached, or is the one who asks.</summary>
    public bool IsReachable(UniqueAddress who) => who == Self || Reachability.IsReachable(who);

    /// <summary>
    /// Whether all voters have seen this version, so that the leader may act on it. A voter that can't be reached prevents it until it
    /// is back or down. Members that do not vote are not asked.
    /// </summary>
    /// <param name="exitingConfirmed">Voters that are shutting down and need not be asked.</param>
    public bool HasConverged(IReadOnlySet<UniqueAddress> exitingConfirmed) => Gossip.Voters.All(voter =>
    {
        var asked = voter.Status is MemberStatus.Up or MemberStatus.Leaving && !exitingConfirmed.Contains(voter.UniqueAddress);
        var awaited = voter.Status is not (MemberStatus.Down or MemberStatus.Exiting) && !exitingConfirmed.Contains(voter.UniqueAddress);
        return (!asked || Gossip.IsSeenBy(voter.UniqueAddress)) && (!awaited || IsReachable(voter.UniqueAddress));
    });
}

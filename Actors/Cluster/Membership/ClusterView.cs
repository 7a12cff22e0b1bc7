using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>
/// The cluster as one member sees it, reduced to what programs are told: a voter makes it from its <see cref="Gossip"/>,
/// any other member from what a voter sends it. Immutable.
/// </summary>
/// <param name="Self">Who sees it.</param>
/// <param name="VoterRole">See <see cref="Gossip.VoterRole"/>.</param>
/// <param name="Members">All members.</param>
/// <param name="Unreachable">Members that somebody whose word counts calls unreachable; never oneself.</param>
/// <param name="Seen">Voters that have seen it.</param>
/// <param name="Gone">How members went that are no longer there; only the recent ones.</param>
internal sealed record ClusterView(
    UniqueAddress? Self,
    string VoterRole,
    MemberTable Members,
    ImmutableSortedSet<UniqueAddress> Unreachable,
    ImmutableSortedSet<UniqueAddress> Seen,
    IReadOnlyDictionary<UniqueAddress, Tombstone> Gone)
{
    public static readonly ClusterView Empty = new(null, "", MemberTable.Empty, [], [], ImmutableSortedDictionary<UniqueAddress, Tombstone>.Empty);

    private Member? _leader;
    private bool _leaderKnown;

    public Member? SelfMember => Self is null ? null : Members.Find(Self);

    public Member? Leader
    {
        get
        {
            if (!_leaderKnown)
            {
                _leader = Leadership.Of(Members.Where(m => Gossip.IsVoter(VoterRole, m)), IsReachable);
                _leaderKnown = true;
            }

            return _leader;
        }
    }

    public IEnumerable<string> Roles => Members.SelectMany(m => m.Roles).Distinct().Order(StringComparer.Ordinal);

    /// <summary>As a voter sees it.</summary>
    public static ClusterView Of(MembershipState state) => new(
        state.Self,
        state.Gossip.VoterRole,
        state.Gossip.Members,
        state.Reachability.Unreachables.Remove(state.Self),
        state.Gossip.Seen,
        state.Gossip.Tombstones);

    public Member? RoleLeader(string role) => Leadership.Of(Members.Where(m => m.HasRole(role)), IsReachable);

    public bool IsReachable(UniqueAddress who) => who == Self || !Unreachable.Contains(who);

    public bool Equals(ClusterView? other) => ReferenceEquals(this, other);

    public override int GetHashCode() => Members.Count;
}

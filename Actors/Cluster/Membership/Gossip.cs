using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>What remains of a removed incarnation, so that a seed that has not heard of the removal can't bring it back.</summary>
/// <param name="RemovedAtMs">Unix time in ms, for people: clocks on walls are set, so nothing is decided by it.</param>
/// <param name="Previous">Down or Exiting: how it went.</param>
internal readonly record struct Tombstone(long RemovedAtMs, MemberStatus Previous);

/// <summary>
/// What a voter knows of the cluster: its members, who among the voters has seen this version, who can't be reached, and which
/// version it is. (The design is Amazon Dynamo's, as Akka publishes it.) Immutable; refuses to exist in a state that makes no sense.
/// Only voters are told apart by role: they alone change the version, stand in the seen table and observe. Others are subjects.
/// </summary>
internal sealed class Gossip
{
    /// <param name="voterRole">Members with this role vote; with an empty one, all do.</param>
    /// <param name="members">All members.</param>
    /// <param name="seen">The voters known to have this very version.</param>
    /// <param name="reachability">Who calls whom unreachable.</param>
    /// <param name="version">Which version.</param>
    /// <param name="tombstones">Removed of late.</param>
    /// <exception cref="ArgumentException">It contradicts itself.</exception>
    public Gossip(
        string voterRole,
        MemberTable members,
        ImmutableSortedSet<UniqueAddress> seen,
        Reachability reachability,
        VectorClock version,
        ImmutableSortedDictionary<UniqueAddress, Tombstone> tombstones)
    {
        VoterRole = voterRole;
        Members = members;
        Seen = seen;
        Reachability = reachability;
        Version = version;
        Tombstones = tombstones;
        CheckInvariants();
    }

    public string VoterRole { get; }

    public MemberTable Members { get; }

    public ImmutableSortedSet<UniqueAddress> Seen { get; }

    public Reachability Reachability { get; }

    public VectorClock Version { get; }

    public ImmutableSortedDictionary<UniqueAddress, Tombstone> Tombstones { get; }

    public IEnumerable<Member> Voters => Members.Where(IsVoter);

    public static Gossip Empty(string voterRole) => new(
        voterRole,
        MemberTable.Empty,
        [],
        Reachability.Empty,
        VectorClock.Zero,
        ImmutableSortedDictionary<UniqueAddress, Tombstone>.Empty);

    public static bool IsVoter(string voterRole, Member member) => voterRole.Length == 0 || member.HasRole(voterRole);

    public bool IsVoter(Member member) => IsVoter(VoterRole, member);

    public bool IsVoter(UniqueAddress who) => Members.TryFind(who, out var member) && IsVoter(member);

    public bool IsSeenBy(UniqueAddress who) => Seen.Contains(who);

    /// <summary>A change, made by this voter: a new version that nobody else has seen.</summary>
    public Gossip Changed(UniqueAddress by, MemberTable? members = null, Reachability? reachability = null) =>
        new(VoterRole, members ?? Members, [by], reachability ?? Reachability, Version.Increment(by), Tombstones);

    /// <summary>The removal of these members, by this voter.</summary>
    public Gossip Without(UniqueAddress by, IReadOnlyCollection<Member> removed, long nowMs)
    {
        var gone = removed.Select(m => m.UniqueAddress).ToHashSet();
        var tombstones = Tombstones.SetItems(removed.Select(m => KeyValuePair.Create(m.UniqueAddress, new Tombstone(nowMs, m.Status))));
        var version = gone.Aggregate(Version, (clock, who) => clock.Prune(who)).Increment(by);
        return new(VoterRole, Members.Without(gone), [by], Reachability.Remove(gone), version, tombstones);
    }

    /// <summary>This voter has seen this version. Not a change.</summary>
    public Gossip SeenBy(UniqueAddress voter) =>
        Seen.Contains(voter) ? this : new(VoterRole, Members, Seen.Add(voter), Reachability, Version, Tombstones);

    /// <summary>These voters have seen this version too. Not a change.</summary>
    public Gossip SeenBy(IEnumerable<UniqueAddress> voters)
    {
        var seen = Seen.Union(voters.Where(IsVoter));
        return seen.Count == Seen.Count ? this : new(VoterRole, Members, seen, Reachability, Version, Tombstones);
    }

    /// <summary>Forgets these removals. Not a change.</summary>
    public Gossip Forget(IReadOnlyCollection<UniqueAddress> removals) =>
        removals.Count == 0 ? this : new(VoterRole, Members, Seen, Reachability, Version, Tombstones.RemoveRange(removals));

    /// <summary>
    /// What one knows who knows both. The later one, if one is later; else the later view of each member and of each observer's word.
    /// Order and repetition make no difference.
    /// </summary>
    public Gossip Merge(Gossip other) => Version.CompareTo(other.Version) switch
    {
        ClockOrder.Same => SeenBy(other.Seen),
        ClockOrder.Before => other,
        ClockOrder.After => this,
        _ => MergeConcurrent(other),
    };

    public override string ToString() =>
        $"Gossip({Members.Count} members [{string.Join(", ", Members.Select(m => $"{m.Address} {m.Status}"))}], seen by {Seen.Count}, unreachable {Reachability}, version {Version})";

    private Gossip MergeConcurrent(Gossip other)
    {
        var tombstones = Tombstones.ToBuilder();
        foreach (var (who, theirs) in other.Tombstones)
        {
            // One incarnation can be removed by two leaders at once: take the later and the worse of the two.
            tombstones[who] = !tombstones.TryGetValue(who, out var ours) ? theirs : new Tombstone(
                Math.Max(ours.RemovedAtMs, theirs.RemovedAtMs),
                ours.Previous.Rank() >= theirs.Previous.Rank() ? ours.Previous : theirs.Previous);
        }

        var members = Members.Merge(other.Members).Without(tombstones.Keys.ToHashSet());
        var version = Version.Merge(other.Version);
        foreach (var voter in version.Counts.Keys.Where(voter => tombstones.ContainsKey(voter)))
        {
            version = version.Prune(voter);
        }

        return new(VoterRole, members, [], Reachability.Merge(members.Contains, other.Reachability), version, tombstones.ToImmutable());
    }

    private void CheckInvariants()
    {
        foreach (var who in Seen)
        {
            Require(IsVoter(who), "stands in the seen table, and is not a voter", who);
        }

        foreach (var (observer, _) in Reachability.Versions)
        {
            Require(IsVoter(observer), "observes, and is not a voter", observer);
        }

        foreach (var subject in Reachability.Unreachables)
        {
            Require(Members.Contains(subject), "is unreachable, and is not a member", subject);
        }

        foreach (var voter in Version.Counts.Keys)
        {
            Require(IsVoter(voter), "made changes, and is not a voter", voter);
        }

        foreach (var member in Members)
        {
            Require(!Tombstones.ContainsKey(member.UniqueAddress), "is a member, and was removed", member.UniqueAddress);
            Require(member.Status != MemberStatus.Removed, "is a member, and has status Removed", member.UniqueAddress);
        }

        foreach (var (who, tombstone) in Tombstones)
        {
            Require(tombstone.Previous is MemberStatus.Down or MemberStatus.Exiting, "was removed out of a status that nobody is removed in", who);
        }
    }

    private static void Require(bool condition, string fault, UniqueAddress who)
    {
        if (!condition)
        {
            throw new ArgumentException($"no such gossip can be: {who} {fault}");
        }
    }
}

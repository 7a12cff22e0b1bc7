using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>What members say to each other. <see cref="ClusterCodec"/> is its binary form; a tag there is never reused.</summary>
internal abstract record ClusterMessage;

/// <summary>Anyone -> a seed: are you in a cluster that I may join?</summary>
/// <param name="From">Who asks.</param>
/// <param name="VoterRole">Who, as it understands it, votes; both must mean the same.</param>
internal sealed record InitJoin(UniqueAddress From, string VoterRole) : ClusterMessage;

/// <summary>Yes: send <see cref="Join"/>.</summary>
internal sealed record InitJoinAck(UniqueAddress From) : ClusterMessage;

/// <summary>No; an empty reason means: not yet.</summary>
internal sealed record InitJoinNack(UniqueAddress From, string Reason) : ClusterMessage;

/// <summary>Anyone -> a voter: let me in. Answered with <see cref="Welcome"/>, to one that does not vote with a <see cref="ViewUpdate"/>.</summary>
internal sealed record Join(UniqueAddress Node, ImmutableHashSet<string> Roles) : ClusterMessage;

/// <summary>A voter -> a joining voter: this is the cluster, you are in it.</summary>
internal sealed record Welcome(UniqueAddress From, Gossip Gossip) : ClusterMessage;

/// <summary>Voter -> voter: what I know.</summary>
internal sealed record GossipEnvelope(UniqueAddress From, UniqueAddress To, Gossip Gossip) : ClusterMessage;

/// <summary>Voter -> voter: which version I have and who has seen it. Says nothing new while both are the same.</summary>
internal sealed record GossipStatus(UniqueAddress From, VectorClock Version, ImmutableSortedSet<UniqueAddress> Seen) : ClusterMessage;

/// <summary>A member that does not vote -> a voter: keep me informed; I have your view up to this number (0: nothing).</summary>
internal sealed record Follow(UniqueAddress From, long Sequence) : ClusterMessage;

/// <summary>A voter -> a follower: what changed since <paramref name="Base"/>, or everything if that is 0.</summary>
/// <param name="From">Whose view.</param>
/// <param name="To">For whom.</param>
/// <param name="Base">What the follower is taken to have.</param>
/// <param name="Sequence">What it has after this.</param>
/// <param name="Changed">Members as they are now.</param>
/// <param name="Unreachable">Those among them that can't be reached.</param>
/// <param name="Gone">Members that are none any more, and how they went.</param>
internal sealed record ViewUpdate(
    UniqueAddress From,
    UniqueAddress To,
    long Base,
    long Sequence,
    ImmutableArray<Member> Changed,
    ImmutableSortedSet<UniqueAddress> Unreachable,
    ImmutableSortedDictionary<UniqueAddress, Tombstone> Gone) : ClusterMessage;

/// <summary>A voter -> whoever asked: you are no member here (any more). Its system must be restarted to join.</summary>
internal sealed record NotMember(UniqueAddress From, UniqueAddress Who) : ClusterMessage;

/// <summary>A member says goodbye, or a voter asks another member to.</summary>
internal sealed record Leave(UniqueAddress Who) : ClusterMessage;

/// <summary>A member in Exiting -> voters: do not wait for me.</summary>
internal sealed record ExitingConfirmed(UniqueAddress Who) : ClusterMessage;

/// <summary>A founder -> the voters that it let in: this cluster should never have been, there is an older one; join that.</summary>
internal sealed record Disband(UniqueAddress From) : ClusterMessage;

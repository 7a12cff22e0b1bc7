using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>What <see cref="Cluster.Subscribe(IActorRef, Type[])"/> delivers.</summary>
public static class ClusterEvent
{
    /// <summary>A subscriber first gets the whole state as one <see cref="CurrentClusterState"/>.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsSnapshot = SubscriptionInitialStateMode.InitialStateAsSnapshot;

    /// <summary>A subscriber first gets the events that would lead to the present state.</summary>
    public static readonly SubscriptionInitialStateMode InitialStateAsEvents = SubscriptionInitialStateMode.InitialStateAsEvents;

    /// <summary>How a new subscriber learns of what happened before.</summary>
    public enum SubscriptionInitialStateMode
    {
        /// <summary>As one <see cref="CurrentClusterState"/>.</summary>
        InitialStateAsSnapshot,

        /// <summary>As the events that would lead to it.</summary>
        InitialStateAsEvents,
    }

    /// <summary>Anything that happens to the cluster.</summary>
#pragma warning disable CA1040 // Akka.NET's marker: programs subscribe to it
    public interface IClusterDomainEvent;
#pragma warning restore CA1040

    /// <summary>A member's status changed.</summary>
    public interface IMemberEvent : IClusterDomainEvent
    {
        /// <summary>Whose, with the new status.</summary>
        Member Member { get; }
    }

    /// <summary>Base of the <see cref="IMemberEvent"/>s. Equal if of one kind and one member.</summary>
    public abstract class MemberStatusChange : IMemberEvent
    {
        private protected MemberStatusChange(Member member, MemberStatus status)
        {
            ArgumentNullException.ThrowIfNull(member);
            Member = member.Status == status ? member : throw new ArgumentException($"{GetType().Name} of {member}", nameof(member));
        }

        /// <inheritdoc/>
        public Member Member { get; }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is MemberStatusChange other && other.GetType() == GetType() && Member.Equals(other.Member);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>It was let in.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberJoined(Member member) : MemberStatusChange(member, MemberStatus.Joining);

    /// <summary>It works, though not all voters could be asked.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberWeaklyUp(Member member) : MemberStatusChange(member, MemberStatus.WeaklyUp);

    /// <summary>It is a full member.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberUp(Member member) : MemberStatusChange(member, MemberStatus.Up);

    /// <summary>It said goodbye.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberLeft(Member member) : MemberStatusChange(member, MemberStatus.Leaving);

    /// <summary>All have heard its goodbye.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberExited(Member member) : MemberStatusChange(member, MemberStatus.Exiting);

    /// <summary>It was declared dead.</summary>
    /// <param name="member">Who.</param>
    public sealed class MemberDowned(Member member) : MemberStatusChange(member, MemberStatus.Down);

    /// <summary>It is no longer a member.</summary>
    /// <param name="member">Who.</param>
    /// <param name="previousStatus">Exiting after a goodbye, Down after it was declared dead; anything else when the cluster shuts down here.</param>
    public sealed class MemberRemoved(Member member, MemberStatus previousStatus) : MemberStatusChange(member, MemberStatus.Removed)
    {
        /// <summary>Exiting after a goodbye, Down after it was declared dead; anything else when the cluster shuts down here.</summary>
        public MemberStatus PreviousStatus { get; } = previousStatus;

        /// <inheritdoc/>
        public override bool Equals(object? obj) => base.Equals(obj) && PreviousStatus == ((MemberRemoved)obj).PreviousStatus;

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), PreviousStatus);

        /// <inheritdoc/>
        public override string ToString() => $"MemberRemoved({Member}, was {PreviousStatus})";
    }

    /// <summary>Whether a member can be reached has changed.</summary>
    public abstract class ReachabilityEvent : IClusterDomainEvent
    {
        private protected ReachabilityEvent(Member member) => Member = member;

        /// <summary>Who.</summary>
        public Member Member { get; }

        /// <inheritdoc/>
        public override bool Equals(object? obj) => obj is ReachabilityEvent other && other.GetType() == GetType() && Member.Equals(other.Member);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(GetType(), Member);

        /// <inheritdoc/>
        public override string ToString() => $"{GetType().Name}({Member})";
    }

    /// <summary>A failure detector says that it has been silent for too long.</summary>
    /// <param name="member">Who.</param>
    public sealed class UnreachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>It is heard again.</summary>
    /// <param name="member">Who.</param>
    public sealed class ReachableMember(Member member) : ReachabilityEvent(member);

    /// <summary>Another member leads.</summary>
    /// <param name="Leader">Null if nobody does.</param>
    public sealed record LeaderChanged(Address? Leader) : IClusterDomainEvent;

    /// <summary>Another member is the first with a role.</summary>
    /// <param name="Role">Which role.</param>
    /// <param name="Leader">Null if nobody has it any more.</param>
    public sealed record RoleLeaderChanged(string Role, Address? Leader) : IClusterDomainEvent;

    /// <summary>This system's part in the cluster ends; its system must be restarted to join again.</summary>
    public sealed class ClusterShuttingDown : IClusterDomainEvent
    {
        /// <summary>The only one.</summary>
        public static readonly IClusterDomainEvent Instance = new ClusterShuttingDown();

        private ClusterShuttingDown()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => nameof(ClusterShuttingDown);
    }

    /// <summary>The cluster as this member sees it.</summary>
    public sealed class CurrentClusterState
    {
        private readonly ClusterView _view;
        private ImmutableSortedSet<Member>? _members;
        private ImmutableHashSet<Member>? _unreachable;

        internal CurrentClusterState(ClusterView view) => _view = view;

        /// <summary>Nobody.</summary>
        public CurrentClusterState()
            : this(ClusterView.Empty)
        {
        }

        /// <summary>All members by address.</summary>
        public ImmutableSortedSet<Member> Members => _members ??= [.. _view.Members];

        /// <summary>Those that somebody calls unreachable.</summary>
        public ImmutableHashSet<Member> Unreachable => _unreachable ??= [.. _view.Unreachable.Select(u => _view.Members.Find(u)!)];

        /// <summary>The voters that have seen this version; on a member that does not vote, nobody.</summary>
        public ImmutableHashSet<Address> SeenBy => [.. _view.Seen.Select(s => s.Address)];

        /// <summary>Who leads; null if nobody does.</summary>
        public Address? Leader => _view.Leader?.Address;

        /// <summary>All roles that any member has.</summary>
        public ImmutableHashSet<string> AllRoles => [.. _view.Roles];

        /// <summary>The first member with this role; null if nobody has it.</summary>
        public Address? RoleLeader(string role) => _view.RoleLeader(role)?.Address;

        /// <inheritdoc/>
        public override string ToString() => $"CurrentClusterState({Members.Count} members, {Unreachable.Count} unreachable, leader {Leader})";
    }
}

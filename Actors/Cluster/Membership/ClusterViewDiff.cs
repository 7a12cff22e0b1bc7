using Actors.Core;

namespace Actors.Clustering;

/// <summary>What happened between two views, as the events that programs get, in Akka.NET's order. Pure.</summary>
internal static class ClusterViewDiff
{
    /// <param name="before">As it was; the empty view for a subscriber that wants the past as events.</param>
    /// <param name="after">As it is.</param>
    /// <param name="withRoleLeaders">Whether anybody wants to know; it takes a walk for each role.</param>
    public static IReadOnlyList<ClusterEvent.IClusterDomainEvent> Events(ClusterView before, ClusterView after, bool withRoleLeaders)
    {
        var events = new List<ClusterEvent.IClusterDomainEvent>();
        if (ReferenceEquals(before, after))
        {
            return events;
        }

        AddReachability(events, before, after);
        AddMembers(events, before, after);
        if (!Equals(before.Leader?.Address, after.Leader?.Address))
        {
            events.Add(new ClusterEvent.LeaderChanged(after.Leader?.Address));
        }

        if (withRoleLeaders)
        {
            AddRoleLeaders(events, before, after);
        }

        return events;
    }

    private static void AddReachability(List<ClusterEvent.IClusterDomainEvent> events, ClusterView before, ClusterView after)
    {
        if (ReferenceEquals(before.Unreachable, after.Unreachable))
        {
            return;
        }

        foreach (var who in after.Unreachable)
        {
            if (!before.Unreachable.Contains(who) && after.Members.TryFind(who, out var member))
            {
                events.Add(new ClusterEvent.UnreachableMember(member));
            }
        }

        foreach (var who in before.Unreachable)
        {
            if (!after.Unreachable.Contains(who) && after.Members.TryFind(who, out var member))
            {
                events.Add(new ClusterEvent.ReachableMember(member));
            }
        }
    }

    private static void AddMembers(List<ClusterEvent.IClusterDomainEvent> events, ClusterView before, ClusterView after)
    {
        var removed = new List<ClusterEvent.IClusterDomainEvent>();
        foreach (var (was, now) in MemberTable.Differences(before.Members, after.Members))
        {
            if (now is null)
            {
                removed.Add(Removed(was!, after));
            }
            else if (was?.Status != now.Status)
            {
                events.Add(StatusEvent(now));
            }
        }

        events.AddRange(removed);
    }

    private static ClusterEvent.IMemberEvent StatusEvent(Member member) => member.Status switch
    {
        MemberStatus.Joining => new ClusterEvent.MemberJoined(member),
        MemberStatus.WeaklyUp => new ClusterEvent.MemberWeaklyUp(member),
        MemberStatus.Up => new ClusterEvent.MemberUp(member),
        MemberStatus.Leaving => new ClusterEvent.MemberLeft(member),
        MemberStatus.Exiting => new ClusterEvent.MemberExited(member),
        MemberStatus.Down => new ClusterEvent.MemberDowned(member),
        _ => throw new InvalidOperationException($"{member} is a member"),
    };

    private static ClusterEvent.MemberRemoved Removed(Member last, ClusterView after)
    {
        var previous = after.Gone.TryGetValue(last.UniqueAddress, out var tombstone) ? tombstone.Previous : last.Status;
        return new ClusterEvent.MemberRemoved(last.With(MemberStatus.Removed), previous);
    }

    private static void AddRoleLeaders(List<ClusterEvent.IClusterDomainEvent> events, ClusterView before, ClusterView after)
    {
        foreach (var role in before.Roles.Union(after.Roles).Order(StringComparer.Ordinal))
        {
            var leader = after.RoleLeader(role)?.Address;
            if (!Equals(before.RoleLeader(role)?.Address, leader))
            {
                events.Add(new ClusterEvent.RoleLeaderChanged(role, leader));
            }
        }
    }
}

using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>What became of a request to join.</summary>
internal enum JoinVerdict
{
    /// <summary>A member now.</summary>
    Accepted,

    /// <summary>It was a member already; its welcome was lost.</summary>
    AlreadyMember,

    /// <summary>This incarnation was removed; its system must be restarted to join.</summary>
    WasRemoved,
}

/// <summary>
/// What a voter decides: the gossip that follows from a gossip and an event. Pure; the actor around it only sends what comes out.
/// Each answers the same gossip if nothing changes.
/// </summary>
internal static class MembershipDecisions
{
    /// <summary>Lets a member in. An older incarnation at the same address is dead, whatever the detectors say: its port has a new owner.</summary>
    public static (Gossip Gossip, JoinVerdict Verdict) Join(MembershipState state, UniqueAddress who, ImmutableHashSet<string> roles)
    {
        var gossip = state.Gossip;
        if (gossip.Tombstones.ContainsKey(who))
        {
            return (gossip, JoinVerdict.WasRemoved);
        }

        if (gossip.Members.TryFind(who, out var known))
        {
            return (gossip, known.Status == MemberStatus.Down ? JoinVerdict.WasRemoved : JoinVerdict.AlreadyMember);
        }

        return (gossip.Changed(state.Self, gossip.Members.With(new Member(who, MemberStatus.Joining, roles))), JoinVerdict.Accepted);
    }

    /// <summary>Older incarnations at an address that somebody else is about to join from are down.</summary>
    public static Gossip DownPredecessors(MembershipState state, UniqueAddress successor) =>
        DownWhere(state, state.Gossip.Members.At(successor.Address).Where(m => m.UniqueAddress != successor && m.UniqueAddress != state.Self));

    /// <summary>
    /// The member at this address is down. While an older incarnation waits for its removal there are two; then the one that can't be
    /// reached is meant, and never the one that took its place and is well.
    /// </summary>
    public static Gossip Down(MembershipState state, Address address)
    {
        var there = state.Gossip.Members.At(address).ToArray();
        var silent = there.Where(m => m.Status != MemberStatus.Down && !state.IsReachable(m.UniqueAddress)).ToArray();
        return silent.Length > 0 || there.Any(m => m.Status == MemberStatus.Down) ? DownWhere(state, silent) : DownWhere(state, there);
    }

    /// <summary>This member says goodbye.</summary>
    public static Gossip Leave(MembershipState state, UniqueAddress who)
    {
        var member = state.Gossip.Members.Find(who);
        return member is not null && member.Status.MayBecome(MemberStatus.Leaving)
            ? state.Gossip.Changed(state.Self, state.Gossip.Members.With(member.With(MemberStatus.Leaving)))
            : state.Gossip;
    }

    /// <summary>
    /// What this voter's detectors say now. It writes only its own row, and never of itself; of whom it does not accuse any more,
    /// or does not watch any more, it takes its word back.
    /// </summary>
    public static Gossip Observe(MembershipState state, IReadOnlySet<UniqueAddress> unavailable)
    {
        var reachability = state.Gossip.Reachability;
        foreach (var record in reachability.Records.Where(r => r.Observer == state.Self && !unavailable.Contains(r.Subject)).ToArray())
        {
            reachability = reachability.Reachable(state.Self, record.Subject);
        }

        foreach (var subject in unavailable.Where(s => s != state.Self && state.Gossip.Members.Contains(s)).Order())
        {
            reachability = reachability.Unreachable(state.Self, subject);
        }

        return ReferenceEquals(reachability, state.Gossip.Reachability) ? state.Gossip : state.Gossip.Changed(state.Self, reachability: reachability);
    }

    /// <summary>What the leader does when all voters agree, or, with less, when they can't.</summary>
    /// <param name="state">As this voter sees it; nothing changes unless it leads.</param>
    /// <param name="exitingConfirmed">Members that said they need no more waiting for.</param>
    /// <param name="allowWeaklyUp">Whether members may start to work while a voter can't be asked.</param>
    /// <param name="nowMs">Unix time, for the tombstones.</param>
    public static Gossip LeaderActions(MembershipState state, IReadOnlySet<UniqueAddress> exitingConfirmed, bool allowWeaklyUp, long nowMs)
    {
        if (!state.IsLeader)
        {
            return state.Gossip;
        }

        if (!state.HasConverged(exitingConfirmed))
        {
            // Not while the voters merely have not all answered yet: that takes milliseconds.
            return allowWeaklyUp && state.Gossip.Voters.Any(v => !state.IsReachable(v.UniqueAddress))
                ? Promote(state, _ => MemberStatus.WeaklyUp)
                : state.Gossip;
        }

        var promoted = state.With(Promote(state, NextStatus));
        var removed = promoted.Gossip.Members.Where(m => m.UniqueAddress != state.Self && MayBeRemoved(promoted, m, exitingConfirmed)).ToArray();
        return removed.Length == 0 ? promoted.Gossip : promoted.Gossip.Without(state.Self, removed, nowMs);
    }

    private static MemberStatus NextStatus(Member member) => member.Status switch
    {
        MemberStatus.Joining or MemberStatus.WeaklyUp => MemberStatus.Up,
        MemberStatus.Leaving => MemberStatus.Exiting,
        var status => status,
    };

    private static Gossip Promote(MembershipState state, Func<Member, MemberStatus> next)
    {
        var members = state.Gossip.Members;
        var youngest = members.Where(m => m.UpNumber != Member.NotYetUp).Select(m => m.UpNumber).DefaultIfEmpty(0).Max();
        foreach (var member in state.Gossip.Members)
        {
            var joins = member.Status is MemberStatus.Joining or MemberStatus.WeaklyUp;
            var status = next(member);
            if (status == member.Status || !member.Status.MayBecome(status) || (joins && !state.IsReachable(member.UniqueAddress)))
            {
                continue;
            }

            members = members.With(status == MemberStatus.Up ? member.Upped(++youngest) : member.With(status));
        }

        return ReferenceEquals(members, state.Gossip.Members) ? state.Gossip : state.Gossip.Changed(state.Self, members);
    }

    /// <summary>
    /// A member that does not vote is let go as soon as the voters agree that it is down. A voter that is down and still talks
    /// must first fall silent, or it would go on gossiping into a cluster that has forgotten it.
    /// </summary>
    private static bool MayBeRemoved(MembershipState state, Member member, IReadOnlySet<UniqueAddress> exitingConfirmed) => member.Status switch
    {
        MemberStatus.Down => !state.Gossip.IsVoter(member) || !state.IsReachable(member.UniqueAddress),
        MemberStatus.Exiting => exitingConfirmed.Contains(member.UniqueAddress) || !state.IsReachable(member.UniqueAddress),
        _ => false,
    };

    private static Gossip DownWhere(MembershipState state, IEnumerable<Member> members)
    {
        var table = state.Gossip.Members;
        foreach (var member in members.Where(m => m.Status != MemberStatus.Down))
        {
            table = table.With(member.With(MemberStatus.Down));
        }

        return ReferenceEquals(table, state.Gossip.Members) ? state.Gossip : state.Gossip.Changed(state.Self, table);
    }
}

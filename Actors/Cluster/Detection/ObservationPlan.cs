using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace Actors.Clustering;

/// <summary>
/// Who watches whom. With a voter role: voters watch each other and everyone who has been heard at this voter; the others watch the
/// voters. Without one: everyone watches the next few on a ring that is ordered by a hash of the addresses, so that no machine room
/// watches only itself. Pure.
/// </summary>
internal static class ObservationPlan
{
    /// <summary>Whose silence this member judges.</summary>
    /// <param name="members">All members.</param>
    /// <param name="self">Who asks.</param>
    /// <param name="voterRole">See <see cref="Gossip.VoterRole"/>.</param>
    /// <param name="ringNeighbours">How many on the ring.</param>
    /// <param name="heard">Whether this member has evidence of its own of a member that does not vote; without any it says nothing.</param>
    public static ImmutableSortedSet<UniqueAddress> SubjectsOf(
        MemberTable members, UniqueAddress self, string voterRole, int ringNeighbours, Func<Member, bool> heard)
    {
        if (voterRole.Length == 0)
        {
            return Neighbours(members, self, ringNeighbours, forward: true);
        }

        var votes = members.TryFind(self, out var me) && Gossip.IsVoter(voterRole, me);
        return [.. members
            .Where(m => m.UniqueAddress != self && (Gossip.IsVoter(voterRole, m) || (votes && heard(m))))
            .Select(m => m.UniqueAddress)];
    }

    /// <summary>Who judges this member's silence, and to whom it must therefore be heard.</summary>
    public static ImmutableSortedSet<UniqueAddress> ObserversOf(MemberTable members, UniqueAddress self, string voterRole, int ringNeighbours)
    {
        if (voterRole.Length == 0)
        {
            return Neighbours(members, self, ringNeighbours, forward: false);
        }

        var votes = members.TryFind(self, out var me) && Gossip.IsVoter(voterRole, me);
        return [.. members
            .Where(m => m.UniqueAddress != self && (votes || Gossip.IsVoter(voterRole, m)))
            .Select(m => m.UniqueAddress)];
    }

    private static ImmutableSortedSet<UniqueAddress> Neighbours(MemberTable members, UniqueAddress self, int count, bool forward)
    {
        var ring = members.Select(m => m.UniqueAddress).OrderBy(Position).ThenBy(a => a).ToArray();
        var here = Array.IndexOf(ring, self);
        if (here < 0)
        {
            return [];
        }

        var step = forward ? 1 : ring.Length - 1;
        return [.. Enumerable.Range(1, Math.Min(count, ring.Length - 1)).Select(i => ring[(int)((here + ((long)i * step)) % ring.Length)])];
    }

    /// <summary>FNV-1a, 64 bits: the same on every machine, which string.GetHashCode is not.</summary>
    private static ulong Position(UniqueAddress who)
    {
        var hash = 14695981039346656037UL;
        foreach (var b in Encoding.UTF8.GetBytes(who.Address.ToString()))
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        Span<byte> uid = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(uid, who.Uid);
        foreach (var b in uid)
        {
            hash = (hash ^ b) * 1099511628211UL;
        }

        return hash;
    }
}

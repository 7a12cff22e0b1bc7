namespace Actors.Clustering;

/// <summary>Whom all that know the same members name as their leader, without asking each other.</summary>
internal static class Leadership
{
    /// <summary>
    /// The first by address of those that are Up or Leaving and can be reached; if there are none, of those on their way in, then out.
    /// </summary>
    /// <param name="candidates">In the order of their addresses.</param>
    /// <param name="isReachable">As the one who asks sees it.</param>
    public static Member? Of(IEnumerable<Member> candidates, Func<UniqueAddress, bool> isReachable)
    {
        Member? best = null;
        foreach (var member in candidates)
        {
            if (member.Status != MemberStatus.Down
                && (best is null || Preference(member.Status) < Preference(best.Status))
                && isReachable(member.UniqueAddress))
            {
                best = member;
            }
        }

        return best;
    }

    private static int Preference(MemberStatus status) => status switch
    {
        MemberStatus.Up or MemberStatus.Leaving => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Joining => 2,
        _ => 3,
    };
}

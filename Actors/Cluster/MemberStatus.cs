namespace Actors.Clustering;

/// <summary>Where a member stands in its life. The numbers are Akka.NET's, and go over the wire.</summary>
public enum MemberStatus
{
    /// <summary>Let in, not yet counted.</summary>
    Joining = 0,

    /// <summary>A full member.</summary>
    Up = 1,

    /// <summary>Said goodbye; the others have not all heard it.</summary>
    Leaving = 2,

    /// <summary>All have heard the goodbye; it shuts down.</summary>
    Exiting = 3,

    /// <summary>Declared dead by somebody's decision.</summary>
    Down = 4,

    /// <summary>No longer a member; only seen in events.</summary>
    Removed = 5,

    /// <summary>Let in and at work, though not everyone could be asked because a voter is unreachable.</summary>
    WeaklyUp = 6,
}

/// <summary>What may follow what, and what wins when two seeds disagree.</summary>
internal static class MemberStatuses
{
    /// <summary>
    /// Statuses only ever move up this scale, so of two differing views of a member the higher one is the later one.
    /// </summary>
    public static int Rank(this MemberStatus status) => status switch
    {
        MemberStatus.Joining => 0,
        MemberStatus.WeaklyUp => 1,
        MemberStatus.Up => 2,
        MemberStatus.Leaving => 3,
        MemberStatus.Exiting => 4,
        MemberStatus.Down => 5,
        MemberStatus.Removed => 6,
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "no such status"),
    };

    /// <summary>Whether a member in the first status may be given the second.</summary>
    public static bool MayBecome(this MemberStatus from, MemberStatus to) => (from, to) switch
    {
        (MemberStatus.Joining, MemberStatus.WeaklyUp or MemberStatus.Up or MemberStatus.Leaving) => true,
        (MemberStatus.WeaklyUp, MemberStatus.Up or MemberStatus.Leaving) => true,
        (MemberStatus.Up, MemberStatus.Leaving) => true,
        (MemberStatus.Leaving, MemberStatus.Exiting) => true,
        (MemberStatus.Removed, _) => false,
        (_, MemberStatus.Down) => from != MemberStatus.Down,
        (_, MemberStatus.Removed) => true,
        _ => false,
    };
}

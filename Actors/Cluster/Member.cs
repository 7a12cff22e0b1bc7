using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>A member of the cluster as of one moment. Two of them are equal if they name the same incarnation, whatever their status.</summary>
public sealed class Member : IEquatable<Member>, IComparable<Member>, IComparable
{
    /// <summary>Before a member is Up it has no place in the order of age.</summary>
    internal const int NotYetUp = int.MaxValue;

    internal Member(UniqueAddress uniqueAddress, MemberStatus status, ImmutableHashSet<string> roles, int upNumber = NotYetUp)
    {
        UniqueAddress = uniqueAddress;
        Status = status;
        Roles = roles;
        UpNumber = upNumber;
    }

    /// <summary>By host, then port.</summary>
    public static IComparer<Address> AddressOrdering => AddressComparer.Instance;

    /// <summary>Which incarnation.</summary>
    public UniqueAddress UniqueAddress { get; }

    /// <summary>Where it listens.</summary>
    public Address Address => UniqueAddress.Address;

    /// <summary>Where it stands.</summary>
    public MemberStatus Status { get; }

    /// <summary>What it said it is for (<c>akka.cluster.roles</c>).</summary>
    public ImmutableHashSet<string> Roles { get; }

    /// <summary>1 for the first member that became Up, 2 for the next…</summary>
    internal int UpNumber { get; }

    /// <summary>Whether it has the role.</summary>
    public bool HasRole(string role) => Roles.Contains(role);

    /// <summary>Whether it has been Up for longer; members that came up together are ordered by address.</summary>
    public bool IsOlderThan(Member other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return UpNumber == other.UpNumber ? CompareTo(other) < 0 : UpNumber < other.UpNumber;
    }

    /// <summary>The same member in another status.</summary>
    /// <exception cref="InvalidOperationException">No member may take that step.</exception>
    internal Member With(MemberStatus status) =>
        status == Status ? this
        : Status.MayBecome(status) ? new Member(UniqueAddress, status, Roles, UpNumber)
        : throw new InvalidOperationException($"{this} cannot become {status}");

    /// <summary>The same member, now Up and so old.</summary>
    internal Member Upped(int upNumber) => new(UniqueAddress, With(MemberStatus.Up).Status, Roles, upNumber);

    /// <summary>Of two views of one member, the later one.</summary>
    internal static Member Later(Member a, Member b)
    {
        var byRank = a.Status.Rank().CompareTo(b.Status.Rank());
        if (byRank != 0)
        {
            return byRank > 0 ? a : b;
        }

        return a.UpNumber <= b.UpNumber ? a : b;
    }

    /// <inheritdoc/>
    public bool Equals(Member? other) => other is not null && UniqueAddress.Equals(other.UniqueAddress);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Member);

    /// <inheritdoc/>
    public override int GetHashCode() => UniqueAddress.GetHashCode();

    /// <summary>By address, then uid.</summary>
    public int CompareTo(Member? other) => UniqueAddress.CompareTo(other?.UniqueAddress);

    int IComparable.CompareTo(object? obj) => CompareTo(obj as Member);

    /// <inheritdoc/>
    public override string ToString() => $"Member({UniqueAddress}, {Status}, roles [{string.Join(",", Roles.Order(StringComparer.Ordinal))}])";
}

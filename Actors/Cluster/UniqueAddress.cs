using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// One incarnation of a member: its address, and the number its actor system drew when it started.
/// A system that restarts on the same port is another one.
/// </summary>
public sealed class UniqueAddress : IEquatable<UniqueAddress>, IComparable<UniqueAddress>, IComparable
{
    /// <summary>Names an incarnation.</summary>
    /// <param name="address">Where it listens.</param>
    /// <param name="uid">What its actor system drew when it started.</param>
    public UniqueAddress(Address address, long uid)
    {
        ArgumentNullException.ThrowIfNull(address);
        Address = address;
        Uid = uid;
    }

    /// <summary>Where it listens.</summary>
    public Address Address { get; }

    /// <summary>What its actor system drew when it started.</summary>
    public long Uid { get; }

    /// <summary>Whether both are the same.</summary>
    public static bool operator ==(UniqueAddress? left, UniqueAddress? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(UniqueAddress? left, UniqueAddress? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(UniqueAddress? other) =>
        ReferenceEquals(this, other) || (other is not null && Uid == other.Uid && Address.Equals(other.Address));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UniqueAddress);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Address.Port, Uid);

    /// <summary>By address (see <see cref="Member.AddressOrdering"/>), then by uid.</summary>
    public int CompareTo(UniqueAddress? other)
    {
        if (other is null)
        {
            return 1;
        }

        if (ReferenceEquals(this, other))
        {
            return 0;
        }

        var byAddress = AddressComparer.Instance.Compare(Address, other.Address);
        return byAddress != 0 ? byAddress : Uid.CompareTo(other.Uid);
    }

    int IComparable.CompareTo(object? obj) => CompareTo(obj as UniqueAddress);

    /// <inheritdoc/>
    public override string ToString() => $"{Address}#{Uid}";
}

/// <summary>By host, port, then the rest: the same order on every machine, whatever its culture.</summary>
internal sealed class AddressComparer : IComparer<Address>
{
    public static readonly AddressComparer Instance = new();

    public int Compare(Address? x, Address? y)
    {
        if (ReferenceEquals(x, y))
        {
            return 0;
        }

        if (x is null || y is null)
        {
            return x is null ? -1 : 1;
        }

        var byHost = string.CompareOrdinal(x.Host, y.Host);
        if (byHost != 0)
        {
            return byHost;
        }

        var byPort = (x.Port ?? 0).CompareTo(y.Port ?? 0);
        if (byPort != 0)
        {
            return byPort;
        }

        var bySystem = string.CompareOrdinal(x.System, y.System);
        return bySystem != 0 ? bySystem : string.CompareOrdinal(x.Protocol, y.Protocol);
    }
}

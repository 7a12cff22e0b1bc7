using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// Members ordered by address and uid. A sorted array: a change copies it (8 kB at a thousand members), and everything else is
/// a binary search or a walk, always in the same order on every machine. Immutable.
/// </summary>
internal sealed class MemberTable : IReadOnlyList<Member>
{
    public static readonly MemberTable Empty = new([]);

    private readonly ImmutableArray<Member> _members;

    private MemberTable(ImmutableArray<Member> sorted) => _members = sorted;

    public int Count => _members.Length;

    public Member this[int index] => _members[index];

    /// <exception cref="ArgumentException">One incarnation stands there twice.</exception>
    public static MemberTable Of(IEnumerable<Member> members)
    {
        var sorted = members.Order().ToImmutableArray();
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i - 1].CompareTo(sorted[i]) == 0)
            {
                throw new ArgumentException($"{sorted[i].UniqueAddress} is listed twice", nameof(members));
            }
        }

        return new(sorted);
    }

    public Member? Find(UniqueAddress who) => Index(who) is var i and >= 0 ? _members[i] : null;

    public bool Contains(UniqueAddress who) => Index(who) >= 0;

    public bool TryFind(UniqueAddress who, [NotNullWhen(true)] out Member? member) => (member = Find(who)) is not null;

    /// <summary>All incarnations at this address: seldom more than one.</summary>
    public IEnumerable<Member> At(Address address)
    {
        var i = Index(new UniqueAddress(address, long.MinValue));
        for (i = i < 0 ? ~i : i; i < _members.Length && _members[i].Address.Equals(address); i++)
        {
            yield return _members[i];
        }
    }

    /// <summary>With this member added, or in place of what was known of it.</summary>
    public MemberTable With(Member member)
    {
        var i = Index(member.UniqueAddress);
        return i < 0 ? new(_members.Insert(~i, member))
            : ReferenceEquals(_members[i], member) ? this
            : new(_members.SetItem(i, member));
    }

    public MemberTable Without(IReadOnlySet<UniqueAddress> gone) => new(_members.RemoveAll(m => gone.Contains(m.UniqueAddress)));

    /// <summary>All of both; of a member that is in both, the later view.</summary>
    public MemberTable Merge(MemberTable other)
    {
        if (ReferenceEquals(this, other))
        {
            return this;
        }

        var merged = ImmutableArray.CreateBuilder<Member>(Math.Max(Count, other.Count));
        for (int i = 0, j = 0; i < Count || j < other.Count;)
        {
            var order = i == Count ? 1 : j == other.Count ? -1 : _members[i].CompareTo(other._members[j]);
            merged.Add(order < 0 ? _members[i] : order > 0 ? other._members[j] : Member.Later(_members[i], other._members[j]));
            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }

        return new(merged.DrainToImmutable());
    }

    /// <summary>The members that are in only one of two tables, or in another state in the second, in order.</summary>
    public static IEnumerable<(Member? Before, Member? After)> Differences(MemberTable before, MemberTable after)
    {
        if (ReferenceEquals(before, after))
        {
            yield break;
        }

        for (int i = 0, j = 0; i < before.Count || j < after.Count;)
        {
            var order = i == before.Count ? 1 : j == after.Count ? -1 : before[i].CompareTo(after[j]);
            if (order != 0 || !ReferenceEquals(before[i], after[j]))
            {
                yield return (order <= 0 ? before[i] : null, order >= 0 ? after[j] : null);
            }

            i += order <= 0 ? 1 : 0;
            j += order >= 0 ? 1 : 0;
        }
    }

    public ImmutableArray<Member>.Enumerator GetEnumerator() => _members.GetEnumerator();

    IEnumerator<Member> IEnumerable<Member>.GetEnumerator() => ((IEnumerable<Member>)_members).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => ((IEnumerable)_members).GetEnumerator();

    private int Index(UniqueAddress who)
    {
        int low = 0, high = _members.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = _members[middle].UniqueAddress.CompareTo(who);
            if (order == 0)
            {
                return middle;
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return ~low;
    }
}

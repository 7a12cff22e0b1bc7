using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>How two versions relate.</summary>
internal enum ClockOrder
{
    /// <summary>The same version.</summary>
    Same,

    /// <summary>The first came before: the second knows all of it.</summary>
    Before,

    /// <summary>The first came after: it knows all of the second.</summary>
    After,

    /// <summary>Neither knows all of the other.</summary>
    Concurrent,
}

/// <summary>
/// Counts the changes that each voter has made, so that of two gossips one can tell which came first, or that neither did.
/// (Lamport 1978; Fidge and Mattern 1988.) Immutable.
/// </summary>
internal sealed class VectorClock : IEquatable<VectorClock>
{
    public static readonly VectorClock Zero = new(ImmutableSortedDictionary<UniqueAddress, long>.Empty);

    private VectorClock(ImmutableSortedDictionary<UniqueAddress, long> counts) => Counts = counts;

    /// <summary>Changes made by each voter; absent means none.</summary>
    public ImmutableSortedDictionary<UniqueAddress, long> Counts { get; }

    public static VectorClock Of(IEnumerable<KeyValuePair<UniqueAddress, long>> counts)
    {
        var all = counts.ToImmutableSortedDictionary();
        return all.Values.Any(count => count <= 0) ? throw new ArgumentException("a count must be positive", nameof(counts)) : new(all);
    }

    /// <summary>One more change, made by this voter.</summary>
    public VectorClock Increment(UniqueAddress voter) => new(Counts.SetItem(voter, Counts.GetValueOrDefault(voter) + 1));

    /// <summary>The first version that knows all of both.</summary>
    public VectorClock Merge(VectorClock other)
    {
        var merged = Counts.ToBuilder();
        foreach (var (voter, count) in other.Counts)
        {
            if (count > merged.GetValueOrDefault(voter))
            {
                merged[voter] = count;
            }
        }

        return new(merged.ToImmutable());
    }

    /// <summary>Without the changes of a voter that is no longer a member.</summary>
    public VectorClock Prune(UniqueAddress voter) => Counts.ContainsKey(voter) ? new(Counts.Remove(voter)) : this;

    public ClockOrder CompareTo(VectorClock other)
    {
        bool more = false, less = false;
        foreach (var (voter, count) in Counts)
        {
            var theirs = other.Counts.GetValueOrDefault(voter);
            more |= count > theirs;
            less |= count < theirs;
        }

        foreach (var voter in other.Counts.Keys)
        {
            less |= !Counts.ContainsKey(voter);
        }

        return (more, less) switch
        {
            (false, false) => ClockOrder.Same,
            (false, true) => ClockOrder.Before,
            (true, false) => ClockOrder.After,
            (true, true) => ClockOrder.Concurrent,
        };
    }

    public bool Equals(VectorClock? other) => other is not null && CompareTo(other) == ClockOrder.Same;

    public override bool Equals(object? obj) => Equals(obj as VectorClock);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var (voter, count) in Counts)
        {
            hash.Add(voter);
            hash.Add(count);
        }

        return hash.ToHashCode();
    }

    public override string ToString() => $"[{string.Join(" ", Counts.Select(c => $"{c.Key}:{c.Value}"))}]";
}

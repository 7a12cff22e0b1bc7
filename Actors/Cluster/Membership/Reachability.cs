using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>What an observer says of a subject.</summary>
internal enum ReachabilityStatus
{
    /// <summary>It hears it.</summary>
    Reachable,

    /// <summary>Its detector says that it has been silent for too long.</summary>
    Unreachable,
}

/// <summary>One observer's word on one subject, as of that observer's version.</summary>
internal readonly record struct ReachabilityRecord(UniqueAddress Observer, UniqueAddress Subject, ReachabilityStatus Status, long Version);

/// <summary>
/// Who says of whom that it can't be reached. Each observer alone writes its own row and counts its changes, so of two
/// views of a row the one with the higher version is the later one, and rows of different observers never conflict.
/// A subject without a record is reachable. Immutable.
/// </summary>
internal sealed class Reachability : IEquatable<Reachability>
{
    public static readonly Reachability Empty = new(ImmutableSortedDictionary<UniqueAddress, Row>.Empty);

    private readonly ImmutableSortedDictionary<UniqueAddress, Row> _rows;
    private ImmutableSortedSet<UniqueAddress>? _unreachable;

    private Reachability(ImmutableSortedDictionary<UniqueAddress, Row> rows) => _rows = rows;

    /// <summary>All that have ever said something, with the number of changes they made. Kept when they take everything back, or an old word could return.</summary>
    public IEnumerable<KeyValuePair<UniqueAddress, long>> Versions => _rows.Select(row => KeyValuePair.Create(row.Key, row.Value.Version));

    /// <summary>All that is said, by observer and subject.</summary>
    public IEnumerable<ReachabilityRecord> Records =>
        from row in _rows
        from subject in row.Value.Unreachable
        select new ReachabilityRecord(row.Key, subject.Key, ReachabilityStatus.Unreachable, subject.Value);

    /// <summary>Whom anybody calls unreachable.</summary>
    public ImmutableSortedSet<UniqueAddress> Unreachables =>
        _unreachable ??= [.. _rows.Values.SelectMany(row => row.Unreachable.Keys)];

    public bool IsAllReachable => Unreachables.IsEmpty;

    /// <summary>Puts one together from what came over a wire.</summary>
    /// <exception cref="ArgumentException">A record is newer than its observer's version, or is of an unlisted observer.</exception>
    public static Reachability Of(IEnumerable<KeyValuePair<UniqueAddress, long>> versions, IEnumerable<ReachabilityRecord> records)
    {
        var rows = versions.ToDictionary(v => v.Key, v => new Row(v.Value, ImmutableSortedDictionary<UniqueAddress, long>.Empty));
        if (rows.Values.Any(row => row.Version <= 0))
        {
            throw new ArgumentException("an observer that said nothing has no version", nameof(versions));
        }

        foreach (var record in records)
        {
            if (!rows.TryGetValue(record.Observer, out var row) || record.Version > row.Version || record.Version <= 0)
            {
                throw new ArgumentException($"a record of {record.Observer} has version {record.Version}, which it never had", nameof(records));
            }

            if (record.Status == ReachabilityStatus.Unreachable)
            {
                rows[record.Observer] = row with { Unreachable = row.Unreachable.SetItem(record.Subject, record.Version) };
            }
        }

        return new(rows.ToImmutableSortedDictionary());
    }

    public ReachabilityStatus Status(UniqueAddress observer, UniqueAddress subject) =>
        _rows.TryGetValue(observer, out var row) && row.Unreachable.ContainsKey(subject) ? ReachabilityStatus.Unreachable : ReachabilityStatus.Reachable;

    public bool IsReachable(UniqueAddress subject) => !Unreachables.Contains(subject);

    /// <summary>Who calls this subject unreachable.</summary>
    public ImmutableArray<UniqueAddress> ObserversOf(UniqueAddress subject) =>
        [.. _rows.Where(row => row.Value.Unreachable.ContainsKey(subject)).Select(row => row.Key)];

    public Reachability Unreachable(UniqueAddress observer, UniqueAddress subject)
    {
        var row = _rows.GetValueOrDefault(observer) ?? Row.Fresh;
        return row.Unreachable.ContainsKey(subject) ? this
            : With(observer, new Row(row.Version + 1, row.Unreachable.SetItem(subject, row.Version + 1)));
    }

    public Reachability Reachable(UniqueAddress observer, UniqueAddress subject) =>
        _rows.TryGetValue(observer, out var row) && row.Unreachable.ContainsKey(subject)
            ? With(observer, new Row(row.Version + 1, row.Unreachable.Remove(subject)))
            : this;

    /// <summary>Without all that is said by or of these.</summary>
    public Reachability Remove(IReadOnlySet<UniqueAddress> members) => Keep(member => !members.Contains(member));

    /// <summary>Without all that is said by these; what is said of them stays.</summary>
    public Reachability WithoutObservers(IReadOnlySet<UniqueAddress> observers) =>
        observers.Count == 0 ? this : new(_rows.RemoveRange(_rows.Keys.Where(observers.Contains)));

    /// <summary>Only what is said by and of those allowed.</summary>
    public Reachability Keep(Func<UniqueAddress, bool> allowed)
    {
        var rows = _rows;
        foreach (var (observer, row) in _rows)
        {
            if (!allowed(observer))
            {
                rows = rows.Remove(observer);
                continue;
            }

            var gone = row.Unreachable.Keys.Where(subject => !allowed(subject)).ToArray();
            if (gone.Length > 0)
            {
                rows = rows.SetItem(observer, row with { Unreachable = row.Unreachable.RemoveRange(gone) });
            }
        }

        return ReferenceEquals(rows, _rows) ? this : new(rows);
    }

    /// <summary>The later word of each observer, on and by those allowed.</summary>
    public Reachability Merge(Func<UniqueAddress, bool> allowed, Reachability other)
    {
        var rows = _rows.ToBuilder();
        foreach (var (observer, theirs) in other._rows)
        {
            if (!rows.TryGetValue(observer, out var ours) || theirs.Version > ours.Version)
            {
                rows[observer] = theirs;
            }
        }

        return new Reachability(rows.ToImmutable()).Keep(allowed);
    }

    public bool Equals(Reachability? other) =>
        other is not null && (ReferenceEquals(this, other) || (Versions.SequenceEqual(other.Versions) && Records.SequenceEqual(other.Records)));

    public override bool Equals(object? obj) => Equals(obj as Reachability);

    public override int GetHashCode() => Unreachables.Count;

    public override string ToString() => $"[{string.Join(", ", Records.Select(r => $"{r.Observer} -> {r.Subject}: {r.Status} ({r.Version})"))}]";

    private Reachability With(UniqueAddress observer, Row row) => new(_rows.SetItem(observer, row));

    /// <summary>What one observer says: its version, and each unreachable subject with the version that said so.</summary>
    private sealed record Row(long Version, ImmutableSortedDictionary<UniqueAddress, long> Unreachable)
    {
        public static readonly Row Fresh = new(0, ImmutableSortedDictionary<UniqueAddress, long>.Empty);
    }
}

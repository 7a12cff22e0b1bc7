using System.Collections.Immutable;

namespace Actors.Clustering;

/// <summary>
/// What a voter's followers have been told, so that each is sent only what changed since. Followers are told who is a member, in which
/// status, and whether it can be reached; not who says so, nor who has seen what: they decide nothing. At rest they are sent nothing.
/// A change of their own status, or of a voter's, they learn at once; the rest once per gossip interval, all in one message.
/// </summary>
internal sealed class ViewBook(UniqueAddress self)
{
    private const int RememberedRemovals = 10_000;
    private readonly SortedDictionary<UniqueAddress, long> _followers = [];
    private readonly Dictionary<UniqueAddress, long> _changedAt = [];
    private readonly Dictionary<UniqueAddress, (long At, Tombstone How)> _goneAt = [];
    private readonly Dictionary<long, (ImmutableArray<Member> Changed, ImmutableSortedSet<UniqueAddress> Unreachable, ImmutableSortedDictionary<UniqueAddress, Tombstone> Gone)> _parts = [];
    private ClusterView _view = ClusterView.Empty;
    private long _sequence;
    private long _forgottenUpTo;

    public int Followers => _followers.Count;

    /// <summary>From now on this member is kept informed; it has the view up to that number.</summary>
    public void Follow(UniqueAddress follower, long sequence) =>
        _followers[follower] = sequence <= _sequence && sequence >= _forgottenUpTo ? sequence : 0;

    public void Unfollow(UniqueAddress follower) => _followers.Remove(follower);

    /// <summary>The view is now this one.</summary>
    /// <returns>The followers that should know at once.</returns>
    public IReadOnlyList<UniqueAddress> Update(ClusterView view)
    {
        var before = _view;
        _view = view;
        if (ReferenceEquals(before.Members, view.Members) && ReferenceEquals(before.Unreachable, view.Unreachable))
        {
            return [];
        }

        _sequence++;
        _parts.Clear();
        var concerned = new SortedSet<UniqueAddress>();
        var concernsAll = false;
        foreach (var (was, now) in MemberTable.Differences(before.Members, view.Members))
        {
            var member = (now ?? was)!;
            Note(member.UniqueAddress, view, isMember: now is not null);
            concerned.Add(member.UniqueAddress);
            concernsAll |= Gossip.IsVoter(view.VoterRole, member);
        }

        foreach (var who in before.Unreachable.SymmetricExcept(view.Unreachable).Where(view.Members.Contains))
        {
            Note(who, view, isMember: true);
            concernsAll |= Gossip.IsVoter(view.VoterRole, view.Members.Find(who)!);
        }

        ForgetOldRemovals();
        return concernsAll ? [.. _followers.Keys] : [.. concerned.Where(_followers.ContainsKey)];
    }

    /// <summary>What this follower lacks; null if it has everything.</summary>
    public ViewUpdate? Next(UniqueAddress follower)
    {
        if (!_followers.TryGetValue(follower, out var from) || from == _sequence)
        {
            return null;
        }

        if (!_parts.TryGetValue(from, out var parts))
        {
            _parts.Add(from, parts = Since(from));
        }

        _followers[follower] = _sequence;
        return new ViewUpdate(self, follower, from, _sequence, parts.Changed, parts.Unreachable, parts.Gone);
    }

    /// <summary>All that lack something.</summary>
    public IReadOnlyList<UniqueAddress> Behind() => [.. _followers.Where(f => f.Value < _sequence).Select(f => f.Key)];

    private void Note(UniqueAddress who, ClusterView view, bool isMember)
    {
        if (isMember)
        {
            _changedAt[who] = _sequence;
            return;
        }

        _changedAt.Remove(who);
        _goneAt[who] = (_sequence, view.Gone.TryGetValue(who, out var tombstone) ? tombstone : new Tombstone(0, MemberStatus.Down));
    }

    private (ImmutableArray<Member> Changed, ImmutableSortedSet<UniqueAddress> Unreachable, ImmutableSortedDictionary<UniqueAddress, Tombstone> Gone) Since(long from)
    {
        var changed = _view.Members.Where(m => _changedAt[m.UniqueAddress] > from).ToImmutableArray();
        return (
            changed,
            [.. changed.Select(m => m.UniqueAddress).Where(_view.Unreachable.Contains)],
            _goneAt.Where(g => g.Value.At > from).ToImmutableSortedDictionary(g => g.Key, g => g.Value.How));
    }

    private void ForgetOldRemovals()
    {
        if (_goneAt.Count <= RememberedRemovals)
        {
            return;
        }

        // Followers that are further behind than what is forgotten get the whole view.
        _forgottenUpTo = _goneAt.Values.Select(g => g.At).Order().ElementAt(_goneAt.Count / 2);
        foreach (var old in _goneAt.Where(g => g.Value.At <= _forgottenUpTo).Select(g => g.Key).ToArray())
        {
            _goneAt.Remove(old);
        }

        foreach (var behind in _followers.Where(f => f.Value < _forgottenUpTo).Select(f => f.Key).ToArray())
        {
            _followers[behind] = 0;
        }
    }
}

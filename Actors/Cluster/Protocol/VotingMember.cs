using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// A member that judges: it watches, gossips with the other voters, votes, and leads if it is its turn. Members that do not vote
/// follow it. It acts as soon as it may, and repeats itself on a timer only because messages get lost.
/// </summary>
internal sealed partial class VotingMember : MemberProtocol
{
    /// <summary>With so many other voters or fewer, every change is told to all of them at once; with more, to this many by lot.</summary>
    private const int Audience = 5;

    /// <summary>A removed incarnation is remembered so long: longer than any voter is out of touch and still a member.</summary>
    private static readonly TimeSpan TombstoneAge = TimeSpan.FromHours(1);

    /// <summary>A voter that does not know this one after so long never will.</summary>
    private static readonly TimeSpan StrangerPatience = TimeSpan.FromSeconds(5);

    /// <summary>A founder looks so often for a cluster that it should have joined instead.</summary>
    private static readonly TimeSpan SearchInterval = TimeSpan.FromSeconds(5);

    /// <summary>Changes that come within so long are told together.</summary>
    private static readonly TimeSpan SpreadPause = TimeSpan.FromMilliseconds(50);

    private readonly Random _dice;
    private readonly ViewBook _book;
    private readonly ObserverPost _post;
    private readonly HashSet<UniqueAddress> _exitingConfirmed = [];
    private readonly Dictionary<UniqueAddress, TimeSpan> _strangerTo = [];
    private readonly Dictionary<UniqueAddress, TimeSpan> _tombstonesKnown = [];
    private ImmutableArray<UniqueAddress> _heirs = [];
    private ImmutableArray<Address> _otherSeedNodes = [];
    private TimeSpan _nextSearch;
    private MembershipState _state;
    private ClusterView _view;
    private TimeSpan _nextGossip;
    private TimeSpan _nextLeader;
    private TimeSpan _nextLook;
    private TimeSpan? _spreadAt;
    private TimeSpan _lastSpread;
    private bool _planIsStale = true;
    private bool _exiting;

    private VotingMember(ClusterSettings settings, UniqueAddress self, IClusterShell shell, Random dice, Gossip gossip)
        : base(settings, self, shell)
    {
        _dice = dice;
        _book = new ViewBook(self);
        _post = new ObserverPost(settings.Detector, settings.ReaperInterval);
        _state = new MembershipState(Clustering.Gossip.Empty(settings.VoterRole), self);
        _view = ClusterView.Of(_state);
        var now = shell.Now;
        (_nextGossip, _nextLeader, _nextLook) = (now + settings.GossipInterval, now + settings.LeaderActionsInterval, now);
        _lastSpread = now - SpreadPause;
        Update(gossip);
        Settle();
    }

    public override ClusterView View => _view;

    public override ObserverPost Post => _post;

    public override TimeSpan NextWake
    {
        get
        {
            var next = _nextGossip < _nextLook ? _nextGossip : _nextLook;
            next = _nextLeader < next ? _nextLeader : next;
            return _spreadAt is { } spread && spread < next ? spread : next;
        }
    }

    internal Gossip Gossip => _state.Gossip;

    /// <summary>
    /// The first member of a new cluster. It goes on asking the other seed nodes: if one of them turns out to be in a cluster of its own, that one
    /// is older, for only this member may found, and has founded it in an earlier life. Then this one gives way.
    /// </summary>
    public static VotingMember Founding(ClusterSettings settings, UniqueAddress self, IClusterShell shell, Random dice, ImmutableArray<Address> otherSeedNodes)
    {
        var empty = Clustering.Gossip.Empty(settings.VoterRole);
        var first = new Member(self, MemberStatus.Joining, settings.Roles);
        var gossip = new Gossip(settings.VoterRole, empty.Members.With(first), [self], empty.Reachability, VectorClock.Zero.Increment(self), empty.Tombstones);
        return new VotingMember(settings, self, shell, dice, gossip) { _otherSeedNodes = otherSeedNodes };
    }

    /// <summary>A member of a cluster that let it in.</summary>
    public static VotingMember Welcomed(ClusterSettings settings, UniqueAddress self, IClusterShell shell, Random dice, Gossip gossip) =>
        new(settings, self, shell, dice, gossip.SeenBy(self));

    public override IReadOnlyList<UniqueAddress> ObserversOf(UniqueAddress subject) => _state.Reachability.ObserversOf(subject);

    public override void Wake()
    {
        var now = Shell.Now;
        if (now >= _nextLook)
        {
            Look();
        }

        if (now >= _nextLeader)
        {
            _nextLeader = now + Settings.LeaderActionsInterval;
            Settle();
        }

        if (now >= _nextGossip)
        {
            _nextGossip = now + Settings.GossipInterval;
            GossipToOne();
            SearchForOlderCluster();
            InformFollowers(_book.Behind());
        }

        if (now >= _spreadAt)
        {
            Spread();
        }
    }

    public override void LinkUp(UniqueAddress peer)
    {
        _planIsStale = true;
        if (_state.Gossip.IsVoter(peer))
        {
            SendStatus(peer);
        }
    }

    public override void LinkLost(UniqueAddress peer)
    {
        _book.Unfollow(peer);
        if (_state.Gossip.Members.Contains(peer))
        {
            RefreshPlan();
            _post.LinkLost(peer, Shell.Now);
            Look();
        }
    }

    public override void QuarantinedBy(Address peer)
    {
        if (!OtherVoters().Any(v => v.Address != peer && _state.IsReachable(v.UniqueAddress)))
        {
            Stop(StopReason.Downed, $"{peer} has quarantined this system, and there is no other voter");
        }
    }

    public override void Leave(Address address)
    {
        foreach (var member in _state.Gossip.Members.At(address).ToArray())
        {
            Shell.Log(LogLevel.InfoLevel, $"{member.Address} leaves");
            Update(MembershipDecisions.Leave(_state, member.UniqueAddress));
        }

        Settle();
    }

    public override void Down(Address address)
    {
        var downed = MembershipDecisions.Down(_state, address);
        if (ReferenceEquals(downed, _state.Gossip))
        {
            Shell.Log(LogLevel.InfoLevel, $"{address} is not to be downed: no member is there, or it is down");
            return;
        }

        Shell.Log(LogLevel.WarningLevel, $"{address} is declared down");
        Update(downed);
        Settle();
    }

    public override void ExitingCompleted()
    {
        Spread();
        foreach (var voter in OtherVoters())
        {
            Shell.Send(voter.Address, new ExitingConfirmed(Self));
        }

        Stop(StopReason.Left, "it has left");
    }

    /// <summary>What the detectors say now.</summary>
    private void Look()
    {
        RefreshPlan();
        var report = _post.Poll(Shell.Now, Shell.LastHeard);
        _nextLook = report.NextLook;
        foreach (var (subject, available) in report.Changes)
        {
            Shell.Log(
                available ? LogLevel.InfoLevel : LogLevel.WarningLevel,
                available ? $"{subject.Address} is heard again" : $"{subject.Address} is unreachable from here: nothing heard, phi {_post.Evidence(subject, Shell.Now)?.Phi:0.0}");
        }

        Update(MembershipDecisions.Observe(_state, report.Unavailable));
        foreach (var heir in _heirs.Where(who => Shell.LastHeard(who) is not null))
        {
            // Two voters let in two lives at one address without knowing of each other. The one that answers there is the living one.
            Update(MembershipDecisions.DownPredecessors(_state, heir));
        }

        Settle();
    }

    /// <summary>Whom to watch and by whom to be heard follows from who is there.</summary>
    private void RefreshPlan()
    {
        if (!_planIsStale)
        {
            return;
        }

        _planIsStale = false;
        var members = _state.Gossip.Members;
        var alone = !OtherVoters().Any(v => v.Status is MemberStatus.Up or MemberStatus.Leaving && _state.IsReachable(v.UniqueAddress));

        // Without evidence of its own a voter says nothing of a member that does not vote, unless there is nobody else to say it.
        _post.SetSubjects(
            ObservationPlan.SubjectsOf(members, Self, Settings.VoterRole, Settings.MonitoredByNrOfMembers, m => alone || Shell.LastHeard(m.UniqueAddress) is not null),
            Shell.Now);
        _heirs = [.. members.Where(m => m.Status != MemberStatus.Down && members.At(m.Address).Any(other => other.Status != MemberStatus.Down && !other.Equals(m))).Select(m => m.UniqueAddress)];
        var hearers = ObservationPlan.ObserversOf(members, Self, Settings.VoterRole, Settings.MonitoredByNrOfMembers);
        Shell.BeHeardBy([.. hearers.Where(_state.Gossip.IsVoter)], [.. hearers.Where(h => !_state.Gossip.IsVoter(h))]);
    }

    /// <summary>Takes the leader's steps, as far as they go, if this member leads.</summary>
    private void Settle()
    {
        while (!IsStopped)
        {
            var next = MembershipDecisions.LeaderActions(_state, _exitingConfirmed, Settings.AllowWeaklyUp, Shell.UtcMs);
            if (ReferenceEquals(next, _state.Gossip))
            {
                break;
            }

            Update(next);
        }
    }

    /// <summary>The gossip is now this one; everyone concerned is told.</summary>
    private void Update(Gossip next)
    {
        if (ReferenceEquals(next, _state.Gossip) || IsStopped)
        {
            return;
        }

        var before = _state;
        _state = _state.With(next);
        if (!ReferenceEquals(before.Gossip.Members, next.Members) || !ReferenceEquals(before.Gossip.Reachability, next.Reachability))
        {
            Publish(before.Gossip);
        }

        if (!before.Gossip.Version.Equals(next.Version))
        {
            SpreadSoon();
        }

        CheckSelf();
    }

    private void Publish(Gossip before)
    {
        _planIsStale = true;
        _view = ClusterView.Of(_state);

        // Followers first: one that is down must be told before it is cut off.
        InformFollowers(_book.Update(_view));
        Shell.ViewChanged(_view);
        foreach (var (was, now) in MemberTable.Differences(before.Members, _state.Gossip.Members))
        {
            if (now is null)
            {
                _exitingConfirmed.Remove(was!.UniqueAddress);
                _book.Unfollow(was.UniqueAddress);
                Shell.MemberGone(was.UniqueAddress, _state.Gossip.Tombstones.TryGetValue(was.UniqueAddress, out var how) ? how.Previous : was.Status);
            }
        }
    }

    private void CheckSelf()
    {
        switch (_state.SelfMember?.Status)
        {
            case null:
                Stop(StopReason.Downed, "the other voters have removed this member");
                break;
            case MemberStatus.Down:
                Spread();
                Stop(StopReason.Downed, "this member was declared down");
                break;
            case MemberStatus.Exiting when !_exiting:
                _exiting = true;
                Shell.SelfExiting();
                break;
            default:
                break;
        }
    }

    private void InformFollowers(IReadOnlyList<UniqueAddress> followers)
    {
        foreach (var follower in followers)
        {
            if (_book.Next(follower) is { } update)
            {
                Shell.Send(follower.Address, update);
            }
        }
    }

    private IEnumerable<Member> OtherVoters() => _state.Gossip.Voters.Where(v => v.UniqueAddress != Self);
}

using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// A member that does not vote. It follows one voter, its guide, who tells it what changes; it is heard by all voters and watches them,
/// for itself only: nobody is told what it thinks of whom. If the guide falls silent it takes another; if no voter knows it any more,
/// its part in the cluster ends and its system must be restarted to join again.
/// </summary>
internal sealed class PassiveMember : MemberProtocol
{
    private const int RememberedRemovals = 1_000;

    /// <summary>An unanswered question to the guide is repeated so often.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Asked anew even if nothing seems wrong, so that no mishap lasts.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(30);

    /// <summary>Goodbye is repeated so often…</summary>
    private static readonly TimeSpan LeaveRetry = TimeSpan.FromMilliseconds(250);

    /// <summary>…and then nobody is waited for any more.</summary>
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    private readonly Random _dice;
    private readonly ObserverPost _post;

    /// <summary>Voters that said that this is no member. Two that say so must not send it to each other for ever.</summary>
    private readonly HashSet<UniqueAddress> _disowned = [];
    private ImmutableSortedSet<UniqueAddress> _silent = [];
    private ImmutableSortedDictionary<UniqueAddress, Tombstone> _gone = ImmutableSortedDictionary<UniqueAddress, Tombstone>.Empty;
    private MemberTable _members = MemberTable.Empty;
    private ImmutableSortedSet<UniqueAddress> _unreachable = [];
    private ClusterView _view;
    private UniqueAddress _guide;
    private long _sequence;
    private bool _answered = true;
    private TimeSpan _askAgain;
    private TimeSpan _nextLook;
    private TimeSpan? _leaveAgain;
    private TimeSpan _leaveUntil;
    private bool _exiting;

    /// <param name="settings">Settings.</param>
    /// <param name="self">Who this is.</param>
    /// <param name="shell">The actor around it.</param>
    /// <param name="dice">Spreads the refreshes of many members.</param>
    /// <param name="welcome">The first view, from the voter that let it in.</param>
    public PassiveMember(ClusterSettings settings, UniqueAddress self, IClusterShell shell, Random dice, ViewUpdate welcome)
        : base(settings, self, shell)
    {
        _dice = dice;
        _post = new ObserverPost(settings.Detector, settings.ReaperInterval);
        _view = ClusterView.Empty with { Self = self, VoterRole = settings.VoterRole };
        _guide = welcome.From;
        _nextLook = shell.Now;
        Apply(welcome);
    }

    public override ClusterView View => _view;

    public override ObserverPost Post => _post;

    public override TimeSpan NextWake
    {
        get
        {
            var next = _askAgain < _nextLook ? _askAgain : _nextLook;
            return _leaveAgain is { } leave && leave < next ? leave : next;
        }
    }

    private IEnumerable<Member> Voters => _members.Where(m => Gossip.IsVoter(Settings.VoterRole, m));

    public override IReadOnlyList<UniqueAddress> ObserversOf(UniqueAddress subject) =>
        _silent.Contains(subject) ? [Self] : [];

    public override void Wake()
    {
        var now = Shell.Now;
        if (now >= _nextLook)
        {
            Look();
        }

        if (now >= _askAgain)
        {
            Ask();
        }

        if (now >= _leaveAgain)
        {
            SayGoodbye();
        }
    }

    public override void Receive(ClusterMessage message, ClusterPeer peer)
    {
        switch (message)
        {
            case ViewUpdate m when m.From == peer.Who && m.To == Self:
                ReceiveView(m);
                break;
            case NotMember m when m.From == peer.Who && m.Who == Self:
                _disowned.Add(m.From);
                CutOffBy(m.From.Address, $"the cluster at {m.From.Address} does not know this member");
                break;
            case InitJoin m when m.From == peer.Who:
                Shell.Send(m.From.Address, new InitJoinNack(Self, "this member does not vote; join by the address of one that does"));
                break;
            case InitJoinAck or InitJoinNack:
                break;
            default:
                Shell.Log(LogLevel.WarningLevel, $"ignored {message.GetType().Name} from {peer.Who}: it may not say that");
                break;
        }
    }

    public override void LinkUp(UniqueAddress peer)
    {
        if (peer.Address == _guide.Address)
        {
            // With another uid a new system answers at the guide's address: whether it knows this member, it will say.
            if (peer != _guide)
            {
                (_sequence, _answered) = (0, false);
            }

            Ask();
        }
    }

    public override void LinkLost(UniqueAddress peer)
    {
        _post.LinkLost(peer, Shell.Now);
        Look();
    }

    public override void QuarantinedBy(Address peer)
    {
        _disowned.UnionWith(Voters.Where(v => v.Address == peer).Select(v => v.UniqueAddress));
        CutOffBy(peer, $"{peer} has quarantined this system");
    }

    public override void Leave(Address address)
    {
        if (address != Self.Address)
        {
            Shell.Log(LogLevel.WarningLevel, $"{address} was not asked to leave: this member does not vote and speaks only for itself");
        }
        else if (_leaveAgain is null)
        {
            _leaveUntil = Shell.Now + LeaveTimeout;
            SayGoodbye();
        }
    }

    public override void Down(Address address)
    {
        if (address != Self.Address)
        {
            Shell.Log(LogLevel.WarningLevel, $"{address} was not downed: this member does not vote and speaks only for itself");
            return;
        }

        Shell.Send(_guide.Address, new Clustering.Leave(Self));
        Stop(StopReason.Downed, "this member declared itself down");
    }

    public override void ExitingCompleted()
    {
        foreach (var voter in Voters)
        {
            Shell.Send(voter.Address, new ExitingConfirmed(Self));
        }

        Stop(StopReason.Left, "it has left");
    }

    /// <summary>What the detectors say of the voters.</summary>
    private void Look()
    {
        var report = _post.Poll(Shell.Now, Shell.LastHeard);
        _nextLook = report.NextLook;
        foreach (var (subject, available) in report.Changes)
        {
            Shell.Log(available ? LogLevel.InfoLevel : LogLevel.WarningLevel, available ? $"{subject.Address} is heard again" : $"{subject.Address} is not heard any more");
        }

        if (!_silent.SetEquals(report.Unavailable))
        {
            _silent = [.. report.Unavailable];
            Publish();
            if (_silent.Contains(_guide))
            {
                TakeAnotherGuide(_guide.Address);
            }
        }
    }

    /// <summary>Asks the guide for what is new, more often if it owes an answer.</summary>
    private void Ask()
    {
        var pause = _answered ? Refresh * (0.5 + _dice.NextDouble()) : Retry;
        _askAgain = Shell.Now + pause;
        Shell.Send(_guide.Address, new Follow(Self, _sequence));
    }

    private void ReceiveView(ViewUpdate update)
    {
        if (update.From != _guide)
        {
            // The new incarnation of the guide knows this member, or an old guide has not noticed that it is one no longer.
            if (update.Base != 0 || update.From.Address != _guide.Address)
            {
                return;
            }

            _guide = update.From;
        }

        _answered = true;
        _disowned.Remove(_guide);
        if (update.Base == 0 || update.Base == _sequence)
        {
            Apply(update);
        }
        else if (update.Sequence > _sequence)
        {
            // Something was lost in between.
            Ask();
        }
    }

    private void Apply(ViewUpdate update)
    {
        // A new guide may know less than the last one: what was gone stays gone, and nobody's status goes back.
        var fresh = MemberTable.Of(update.Changed.Where(m => !_gone.ContainsKey(m.UniqueAddress)));
        _gone = _gone.SetItems(update.Gone);
        var lost = _members.Where(m => update.Gone.ContainsKey(m.UniqueAddress) || (update.Base == 0 && !fresh.Contains(m.UniqueAddress))).ToArray();

        // Who was on its way out and is unknown to the new guide has gone. Others it may only not have heard of yet.
        _gone = _gone.SetItems(lost
            .Where(m => m.Status is MemberStatus.Exiting or MemberStatus.Down && !update.Gone.ContainsKey(m.UniqueAddress))
            .Select(m => KeyValuePair.Create(m.UniqueAddress, new Tombstone(Shell.UtcMs, m.Status))));
        _members = fresh.Merge(_members);
        _members = lost.Length == 0 ? _members : _members.Without(lost.Select(m => m.UniqueAddress).ToHashSet());
        _sequence = update.Sequence;
        var unreachable = update.Base == 0 ? [] : _unreachable.Except(update.Changed.Select(m => m.UniqueAddress));
        _unreachable = [.. unreachable.Union(update.Unreachable).Where(who => who != Self && _members.Contains(who))];
        _askAgain = Shell.Now + (Refresh * (0.5 + _dice.NextDouble()));
        RefreshPlan();
        Publish();
        foreach (var member in lost.Where(m => m.UniqueAddress != Self))
        {
            Shell.MemberGone(member.UniqueAddress, _gone.TryGetValue(member.UniqueAddress, out var how) ? how.Previous : member.Status);
        }

        ForgetOldRemovals();
        CheckSelf();
    }

    private void RefreshPlan()
    {
        var voters = ObservationPlan.ObserversOf(_members, Self, Settings.VoterRole, Settings.MonitoredByNrOfMembers);
        _post.SetSubjects(voters, Shell.Now);
        _silent = _silent.Intersect(voters);
        Shell.BeHeardBy(voters, []);
    }

    private void Publish()
    {
        _view = new ClusterView(Self, Settings.VoterRole, _members, _unreachable.Union(_silent), [], _gone);
        Shell.ViewChanged(_view);
    }

    private void CheckSelf()
    {
        switch (_members.Find(Self)?.Status)
        {
            case null when _gone.TryGetValue(Self, out var how) && how.Previous == MemberStatus.Exiting:
                Stop(StopReason.Left, "it has left");
                break;
            case null:
                Stop(StopReason.Downed, "the voters have removed this member");
                break;
            case MemberStatus.Down:
                Stop(StopReason.Downed, "this member was declared down");
                break;
            case MemberStatus.Exiting when !_exiting:
                _exiting = true;
                _leaveAgain = null;
                Shell.SelfExiting();
                break;
            default:
                break;
        }
    }

    private void CutOffBy(Address voter, string why)
    {
        if (!TakeAnotherGuide(voter))
        {
            Stop(StopReason.Downed, $"{why}, and no other voter is heard");
        }
    }

    /// <summary>Follows another voter that is heard; false if there is none.</summary>
    private bool TakeAnotherGuide(Address otherThan)
    {
        var candidates = Voters
            .Where(v => v.Address != otherThan && v.Status != MemberStatus.Down && !_silent.Contains(v.UniqueAddress) && !_disowned.Contains(v.UniqueAddress))
            .ToArray();
        if (candidates.Length == 0)
        {
            return false;
        }

        if (_guide.Address == otherThan)
        {
            _guide = candidates[_dice.Next(candidates.Length)].UniqueAddress;
            _sequence = 0;
            _answered = false;
            Ask();
        }

        return true;
    }

    private void SayGoodbye()
    {
        var now = Shell.Now;
        var heard = Voters.Where(v => !_silent.Contains(v.UniqueAddress)).ToArray();
        if (now > _leaveUntil || heard.Length == 0)
        {
            Stop(StopReason.Left, heard.Length == 0 ? "no voter is there to say goodbye to" : "no voter answered its goodbye");
            return;
        }

        _leaveAgain = now + LeaveRetry;
        foreach (var voter in heard)
        {
            Shell.Send(voter.Address, new Clustering.Leave(Self));
        }
    }

    private void ForgetOldRemovals()
    {
        if (_gone.Count > RememberedRemovals)
        {
            _gone = _gone.RemoveRange(_gone.OrderBy(g => g.Value.RemovedAtMs).Take(_gone.Count / 2).Select(g => g.Key).ToArray());
        }
    }
}

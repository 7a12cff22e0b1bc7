using Actors.Core;

namespace Actors.Clustering;

/// <summary>What a voter hears from others and tells them.</summary>
internal sealed partial class VotingMember
{
    public override void Receive(ClusterMessage message, ClusterPeer peer)
    {
        switch (message)
        {
            case GossipEnvelope m when m.From == peer.Who && m.To == Self:
                ReceiveGossip(m);
                break;
            case GossipStatus m when m.From == peer.Who && _state.Gossip.IsVoter(m.From):
                ReceiveStatus(m);
                break;
            case InitJoin m when m.From == peer.Who:
                Shell.Send(m.From.Address, m.VoterRole == Settings.VoterRole
                    ? new InitJoinAck(Self)
                    : new InitJoinNack(Self, $"here members with role '{Settings.VoterRole}' vote, there '{m.VoterRole}': akka.cluster.embedded.observer-role must be the same everywhere"));
                break;
            case Join m when m.Node == peer.Who:
                ReceiveJoin(m, peer.CertificateRole);
                break;
            case Follow m when m.From == peer.Who:
                ReceiveFollow(m);
                break;
            case Leave m when Speaks(peer, m.Who):
                Update(MembershipDecisions.Leave(_state, m.Who));
                Settle();
                break;
            case ExitingConfirmed m when Speaks(peer, m.Who):
                ReceiveExitingConfirmed(m, peer);
                break;
            case NotMember m when m.From == peer.Who && m.Who == Self:
                ReceiveNotMember(m.From);
                break;
            case InitJoinAck m when m.From == peer.Who && _otherSeedNodes.Contains(m.From.Address) && !_state.Gossip.Members.At(m.From.Address).Any():
                GiveWayTo(m.From.Address);
                break;
            case Disband m when m.From == peer.Who && _state.Gossip.IsVoter(m.From):
                Stop(StopReason.Downed, $"{m.From.Address} founded a second cluster, and this member is in it");
                break;
            case InitJoinAck or InitJoinNack or Welcome or ViewUpdate:
                // Late answers to a join that another voter answered first.
                break;
            default:
                Shell.Log(LogLevel.WarningLevel, $"ignored {message.GetType().Name} from {peer.Who}: it may not say that");
                break;
        }
    }

    /// <summary>Members speak for themselves, voters for all.</summary>
    private bool Speaks(ClusterPeer peer, UniqueAddress about) => peer.Who == about || _state.Gossip.IsVoter(peer.Who);

    private void ReceiveJoin(Join join, string certificateRole)
    {
        var votes = Settings.Votes(join.Roles);
        if (votes && Settings.VoterRole.Length > 0 && certificateRole.Length > 0 && certificateRole != Settings.VoterRole)
        {
            Shell.Log(LogLevel.WarningLevel, $"refused {join.Node}: it wants to vote, and its certificate is for role '{certificateRole}'");
            Shell.Send(join.Node.Address, new InitJoinNack(Self, $"a certificate for role '{certificateRole}' may not join as '{Settings.VoterRole}'"));
            return;
        }

        Update(MembershipDecisions.DownPredecessors(_state, join.Node));
        Settle();
        if (IsStopped)
        {
            return;
        }

        var (gossip, verdict) = MembershipDecisions.Join(_state, join.Node, join.Roles);
        if (verdict == JoinVerdict.WasRemoved)
        {
            Shell.Send(join.Node.Address, new NotMember(Self, join.Node));
            return;
        }

        Shell.Log(LogLevel.InfoLevel, $"{join.Node.Address} joins, roles [{string.Join(",", join.Roles.Order(StringComparer.Ordinal))}]");
        if (!votes)
        {
            _book.Follow(join.Node, 0);
        }

        Update(gossip);
        if (votes)
        {
            Shell.Send(join.Node.Address, new Welcome(Self, _state.Gossip));
        }
        else
        {
            InformFollowers([join.Node]);
        }

        Settle();
    }

    private void ReceiveFollow(Follow follow)
    {
        if (!_state.Gossip.Members.Contains(follow.From))
        {
            Shell.Send(follow.From.Address, new NotMember(Self, follow.From));
            return;
        }

        _planIsStale = true;
        _book.Follow(follow.From, follow.Sequence);
        InformFollowers([follow.From]);
    }

    private void ReceiveExitingConfirmed(ExitingConfirmed confirmed, ClusterPeer peer)
    {
        if (_state.Gossip.Members.Find(confirmed.Who)?.Status != MemberStatus.Exiting || !_exitingConfirmed.Add(confirmed.Who))
        {
            return;
        }

        if (peer.Who == confirmed.Who && !_state.Gossip.IsVoter(confirmed.Who))
        {
            // It follows one voter; the one that leads may be another.
            foreach (var voter in OtherVoters())
            {
                Shell.Send(voter.Address, confirmed);
            }
        }

        Settle();
    }

    private void ReceiveGossip(GossipEnvelope envelope)
    {
        var remote = envelope.Gossip;
        var ours = _state.Gossip;
        if (!ours.IsVoter(envelope.From) || remote.VoterRole != Settings.VoterRole)
        {
            Shell.Log(LogLevel.InfoLevel, $"ignored gossip from {envelope.From}: it is no voter here");
            Shell.Send(envelope.From.Address, new NotMember(Self, envelope.From));
            return;
        }

        _strangerTo.Remove(envelope.From);

        if (!remote.Members.Contains(Self) && !remote.Tombstones.ContainsKey(Self))
        {
            Shell.Log(LogLevel.InfoLevel, $"ignored gossip from {envelope.From}: it does not know this member");
            return;
        }

        var order = ours.Version.CompareTo(remote.Version);
        var merged = ours.Merge(remote);
        Update(merged.IsVoter(Self) ? merged.SeenBy(Self) : merged);
        if (IsStopped)
        {
            return;
        }

        Settle();
        switch (order)
        {
            case ClockOrder.After:
                SendGossip(envelope.From);
                break;
            case ClockOrder.Before:
                // All voters should know soon that this one has seen it: only then the leader may act.
                foreach (var voter in Listeners())
                {
                    SendStatus(voter.UniqueAddress);
                }

                break;
            case ClockOrder.Same when ours.Seen.Count > remote.Seen.Count:
                SendStatus(envelope.From);
                break;
            default:
                break;
        }
    }

    /// <summary>
    /// A voter does not know this one. It may not have heard of its join yet. But if the one that let it in vanished before it told the
    /// others, they never will, and this system must join anew. Once it is Up, all knew it, and it only believes this if it is alone.
    /// </summary>
    private void ReceiveNotMember(UniqueAddress voter)
    {
        var now = Shell.Now;
        if (_strangerTo.TryAdd(voter, now) || now - _strangerTo[voter] < StrangerPatience)
        {
            return;
        }

        if (_state.SelfMember?.Status is MemberStatus.Joining or MemberStatus.WeaklyUp
            && _state.Gossip.Members.Find(voter)?.Status is MemberStatus.Up or MemberStatus.Leaving)
        {
            Stop(StopReason.Downed, $"{voter.Address} never heard that this member was let in");
        }
        else
        {
            QuarantinedBy(voter.Address);
        }
    }

    private void ReceiveStatus(GossipStatus status)
    {
        _strangerTo.Remove(status.From);
        switch (_state.Gossip.Version.CompareTo(status.Version))
        {
            case ClockOrder.Same:
                Update(_state.Gossip.SeenBy(status.Seen));
                if (!status.Seen.IsSupersetOf(_state.Gossip.Seen))
                {
                    SendStatus(status.From);
                }

                Settle();
                break;
            case ClockOrder.Before:
                SendStatus(status.From);
                break;
            default:
                SendGossip(status.From);
                break;
        }
    }

    /// <summary>Once per interval one voter by lot, in case a message was lost: our version, or all of it if it is not known to have it.</summary>
    private void GossipToOne()
    {
        ForgetOldTombstones();
        var others = OtherVoters().ToArray();
        if (others.Length == 0)
        {
            return;
        }

        var strangers = others.Where(v => !_state.Gossip.IsSeenBy(v.UniqueAddress)).ToArray();
        if (strangers.Length > 0)
        {
            SendGossip(strangers[_dice.Next(strangers.Length)].UniqueAddress);
        }
        else
        {
            SendStatus(others[_dice.Next(others.Length)].UniqueAddress);
        }
    }

    private void GiveWayTo(Address older)
    {
        foreach (var voter in OtherVoters())
        {
            Shell.Send(voter.Address, new Disband(Self));
        }

        Stop(StopReason.Downed, $"this member founded a second cluster: {older} is in an older one");
    }

    private void SearchForOlderCluster()
    {
        if (Shell.Now < _nextSearch)
        {
            return;
        }

        _nextSearch = Shell.Now + SearchInterval;
        foreach (var seed in _otherSeedNodes.Where(seed => !_state.Gossip.Members.At(seed).Any()))
        {
            Shell.Send(seed, new InitJoin(Self, Settings.VoterRole));
        }
    }

    /// <summary>By the time that this voter has known of them, for clocks on walls are set.</summary>
    private void ForgetOldTombstones()
    {
        var now = Shell.Now;
        foreach (var gone in _tombstonesKnown.Keys.Where(who => !_state.Gossip.Tombstones.ContainsKey(who)).ToArray())
        {
            _tombstonesKnown.Remove(gone);
        }

        foreach (var who in _state.Gossip.Tombstones.Keys)
        {
            _tombstonesKnown.TryAdd(who, now);
        }

        Update(_state.Gossip.Forget([.. _tombstonesKnown.Where(t => now - t.Value > TombstoneAge).Select(t => t.Key)]));
    }

    private void SpreadSoon()
    {
        if (_spreadAt is null)
        {
            var now = Shell.Now;
            var due = _lastSpread + SpreadPause;
            _spreadAt = due > now ? due : now;
        }
    }

    private void Spread()
    {
        _spreadAt = null;
        _lastSpread = Shell.Now;
        foreach (var voter in Listeners())
        {
            if (!_state.Gossip.IsSeenBy(voter.UniqueAddress))
            {
                SendGossip(voter.UniqueAddress);
            }
        }
    }

    /// <summary>All other voters, or some by lot if they are many.</summary>
    private Member[] Listeners()
    {
        var others = OtherVoters().Where(v => _state.IsReachable(v.UniqueAddress) || v.Status == MemberStatus.Down).ToArray();
        if (others.Length > Audience)
        {
            _dice.Shuffle(others);
            return others[..Audience];
        }

        return others;
    }

    private void SendGossip(UniqueAddress to) => Shell.Send(to.Address, new GossipEnvelope(Self, to, _state.Gossip));

    private void SendStatus(UniqueAddress to) => Shell.Send(to.Address, new GossipStatus(Self, _state.Gossip.Version, _state.Gossip.Seen));
}

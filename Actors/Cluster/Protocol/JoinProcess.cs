using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// How a system becomes a member: it asks the seed nodes whether they are in a cluster, and joins by the first that says yes, for ever.
/// The first of the seed nodes may found a cluster if none of the others has one; nobody else may, or two clusters could come to be.
/// </summary>
internal sealed class JoinProcess
{
    private readonly ClusterSettings _settings;
    private readonly UniqueAddress _self;
    private readonly IClusterShell _shell;
    private readonly Random _dice;
    private readonly ImmutableArray<Address> _others;
    private readonly HashSet<Address> _refused = [];
    private TimeSpan? _foundAt;
    private readonly Dictionary<Address, string> _said = [];
    private TimeSpan _askAgain;
    private Address? _joining;

    /// <param name="settings">Settings.</param>
    /// <param name="self">Who wants to join.</param>
    /// <param name="shell">The actor around it.</param>
    /// <param name="dice">The first member it becomes gets them.</param>
    /// <param name="seedNodes">Whom to ask; the first of them founds.</param>
    public JoinProcess(ClusterSettings settings, UniqueAddress self, IClusterShell shell, Random dice, IEnumerable<Address> seedNodes)
    {
        (_settings, _self, _shell, _dice) = (settings, self, shell, dice);
        var seeds = seedNodes.ToArray();
        _others = [.. seeds.Where(s => s != self.Address).Distinct()];
        var first = seeds.Length > 0 && seeds[0] == self.Address;
        if (first && !settings.Votes(settings.Roles))
        {
            shell.Log(LogLevel.ErrorLevel, $"a system without role '{settings.VoterRole}' does not vote and can't found a cluster; name one that does as the first of akka.cluster.seed-nodes");
        }
        else if (first)
        {
            _foundAt = shell.Now + (_others.IsEmpty ? TimeSpan.Zero : settings.SeedNodeTimeout);
        }

        _askAgain = shell.Now;
    }

    public TimeSpan NextWake => _foundAt is { } found && found < _askAgain && _joining is null ? found : _askAgain;

    /// <summary>Asks, or founds, if it is time to.</summary>
    public MemberProtocol? Wake()
    {
        var now = _shell.Now;
        if (_joining is null && now >= _foundAt)
        {
            return Found();
        }

        if (now >= _askAgain)
        {
            _joining = null;
            _askAgain = now + (_settings.RetryUnsuccessfulJoinAfter ?? _settings.SeedNodeTimeout);
            foreach (var seed in _others)
            {
                _shell.Send(seed, new InitJoin(_self, _settings.VoterRole));
            }
        }

        return null;
    }

    /// <summary>An answer.</summary>
    /// <returns>What the system is from now on, if that was it.</returns>
    public MemberProtocol? Receive(ClusterMessage message, ClusterPeer peer)
    {
        switch (message)
        {
            case InitJoin m when m.From == peer.Who:
                _shell.Send(m.From.Address, new InitJoinNack(_self, ""));
                break;
            case InitJoinAck m when m.From == peer.Who && _joining is null && _others.Contains(m.From.Address):
                // There is a cluster, so none is to be founded, unless this one vanishes.
                _joining = m.From.Address;
                _foundAt = _foundAt is null ? null : _shell.Now + _settings.SeedNodeTimeout;
                _askAgain = _settings.RetryUnsuccessfulJoinAfter is { } retry ? _shell.Now + retry : TimeSpan.MaxValue;
                _shell.Send(m.From.Address, new Join(_self, _settings.Roles));
                break;
            case InitJoinNack m when m.From == peer.Who:
                return Refused(m);
            case NotMember m when m.From == peer.Who && m.Who == _self:
                _shell.Stop(StopReason.Downed, $"the cluster at {m.From.Address} removed this system; it must be restarted to join again");
                break;
            case Welcome m when m.From == peer.Who && _settings.Votes(_settings.Roles) && m.Gossip.VoterRole == _settings.VoterRole && m.Gossip.IsVoter(_self):
                return VotingMember.Welcomed(_settings, _self, _shell, _dice, m.Gossip);
            case ViewUpdate m when m.From == peer.Who && m.To == _self && m.Base == 0 && !_settings.Votes(_settings.Roles) && m.Changed.Any(c => c.UniqueAddress == _self):
                return new PassiveMember(_settings, _self, _shell, _dice, m);
            default:
                break;
        }

        return null;
    }

    private VotingMember? Found()
    {
        _shell.Log(LogLevel.InfoLevel, "founds a new cluster");
        return VotingMember.Founding(_settings, _self, _shell, _dice, _others);
    }

    private VotingMember? Refused(InitJoinNack nack)
    {
        if (nack.Reason.Length > 0)
        {
            if (_said.GetValueOrDefault(nack.From.Address) != nack.Reason)
            {
                _said[nack.From.Address] = nack.Reason;
                _shell.Log(LogLevel.ErrorLevel, $"{nack.From.Address} does not let this system join: {nack.Reason}");
            }

            return null;
        }

        _refused.Add(nack.From.Address);

        // None of the others has a cluster either: no need to wait for the time-out.
        return _foundAt is not null && _joining is null && _others.All(_refused.Contains) ? Found() : null;
    }
}

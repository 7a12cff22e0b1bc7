using Actors.Core;

namespace Actors.Clustering;

/// <summary>What the protocol asks for, done.</summary>
internal sealed partial class ClusterDaemon : IClusterShell
{
    private readonly Dictionary<Address, IActorRef> _daemons = [];
    private Dictionary<Address, bool> _hearers = [];

    TimeSpan IClusterShell.Now => _system.TimeProvider.GetElapsedTime(0, _system.TimeProvider.GetTimestamp());

    long IClusterShell.UtcMs => _system.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    void IClusterShell.Send(Address to, ClusterMessage message)
    {
        if (!_daemons.TryGetValue(to, out var daemon))
        {
            daemon = _provider.ResolveActorRef(new RootActorPath(to) / "system" / "cluster");
            _daemons.Add(to, daemon);
        }

        daemon.Tell(new ClusterMail(message), Self);
    }

    TimeSpan? IClusterShell.LastHeard(UniqueAddress who)
    {
        var transport = _provider.Transport;
        return transport.Uid(who.Address) == who.Uid && transport.LastReceived(who.Address) is { } stamp
            ? _system.TimeProvider.GetElapsedTime(0, stamp)
            : null;
    }

    void IClusterShell.BeHeardBy(IReadOnlyCollection<UniqueAddress> dialled, IReadOnlyCollection<UniqueAddress> dialling)
    {
        var wanted = new Dictionary<Address, bool>();
        foreach (var who in dialling)
        {
            wanted[who.Address] = false;
        }

        foreach (var who in dialled)
        {
            wanted[who.Address] = true;
        }

        var transport = _provider.Transport;
        foreach (var address in _hearers.Keys.Where(a => !wanted.ContainsKey(a)))
        {
            transport.StopHeartbeat(address);
            _daemons.Remove(address);
        }

        foreach (var (address, keepDialling) in wanted)
        {
            if (!_hearers.TryGetValue(address, out var known) || known != keepDialling)
            {
                transport.EnsureHeartbeat(address, _cluster.Settings.Detector.HeartbeatInterval, keepDialling);
            }
        }

        _hearers = wanted;
    }

    void IClusterShell.ViewChanged(ClusterView view)
    {
        _cluster.View = view;
        _publisher.Publish(view);
        RunOnUp();
    }

    void IClusterShell.MemberGone(UniqueAddress who, MemberStatus previous)
    {
        if (previous == MemberStatus.Down)
        {
            _provider.Transport.Quarantine(who.Address, who.Uid, "it was removed from the cluster after it was declared down");

            // Where another life is a member, that one is still to be dialled; the life that was removed stays shunned.
            if (_hearers.TryGetValue(who.Address, out var keepDialling) && keepDialling)
            {
                _provider.Transport.EnsureHeartbeat(who.Address, _cluster.Settings.Detector.HeartbeatInterval, keepDialling);
            }
        }
        else if (_provider.Transport.Uid(who.Address) is not { } uid || uid == who.Uid)
        {
            _provider.AddressTerminated(who.Address);
        }

        _log.Info($"{who.Address} is no longer a member, it was {previous}");
    }

    void IClusterShell.SelfExiting()
    {
        _cluster.SelfIsExiting();
        _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterLeavingReason.Instance);
    }

    void IClusterShell.Stop(StopReason reason, string why)
    {
        _log.Log(reason == StopReason.Left ? LogLevel.InfoLevel : LogLevel.WarningLevel, null, $"this system's part in the cluster ends: {why}");
        if (reason == StopReason.Downed)
        {
            EndSystemIfWanted();
        }

        StopSelf();
    }

    void IClusterShell.Log(LogLevel level, string text) => _log.Log(level, null, text);
}

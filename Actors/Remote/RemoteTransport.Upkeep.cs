using Actors.Core;

namespace Actors.Remoting;

/// <summary>What has to be done from time to time, on one timer for all links: heartbeats, dialling again, time-outs, forgetting.</summary>
internal sealed partial class RemoteTransport
{
    private static readonly TimeSpan SlowTick = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan FastestTick = TimeSpan.FromMilliseconds(20);

    /// <summary>An address that nobody has used or heard of for so long is forgotten.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);

    /// <summary>An address with lives that were given up is remembered for longer, or they could come back.</summary>
    private static readonly TimeSpan ForgetShunnedAfter = TimeSpan.FromHours(24);

    private readonly ITimer _timer;
    private TimeSpan _tick = SlowTick;
    private int _ticking;

    /// <summary>Actors of this system begin or cease to watch some of the peer's, or the other way round: whoever is watched sends heartbeats.</summary>
    public void SetWatches(Address remote, bool watching, bool watchedByPeer)
    {
        lock (_control)
        {
            var main = Associate(remote).Main;
            main.WatchingSince = watching ? main.WatchingSince ?? _time.GetTimestamp() : null;
            main.WatchedByPeer = watchedByPeer;
            if (watching || watchedByPeer)
            {
                Hurry(_settings.WatchHeartbeat);
            }
        }
    }

    private void Hurry(TimeSpan interval)
    {
        var tick = interval / 5;
        tick = tick < FastestTick ? FastestTick : tick;
        if (tick < _tick && !_closing)
        {
            _tick = tick;
            _timer.Change(tick, tick);
        }
    }

    private void Tick()
    {
        if (Interlocked.Exchange(ref _ticking, 1) != 0)
        {
            return;
        }

        try
        {
            List<Link> late;
            lock (_control)
            {
                var now = _time.GetTimestamp();
                late = [.. _greeting.Where(g => g.Value <= now).Select(g => g.Key)];
                foreach (var association in _associations.Values)
                {
                    if (association.Canonical is null && !_closing)
                    {
                        Keep(association, now);
                    }
                }
            }

            foreach (var link in late)
            {
                link.Close(DisassociateCode.Refused, $"no hello within {_settings.ConnectionTimeout.TotalSeconds:0.#} s");
            }

            PublishEvents();
        }
        finally
        {
            Volatile.Write(ref _ticking, 0);
        }
    }

    private void Keep(Association main, long now)
    {
        if (main.Link is { } link)
        {
            Beat(main, link, now);
        }
        else if (!main.Quarantined && main.WantsLink)
        {
            DialIfAllowed(main);
        }

        if (main.WatchingSince is { } since && _time.GetElapsedTime(Math.Max(since, Evidence(main)), now) > _settings.WatchHeartbeat + _settings.WatchPause)
        {
            _host.Silent(main.Remote);
        }

        if (main.Uid is null && main.OutboxSince is { } waiting && _time.GetElapsedTime(waiting, now) > _settings.InitialSystemMessageTimeout)
        {
            EndLife(main, "it was never reached");
        }

        if (main.Link is null && main.Uid is not null && main.Outbox.Count > 0 && !main.KeepDialling && _time.GetElapsedTime(main.LostAt, now) > _settings.InitialSystemMessageTimeout)
        {
            GiveUp(main, $"system messages could not be delivered for {_settings.InitialSystemMessageTimeout}");
        }

        ForgetIfUnused(main, now);
    }

    private static long Evidence(Association main) => main.Link?.LastReceived ?? main.LastReceived ?? long.MinValue;

    private void Beat(Association main, Link link, long now)
    {
        var interval = main.Heartbeat;
        if ((main.WatchedByPeer || main.WatchingSince is not null) && (interval is null || _settings.WatchHeartbeat < interval))
        {
            interval = _settings.WatchHeartbeat;
        }

        // One tick and a half early, so that the gap on the wire stays below the interval however the ticks fall.
        if (interval is { } each && link.IsIdle && _time.GetElapsedTime(link.LastSent, now) >= each - (_tick * 1.5))
        {
            link.SendHeartbeat();
        }
    }

    private void ForgetIfUnused(Association main, long now)
    {
        var idle = _time.GetElapsedTime(Math.Max(main.LastUsed, Evidence(main)), now);
        if (main.Link is null && main.Dial is null && main.Heartbeat is null && !main.WantsLink && !main.WatchedByPeer
            && idle > (main.Shunned.Count > 0 ? ForgetShunnedAfter : ForgetAfter))
        {
            // References that still hold it go on working: they find it without link, and dial through it.
            main.Forgotten = true;
            _associations.TryRemove(main.Remote, out _);
            foreach (var alias in main.Aliases)
            {
                alias.Forgotten = true;
                _associations.TryRemove(alias.Remote, out _);
            }
        }
    }
}

using Actors.Core;

namespace Actors.Remoting;

/// <summary>Dialling, greeting and losing links.</summary>
internal sealed partial class RemoteTransport : ILinkOwner
{
    private long _malformed;
    private long _dropped;

    void ILinkOwner.Greeted(Link link, Hello hello)
    {
        lock (_control)
        {
            if (!_greeting.Remove(link) || link.IsLost)
            {
                // Closed in the same moment, by the timer or with the system: it must not be taken for an open one.
                return;
            }

            if (_closing)
            {
                link.Close(DisassociateCode.Shutdown, "the system is shutting down");
            }
            else if (link.Outbound)
            {
                Answered(link, hello);
            }
            else
            {
                Knocked(link, hello);
            }
        }

        PublishEvents();
    }

    void ILinkOwner.Message(Link link, ReadOnlySpan<byte> body) => _host.Receive(link, link.Association!, body);

    void ILinkOwner.System(Link link, SystemFrame frame, ulong sequence)
    {
        lock (_control)
        {
            // A link that has been replaced may still be reading: what it brings will come again over the new one.
            var main = link.Association!;
            if (main.Link == link && main.Inbox.Accept(sequence))
            {
                _host.Receive(main, frame);
            }

            link.SystemReceived = true;
        }
    }

    void ILinkOwner.Acknowledged(Link link, ulong sequence)
    {
        lock (_control)
        {
            if (link.Association is { } main && main.Link == link)
            {
                main.Outbox.Acknowledge(sequence);
                main.OutboxSince = null;
            }
        }
    }

    void ILinkOwner.Heard(Link link)
    {
        var main = link.Association;
        if (main is null || main.Link != link)
        {
            return;
        }

        if (link.SystemReceived)
        {
            link.SystemReceived = false;
            link.SendAck(main.Inbox.Received);
        }

        if (main.Uid is { } uid)
        {
            FrameReceived?.Invoke(main.Remote, uid);
        }
    }

    void ILinkOwner.Lost(Link link, string reason, Goodbye? goodbye)
    {
        lock (_control)
        {
            _greeting.Remove(link);
            Interlocked.Add(ref _malformed, link.Counters.Malformed);
            if (link.Association?.Main is { } main)
            {
                Unlink(main, link, reason, goodbye);
            }
            else if (link.Counters.Malformed > 0)
            {
                _host.Log(LogLevel.WarningLevel, $"connection from {link.Peer} closed: {reason}");
            }
        }

        PublishEvents();
    }

    private void Accepted(IConnection connection)
    {
        lock (_control)
        {
            if (!_closing)
            {
                NewLink(connection, outbound: false).Start();
                return;
            }
        }

        connection.Close("the system is shutting down");
    }

    private Link NewLink(IConnection connection, bool outbound)
    {
        var link = new Link(connection, outbound, this, _settings.Link, _time, _host.Post);
        _greeting[link] = link.Opened + Ticks(_settings.ConnectionTimeout);
        return link;
    }

    private void DialIfAllowed(Association main)
    {
        if (main.Link is null && main.Dial is null && !_closing && !IsGated(main))
        {
            var dial = main.Dial = new Dial();
            _transport.Connect(main.Via, _settings.ConnectionTimeout, dial.Cancellation.Token, (connection, problem) => Connected(main, dial, connection, problem));
        }
    }

    private void Connected(Association association, Dial dial, IConnection? connection, string problem)
    {
        lock (_control)
        {
            if (association.Dial != dial || _closing)
            {
                connection?.Close("dialling was given up");
            }
            else if (connection is null)
            {
                association.Dial = null;
                DialFailed(association, problem);
            }
            else
            {
                var link = dial.Link = NewLink(connection, outbound: true);
                link.Association = association;
                link.Start();
                link.Send(new Hello(Local.ToString(), _host.Uid, association.Remote.ToString(), _settings.MaximumFrameSize));
            }
        }

        PublishEvents();
    }

    /// <summary>The peer that was dialled says who it is.</summary>
    private void Answered(Link link, Hello hello)
    {
        var dialled = link.Association!;
        if (dialled.Dial?.Link != link)
        {
            link.Close(DisassociateCode.Duplicate, "dialling was given up");
            return;
        }

        if (!Address.TryParse(hello.Origin, out var origin) || origin.HasLocalScope || origin == Local)
        {
            link.Close(DisassociateCode.Refused, $"a peer can't be called '{hello.Origin}' here");
            return;
        }

        var main = Canonical(dialled, origin);
        var why = main.Shunned.TryGetValue(hello.Uid, out var shunned) ? $"this life of it is given up: {shunned}" : _host.Refuse(link.Peer);
        if (why is not null)
        {
            link.Close(shunned is null ? DisassociateCode.Refused : DisassociateCode.Quarantined, why);
            return;
        }

        dialled.Dial = null;
        main.Dial?.Cancellation.Cancel();
        main.Dial = null;
        Open(main, link, hello);
    }

    /// <summary>The association under the name that the peer gives itself.</summary>
    private Association Canonical(Association dialled, Address origin)
    {
        if (dialled.Remote == origin || dialled.Canonical?.Remote == origin)
        {
            return dialled.Main;
        }

        var main = Associate(origin).Main;
        if (dialled.Canonical is null && main != dialled)
        {
            _host.Log(LogLevel.InfoLevel, $"the peer dialled as {dialled.Remote} calls itself {origin}");
            dialled.BecomeAliasOf(main);
        }

        return main;
    }

    /// <summary>A peer that dialled says who it is.</summary>
    private void Knocked(Link link, Hello hello)
    {
        var decision = Decide(link, hello, out var main);
        switch (decision.Kind)
        {
            case AdmissionKind.Refuse:
                link.Close(decision.Code, decision.Reason);
                if (decision.Code == DisassociateCode.Refused)
                {
                    SayOnce(main, LogLevel.WarningLevel, $"connection from {hello.Origin} ({link.Peer}) refused: {decision.Reason}");
                }

                break;
            case AdmissionKind.Hold:
                link.Association = main;
                main!.Held?.Link.Close(DisassociateCode.Replaced, "a newer connection took its place");
                main.Held = (link, hello);
                break;
            default:
                Admit(main!, link, hello);
                break;
        }
    }

    private AdmissionDecision Decide(Link link, Hello hello, out Association? main)
    {
        main = null;
        if (!Address.TryParse(hello.Origin, out var origin))
        {
            return AdmissionDecision.Refuse($"'{hello.Origin}' is no address");
        }

        var admission = new Admission(Local, origin, Address.TryParse(hello.Target, out var target) ? target : null, hello.Uid, link.Peer);
        var decision = admission.Identity(_host.Uid);
        if (decision.Kind == AdmissionKind.Refuse)
        {
            return decision;
        }

        if (_host.Refuse(link.Peer) is { } why)
        {
            return AdmissionDecision.Refuse(why);
        }

        main = Associate(origin).Main;
        var open = main.Link is { IsLost: false } l ? (l.Peer, main.Uid, l.Outbound, _time.GetElapsedTime(l.Opened), _time.GetElapsedTime(l.LastReceived)) : ((PeerIdentity, long?, bool, TimeSpan, TimeSpan)?)null;
        return admission.Association(main.Shunned.GetValueOrDefault(hello.Uid), open, main.Dial?.Link is not null);
    }

    private void Admit(Association main, Link link, Hello hello)
    {
        if (main.Dial is { } dial)
        {
            main.Dial = null;
            dial.Cancellation.Cancel();
            dial.Link?.Close(DisassociateCode.Duplicate, "the peer's own connection is used");
        }

        link.Send(new Hello(Local.ToString(), _host.Uid, hello.Origin, _settings.MaximumFrameSize));
        Open(main, link, hello);
    }

    private void Open(Association main, Link link, Hello hello)
    {
        var uid = hello.Uid;
        if (main.Uid is not null && main.Uid != uid)
        {
            EndLife(main, "the peer was restarted");
        }

        if (main.Link is { } old)
        {
            SetLink(main, null);
            old.Close(DisassociateCode.Replaced, "a newer connection took its place");
            _events.Enqueue(new DisassociatedEvent(Local, main.Remote, !old.Outbound) { Reason = "replaced by a newer connection" });
        }

        (main.Uid, main.Peer, main.GatedUntil, main.Quarantined, main.Said) = (uid, link.Peer, long.MinValue, false, "");
        (link.Association, link.PeerUid) = (main, uid);
        link.Trust(hello.Accepts);
        foreach (var (sequence, frame) in main.Outbox.Unacknowledged())
        {
            link.Send(frame, sequence);
        }

        while (main.Waiting.TryDequeue(out var message))
        {
            if (!TryWrite(link, main, message))
            {
                _host.DeadLetter(message);
            }
        }

        SetLink(main, link);
        _events.Enqueue(new AssociatedEvent(Local, main.Remote, !link.Outbound));
    }

    private static void SetLink(Association main, Link? link)
    {
        main.Link = link;
        foreach (var alias in main.Aliases)
        {
            alias.Link = link;
        }
    }

    private void Unlink(Association main, Link link, string reason, Goodbye? goodbye)
    {
        if (goodbye?.Code == DisassociateCode.Quarantined)
        {
            _events.Enqueue(new ThisActorSystemQuarantinedEvent(Local, main.Remote));
        }

        if (main.Held?.Link == link)
        {
            main.Held = null;
        }
        else if (main.Dial?.Link == link)
        {
            main.Dial = null;
            if (goodbye?.Code != DisassociateCode.Duplicate)
            {
                var stage = goodbye is null ? "connected, then" : "refused by the peer:";
                DialFailed(main, $"no answer from {main.Via}: {stage} {reason}");
            }
        }
        else if (main.Link == link)
        {
            SetLink(main, null);
            main.LastReceived = link.LastReceived;
            main.LostAt = main.LastUsed = _time.GetTimestamp();
            main.GatedUntil = main.LostAt + Ticks(_settings.RetryGate);
            _events.Enqueue(new DisassociatedEvent(Local, main.Remote, !link.Outbound) { Reason = reason });
            var level = link.Counters.Malformed > 0 ? LogLevel.WarningLevel : LogLevel.InfoLevel;
            _host.Log(level, $"link with {main.Remote} ({link.Peer}) closed: {reason}");
        }
    }
}

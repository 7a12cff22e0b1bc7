using Actors.Core;

namespace Actors.Remoting;

/// <summary>What the transport asks of the system: bytes to messages and back, deliveries, events.</summary>
internal partial class RemoteActorRefProvider : IRemoteHost
{
    private const int ManifestLimit = 500;
    private readonly OnceLog _refusals = new(TimeSpan.FromMinutes(1));
    private readonly OnceLog _unreadable = new(TimeSpan.FromMinutes(10));

    TimeProvider IRemoteHost.Time => SystemImpl.TimeProvider;

    long IRemoteHost.Uid => Uid;

    /// <summary>Messages that came and could not be read.</summary>
    public long UnreadableMessages => Interlocked.Read(ref _unreadableCount);

    /// <summary>What peers sent and had no right to.</summary>
    public long RefusedMessages => Interlocked.Read(ref _refusedCount);

    private long _unreadableCount;
    private long _refusedCount;

    void IRemoteHost.Post(IThreadPoolWorkItem work) => SystemImpl.Dispatcher.Execute(work);

    void IRemoteHost.Publish(RemotingLifecycleEvent happened) => SystemImpl.EventStream.Publish(happened);

    void IRemoteHost.Log(LogLevel level, string text) => _log.Log(level, null, text);

    void IRemoteHost.DeadLetter(WaitingMessage message) =>
        DeadLetters.Tell(new DeadLetter(message.Message, message.Sender ?? DeadLetters, message.Recipient), message.Sender);

    SendOutcome IRemoteHost.Write(Link link, Association association, in WaitingMessage message)
    {
        byte[] payload;
        string manifest;
        int id;
        try
        {
            var serializer = SystemImpl.Serialization.FindSerializerFor(message.Message);
            id = serializer.Identifier;
            manifest = Serialization.Serialization.ManifestFor(serializer, message.Message);
            payload = serializer.ToBinary(message.Message);
        }
        catch (Exception e)
        {
            // A serializer is the program's code: whatever it throws, this one message is lost and the sender must hear why.
            _log.Error(e, $"can't serialize {message.Message.GetType()} for {message.Recipient}: {e.Message}");
            Fail(message, e);
            return SendOutcome.Sent;
        }

        var sender = message.Sender is { } s && !s.IsNobody() ? s : null;
        var outcome = link.Send(message.Recipient, sender, new SerializedMessage(id, manifest, payload), association.Texts);
        if (outcome == SendOutcome.TooLarge)
        {
            _log.Error($"{message.Message.GetType()} of {payload.Length} bytes for {message.Recipient} is larger than maximum-frame-size here ({_settings.MaximumFrameSize}) or there; it is dropped");
        }

        return outcome;
    }

    void IRemoteHost.Receive(Link link, Association association, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        var recipient = Reference(link, association, link.ReadRefs.Read(ref reader)) ?? throw new FrameFormatException("a message for nobody");
        var sender = Reference(link, association, link.ReadRefs.Read(ref reader));
        var id = reader.Int32();
        var manifest = link.Manifests.Get(reader.Sized(ManifestLimit));
        object message;
        try
        {
            message = SystemImpl.Serialization.Deserialize(reader.Rest.ToArray(), id, manifest);
        }
        catch (Exception e)
        {
            // Bytes of a peer in the hands of the program's code: this one message is lost, and the link lives on.
            Interlocked.Increment(ref _unreadableCount);
            _unreadable.Say(
                $"{id}/{manifest}",
                SystemImpl.TimeProvider,
                () => _log.Warning(e, $"a message from {association.Remote} for {recipient} is dropped: serializer {id}, manifest '{manifest}': {e.Message}"));
            return;
        }

        if (message is IFromPeer stamped)
        {
            stamped.Arrived(association.Remote, link.PeerUid, link.Peer);
        }

        if (!_rights.MaySend(link.Peer, message))
        {
            Refused(link.Peer, $"{message.GetType().Name} for {recipient}");
        }
        else if (MessagePolicy is { } policy && !_rights.IsTrustedByRole(link.Peer) && policy(Inbound(link.Peer, recipient, message)) is { } refusal)
        {
            Refused(link.Peer, recipient, sender, refusal);
        }
        else if (message is ActorSelectionMessage selection)
        {
            ActorSelections.Deliver(recipient, sender, selection);
        }
        else
        {
            recipient.Tell(message, sender);
        }
    }

    void IRemoteHost.Receive(Association association, SystemFrame frame)
    {
        if (frame.Target.Owner != RefOwner.Reader || Resolve(association, frame.Target) is not { } target)
        {
            return;
        }

        if (!_rights.MayName(association.Peer, frame.Other.Owner) || (frame.Type == SystemFrameType.Terminate && !_rights.IsTrusted(association.Peer)))
        {
            Refused(association.Peer!, $"{frame.Type} for {target}");
            return;
        }

        var address = association.Remote;
        switch (frame.Type)
        {
            case SystemFrameType.Watch when Resolve(association, frame.Other) is { } watcher:
                DeathWatch.Watched(address, target, watcher);
                target.SendSystemMessage(new Watch(target, watcher));
                break;
            case SystemFrameType.Unwatch when Resolve(association, frame.Other) is { } watcher:
                DeathWatch.NoLongerWatched(address, target, watcher);
                target.SendSystemMessage(new Unwatch(target, watcher));
                break;
            case SystemFrameType.Ended or SystemFrameType.NeverThere when Resolve(association, frame.Other) is { } ended:
                var known = TakeWatchee(association, ended.Path, target) ?? ended;
                target.SendSystemMessage(new DeathWatchNotification(known, frame.Type == SystemFrameType.Ended, addressTerminated: false));
                break;
            case SystemFrameType.Terminate:
                target.Stop();
                break;
        }

        UpdateWatches(address);
    }

    void IRemoteHost.AddressTerminated(Address address, string why)
    {
        _log.Info($"{address} is given up: {why}");
        AddressTerminated(address);
    }

    void IRemoteHost.Silent(Address address)
    {
        if (DeathWatch.IsJudgedElsewhere(address))
        {
            return;
        }

        // Akka.NET quarantines here as well. This engine doesn't: a peer that was only paused may go on, its watchers have been told.
        _log.Warning($"{address} has been silent for more than {_settings.WatchHeartbeat + _settings.WatchPause}: those who watch its actors are told that they are gone");
        AddressTerminated(address);
    }

    string? IRemoteHost.Refuse(PeerIdentity peer) => PeerPolicy(peer);

    private IInternalActorRef? TakeWatchee(Association association, ActorPath ended, IInternalActorRef watcher)
    {
        var found = DeathWatch.TakeWatchee(association.Remote, ended, watcher);
        for (var i = 0; found is null && i < association.Aliases.Count; i++)
        {
            found = DeathWatch.TakeWatchee(association.Aliases[i].Remote, ended, watcher);
        }

        return found;
    }

    /// <summary>The reference in a slot of the link's table; found once, and again when its actor is gone.</summary>
    private IInternalActorRef? Reference(Link link, Association association, int slot)
    {
        if (slot < 0)
        {
            return null;
        }

        var text = link.ReadRefs.Text(slot);
        if (!_rights.MayName(link.Peer, text.Owner))
        {
            Refused(link.Peer, $"a message in the name of {text.Path}");
            return null;
        }

        var known = link.ReadRefs.Resolved(slot);
        if (known is null || known.IsTerminated)
        {
            known = Resolve(association, text);
            link.ReadRefs.Resolve(slot, known);
        }

        return known;
    }

    private IInternalActorRef? Resolve(Association association, RefText text)
    {
        var parsed = text.Owner switch
        {
            RefOwner.Reader => ActorPath.TryParse(RootPath, text.Path, out var own) ? own : null,
            RefOwner.Writer => ActorPath.TryParse(new RootActorPath(association.Remote), text.Path, out var theirs) ? theirs : null,
            RefOwner.Third => ActorPath.TryParse(text.Path, out var third) ? third : null,
            _ => null,
        };

        return parsed is null
            ? text.Owner == RefOwner.None ? null : throw new FrameFormatException($"'{text.Path}' is no path of an actor")
            : (IInternalActorRef)ResolveActorRef(parsed);
    }

    /// <summary>Who asked and whose question can't be sent is told at once instead of waiting for the time-out.</summary>
    private static void Fail(in WaitingMessage message, Exception cause)
    {
        if (message.Sender is { } sender and not LocalActorRef && !sender.IsNobody() && sender is ILocalRef)
        {
            sender.Tell(new Status.Failure(cause), ActorRefs.NoSender);
        }
    }

    private void Refused(PeerIdentity peer, string what)
    {
        Interlocked.Increment(ref _refusedCount);
        LogRefusal($"{peer} may not send {what}; only the role '{_settings.TrustedRole}' may");
    }

    private void Refused(PeerIdentity peer, IInternalActorRef recipient, IActorRef? sender, InboundRefusal refusal)
    {
        Interlocked.Increment(ref _refusedCount);
        LogRefusal($"{peer}: {refusal.Why}");
        if (refusal.Answer is not null)
        {
            sender?.Tell(refusal.Answer, recipient);
        }
    }

    /// <summary>A selection that names one actor plainly is judged as what it carries; any other has no recipient.</summary>
    private static InboundMessage Inbound(PeerIdentity peer, IInternalActorRef recipient, object message) =>
        message is not ActorSelectionMessage selection ? new InboundMessage(peer, recipient.Path, message)
        : Array.TrueForAll(selection.Elements, e => e is SelectChildName) ? new InboundMessage(peer, recipient.Path / selection.Elements.Select(e => e.ToString()!), selection.Message)
        : new InboundMessage(peer, null, selection.Message);

    private void LogRefusal(string text) => _refusals.Say(text, SystemImpl.TimeProvider, () => _log.Warning(text));
}

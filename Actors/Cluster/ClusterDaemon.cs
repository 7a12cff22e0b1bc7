using System.Collections.Immutable;
using Actors.Core;
using Actors.Remoting;

namespace Actors.Clustering;

/// <summary>
/// The actor around a <see cref="JoinProcess"/> and then a <see cref="MemberProtocol"/>, at <c>/system/cluster</c>: gives them their
/// messages and their turns, and does what they ask for. It decides nothing itself.
/// </summary>
internal sealed partial class ClusterDaemon : UntypedActor
{
    private static readonly Type[] LinkEvents = [typeof(AssociatedEvent), typeof(DisassociatedEvent), typeof(ThisActorSystemQuarantinedEvent)];

    private readonly Cluster _cluster;
    private readonly ClusterActorRefProvider _provider;
    private readonly ActorSystemImpl _system;
    private readonly ILoggingAdapter _log;
    private readonly ClusterEventPublisher _publisher;
    private readonly List<Action> _onUp = [];
    private readonly Dictionary<Address, long> _linked = [];
    private JoinProcess? _joining;
    private MemberProtocol? _protocol;
    private TimeSpan _wakeAt = TimeSpan.MaxValue;
    private Cancelable? _alarm;
    private bool _stopping;

    public ClusterDaemon(Cluster cluster, ClusterActorRefProvider provider)
    {
        (_cluster, _provider, _system) = (cluster, provider, provider.SystemImpl);
        _log = Logging.GetLogger(_system, "cluster");
        _publisher = new ClusterEventPublisher(Self);
    }

    protected override void PreStart()
    {
        foreach (var type in LinkEvents)
        {
            _system.EventStream.Subscribe(Self, type);
        }
    }

    protected override void PostStop()
    {
        _system.EventStream.Unsubscribe(Self);
        _alarm?.Cancel();
        foreach (var address in _hearers.Keys)
        {
            _provider.Transport.StopHeartbeat(address);
        }

        _publisher.ShutDown();
        _cluster.HasStopped();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // What it knows died with it; a member that forgot who it is must not go on as if it were new.
        _log.Error(reason, $"the cluster's actor failed on {message}: {reason.Message}");
        EndSystemIfWanted();
        base.PreRestart(reason, message);
        Context.Stop(Self);
    }

    protected override void OnReceive(object message)
    {
        if (_stopping)
        {
            return;
        }

        switch (message)
        {
            case ClusterMail { Peer: { } peer } mail:
                Receive(mail.Message, peer);
                break;
            case WakeCommand:
                _wakeAt = TimeSpan.MaxValue;
                Wake();
                break;
            case AssociatedEvent e:
                LinkUp(e.RemoteAddress);
                break;
            case DisassociatedEvent e:
                LinkLost(e.RemoteAddress);
                break;
            case ThisActorSystemQuarantinedEvent e:
                _protocol?.QuarantinedBy(e.RemoteAddress);
                break;
            default:
                Obey(message);
                break;
        }

        SetAlarm();
    }

    private void Obey(object command)
    {
        switch (command)
        {
            case JoinCommand c:
                Join(c.SeedNodes);
                break;
            case LeaveCommand c when _protocol is not null:
                _protocol.Leave(c.Address);
                break;
            case DownCommand c when _protocol is not null:
                _protocol.Down(c.Address);
                break;
            case LeaveCommand or DownCommand:
                _log.Info("nothing to leave or to down: this system has not joined");
                break;
            case SubscribeCommand c:
                Context.Watch(c.Subscriber);
                _publisher.Subscribe(c.Subscriber, c.Mode, c.To);
                break;
            case UnsubscribeCommand c:
                _publisher.Unsubscribe(c.Subscriber, c.To);
                break;
            case Terminated t:
                _publisher.Unsubscribe(t.ActorRef, null);
                break;
            case OnUpCommand c:
                _onUp.Add(c.Callback);
                RunOnUp();
                break;
            case ExitingCompletedCommand when _protocol is not null:
                _protocol.ExitingCompleted();
                break;
            case StopCommand or ExitingCompletedCommand:
                StopSelf();
                break;
            default:
                Unhandled(command);
                break;
        }
    }

    private void Join(ImmutableArray<Address> seedNodes)
    {
        if (_protocol is not null)
        {
            _log.Info("is a member already: join ignored");
        }
        else if (seedNodes.IsEmpty)
        {
            _log.Error("no seed node to join");
        }
        else
        {
            _joining = new JoinProcess(_cluster.Settings, _cluster.SelfUniqueAddress, this, _system.Random, seedNodes);
        }
    }

    private void Receive(ClusterMessage message, ClusterPeer peer)
    {
        if (_protocol is not null)
        {
            _protocol.Receive(message, peer);
        }
        else if (_joining is not null)
        {
            Become(_joining.Receive(message, peer));
        }
        else if (message is InitJoin)
        {
            ((IClusterShell)this).Send(peer.Who.Address, new InitJoinNack(_cluster.SelfUniqueAddress, ""));
        }
    }

    private void Wake()
    {
        if (_protocol is not null)
        {
            _protocol.Wake();
        }
        else
        {
            Become(_joining?.Wake());
        }
    }

    private void Become(MemberProtocol? protocol)
    {
        if (protocol is not null)
        {
            _joining = null;
            _protocol = protocol;
            _cluster.Protocol = protocol;
            RunOnUp();
        }
    }

    private void LinkUp(Address address)
    {
        if (_provider.Transport.Uid(address) is { } uid)
        {
            _linked[address] = uid;
            _protocol?.LinkUp(new UniqueAddress(address, uid));
        }
    }

    private void LinkLost(Address address)
    {
        // A link that was replaced by a newer one is not lost.
        if (_linked.TryGetValue(address, out var uid)
            && (_provider.Transport.OpenLink(address) is not { IsLost: false } || _provider.Transport.Uid(address) != uid))
        {
            _linked.Remove(address);
            _protocol?.LinkLost(new UniqueAddress(address, uid));
        }
    }

    private void RunOnUp()
    {
        if (_cluster.View.SelfMember?.Status == MemberStatus.Up)
        {
            var callbacks = _onUp.ToArray();
            _onUp.Clear();
            foreach (var callback in callbacks)
            {
                _cluster.Run(callback);
            }
        }
    }

    private void SetAlarm()
    {
        var next = _stopping ? TimeSpan.MaxValue : _protocol?.NextWake ?? _joining?.NextWake ?? TimeSpan.MaxValue;
        if (next >= _wakeAt)
        {
            return;
        }

        _wakeAt = next;
        var delay = next - ((IClusterShell)this).Now;
        if (delay <= TimeSpan.Zero)
        {
            Self.Tell(WakeCommand.Instance, ActorRefs.NoSender);
            return;
        }

        _alarm?.Cancel();
        _alarm = new Cancelable(_system.Scheduler);
        _system.Scheduler.ScheduleTellOnce(delay, Self, WakeCommand.Instance, ActorRefs.NoSender, _alarm);
    }

    private void StopSelf()
    {
        _stopping = true;
        Context.Stop(Self);
    }

    private void EndSystemIfWanted()
    {
        if (_cluster.Settings.RunCoordinatedShutdownWhenDown)
        {
            _ = CoordinatedShutdown.Get(_system).Run(CoordinatedShutdown.ClusterDowningReason.Instance);
        }
    }

    internal sealed record JoinCommand(ImmutableArray<Address> SeedNodes);

    internal sealed record LeaveCommand(Address Address);

    internal sealed record DownCommand(Address Address);

    internal sealed record OnUpCommand(Action Callback);

    internal sealed record SubscribeCommand(IActorRef Subscriber, ClusterEvent.SubscriptionInitialStateMode Mode, ImmutableArray<Type> To);

    internal sealed record UnsubscribeCommand(IActorRef Subscriber, Type? To);

    internal sealed record ExitingCompletedCommand;

    internal sealed record StopCommand;

    private sealed class WakeCommand
    {
        public static readonly WakeCommand Instance = new();
    }
}

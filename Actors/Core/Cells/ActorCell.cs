namespace Actors.Core;

/// <summary>
/// What lives behind a reference: the mailbox, the actor's incarnation, its behaviour, its children. One thread at a time has its turn here.
/// Kept small, since there may be many: what most actors never need is in <see cref="CellExtras"/>.
/// </summary>
internal sealed partial class ActorCell : IUntypedActorContext, IThreadPoolWorkItem
{
    [ThreadStatic]
    private static ActorCell? t_current;

    private readonly LocalActorRef _self;
    private ActorBase? _actor;
    private Receive? _receive;
    private Stack<Receive?>? _behavioursBelow;
    private MailItem? _item;
    private CellExtras? _extras;
    private bool _constructing;

    internal ActorCell(ActorSystemImpl system, LocalActorRef self, Props props, IInternalActorRef supervisor)
    {
        SystemImpl = system;
        _self = self;
        Props = props;
        Supervisor = supervisor;
        if (props.Mailbox is { } mailbox)
        {
            _bound = BoundedMailbox.FromConfig(system.Settings.Config, mailbox);
        }
    }

    /// <summary>The cell whose turn it is on this thread.</summary>
    internal static ActorCell? Current => t_current;

    public IActorRef Self => _self;

    public Props Props { get; }

    public ActorSystem System => SystemImpl;

    public IActorRef Parent => Supervisor;

    public IActorRef Sender => _item?.Sender ?? SystemImpl.DeadLetters;

    public TimeSpan? ReceiveTimeout => _extras?.ReceiveTimeout?.Timeout;

    internal ActorSystemImpl SystemImpl { get; }

    internal IInternalActorRef Supervisor { get; }

    /// <summary>The message at work; null between messages.</summary>
    internal object? CurrentMessage => _item?.Message;

    internal MailItem? CurrentItem => _item;

    /// <summary>What a failed actor was working on, for the supervisor's log.</summary>
    internal Type? FailedMessageType => _extras?.FailedItem?.Message.GetType();

    internal ActorBase? Actor => _actor;

    internal IActorStash? Stashing { get; private set; }

    private CellExtras Extras => _extras ??= new CellExtras();

    /// <summary>Only for the test kit: the test is the sender of what it tells.</summary>
    internal static void SetCurrent(ActorCell? cell) => t_current = cell;

    internal static ActorCell CurrentOrThrow() =>
        t_current ?? throw new NotSupportedException("there is no active actor context here: use it only while the actor handles a message");

    /// <summary>Runs something as nobody, whatever runs on this thread.</summary>
    internal static void OutsideOfActors(Action action)
    {
        var before = t_current;
        t_current = null;
        try
        {
            action();
        }
        finally
        {
            t_current = before;
        }
    }

    /// <summary>The cell that is just making its actor; each <c>new</c> of an actor takes one.</summary>
    internal static ActorCell? TakeForConstruction()
    {
        var cell = t_current;
        if (cell is null || !cell._constructing)
        {
            return null;
        }

        cell._constructing = false;
        return cell;
    }

    public void Become(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        _receive = receive;
    }

    public void BecomeStacked(Receive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        (_behavioursBelow ??= new Stack<Receive?>()).Push(_receive);
        _receive = receive;
    }

    public void UnbecomeStacked() => _receive = _behavioursBelow is { Count: > 0 } below ? below.Pop() : null;

    public void Become(UntypedReceive receive) => Become(Untyped(receive));

    public void BecomeStacked(UntypedReceive receive) => BecomeStacked(Untyped(receive));

    public ActorSelection ActorSelection(ActorPath actorPath) => SystemImpl.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) =>
        ActorSelections.Parse(SystemImpl.Provider, _self, actorPath);

    public void Stop(IActorRef child)
    {
        NoteChildShallDie(child);
        ((IInternalActorRef)child).Stop();
    }

    /// <summary>This child is about to be stopped: a restart or stop of mine will wait for it.</summary>
    internal void NoteChildShallDie(IActorRef child)
    {
        if (_children is { } children && children.Contains(child))
        {
            children.ShallDie(child);
        }
    }

    private static Receive Untyped(UntypedReceive receive)
    {
        ArgumentNullException.ThrowIfNull(receive);
        return message =>
        {
            receive(message);
            return true;
        };
    }
}

/// <summary>What an actor has only if it asks for it.</summary>
internal sealed class CellExtras
{
    internal DeathWatch? DeathWatch;
    internal ReceiveTimeoutState? ReceiveTimeout;
    internal TimerScheduler? Timers;
    internal SupervisorStrategy? Strategy;
    internal Dictionary<IActorRef, RestartStatistics>? Restarts;

    /// <summary>The actor failed: by itself, by one of its children (escalated), or fatally (null perpetrator).</summary>
    internal bool HasFailed;
    internal IActorRef? Perpetrator;
    internal MailItem? FailedItem;
}

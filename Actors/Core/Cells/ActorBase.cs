namespace Actors.Core;

/// <summary>
/// An actor: it handles one message at a time, in the order of arrival. It exists only inside the engine;
/// others hold its <see cref="IActorRef"/>.
/// </summary>
public abstract class ActorBase
{
    private readonly ActorCell _cell;

    /// <summary>Called by the engine only.</summary>
    /// <exception cref="ActorInitializationException">Called with <c>new</c> outside of <see cref="Props"/>.</exception>
    protected ActorBase() =>
        _cell = ActorCell.TakeForConstruction()
            ?? throw new ActorInitializationException(
                $"do not create {GetType()} with 'new': use Context.ActorOf or ActorSystem.ActorOf with Props");

    /// <summary>Handles nothing.</summary>
    protected static Receive EmptyReceive { get; } = _ => false;

    /// <summary>What this actor knows of itself; only while it handles a message (also after an await in ReceiveAsync).</summary>
    /// <exception cref="NotSupportedException">Used outside of an actor.</exception>
    protected static IActorContext Context => ActorCell.CurrentOrThrow();

    /// <summary>This actor; may be used anywhere.</summary>
    protected IActorRef Self => _cell.Self;

    /// <summary>Who sent the message at work; dead letters if nobody.</summary>
    /// <exception cref="NotSupportedException">
    /// Used outside of this actor's turn: from another thread, or inside the function given to <see cref="Props"/>, which runs later. Copy it to a local variable first.
    /// </exception>
    protected IActorRef Sender => ReferenceEquals(ActorCell.Current, _cell) ? _cell.Sender : throw NotMyTurn();

    internal ActorCell Cell => _cell;

    internal Receive DefaultReceive() => Receive;

    internal SupervisorStrategy? MakeSupervisorStrategy() => SupervisorStrategy();

    private NotSupportedException NotMyTurn() => new(
        $"the sender is known only while {Self.Path} handles a message: copy it to a local variable for use in another thread, in a continuation or in Props");

    /// <summary>Seam: everything the actor receives goes through here; the default calls the behaviour and <see cref="Unhandled"/>.</summary>
    protected internal virtual bool AroundReceive(Receive receive, object message)
    {
        if (receive(message))
        {
            return true;
        }

        Unhandled(message);
        return false;
    }

    /// <summary>Seam around <see cref="PreStart"/>.</summary>
    public virtual void AroundPreStart() => PreStart();

    /// <summary>Seam around <see cref="PostStop"/>.</summary>
    public virtual void AroundPostStop() => PostStop();

    /// <summary>Seam around <see cref="PreRestart"/>.</summary>
    public virtual void AroundPreRestart(Exception cause, object message) => PreRestart(cause, message);

    /// <summary>Seam around <see cref="PostRestart"/>.</summary>
    public virtual void AroundPostRestart(Exception cause, object message) => PostRestart(cause);

    /// <summary>Handles a message; false means unhandled.</summary>
    protected abstract bool Receive(object message);

    /// <summary>Before the first message of the first incarnation, and by default of every one.</summary>
    protected virtual void PreStart()
    {
    }

    /// <summary>After the last message of the last incarnation, and by default of every one.</summary>
    protected virtual void PostStop()
    {
    }

    /// <summary>On the failed incarnation, before a new one takes over. By default stops the children and calls <see cref="PostStop"/>.</summary>
    /// <param name="reason">What it failed with.</param>
    /// <param name="message">The message at work, or null.</param>
    protected virtual void PreRestart(Exception reason, object message)
    {
        foreach (var child in _cell.GetChildren())
        {
            _cell.Unwatch(child);
            _cell.Stop(child);
        }

        PostStop();
    }

    /// <summary>On the new incarnation. By default calls <see cref="PreStart"/>.</summary>
    protected virtual void PostRestart(Exception reason) => PreStart();

    /// <summary>How failures of children are dealt with; asked once per incarnation.</summary>
    protected virtual SupervisorStrategy SupervisorStrategy() => Core.SupervisorStrategy.DefaultStrategy;

    /// <summary>Nobody handled the message. By default published as <see cref="UnhandledMessage"/>; an unhandled <see cref="Terminated"/> throws.</summary>
    /// <exception cref="DeathPactException">The message is <see cref="Terminated"/>.</exception>
    protected virtual void Unhandled(object message)
    {
        if (message is Terminated terminated)
        {
            throw new DeathPactException(terminated.ActorRef);
        }

        _cell.System.EventStream.Publish(new UnhandledMessage(message, Sender, Self));
    }

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(Receive receive) => _cell.Become(receive);

    /// <summary>Puts a behaviour on top.</summary>
    protected void BecomeStacked(Receive receive) => _cell.BecomeStacked(receive);

    /// <summary>Takes the top behaviour away.</summary>
    protected void UnbecomeStacked() => _cell.UnbecomeStacked();

    /// <summary>Sends <see cref="ReceiveTimeout"/> after this time without messages; null ends it.</summary>
    protected void SetReceiveTimeout(TimeSpan? timeout) => _cell.SetReceiveTimeout(timeout);
}

/// <summary>An actor with one method for all messages.</summary>
public abstract class UntypedActor : ActorBase
{
    /// <inheritdoc cref="ActorBase.Context"/>
    protected static new IUntypedActorContext Context => ActorCell.CurrentOrThrow();

    /// <summary>Runs a task inside the actor: no other message is handled until it ends.</summary>
    protected void RunTask(Action action) => RunTask(() =>
    {
        action();
        return Task.CompletedTask;
    });

    /// <summary>Runs a task inside the actor: no other message is handled until it ends.</summary>
    protected void RunTask(Func<Task> action) => Cell.RunTask(action);

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    /// <summary>Handles a message; call <see cref="ActorBase.Unhandled"/> for what you do not know.</summary>
    protected abstract void OnReceive(object message);

    /// <summary>Replaces the behaviour.</summary>
    protected void Become(UntypedReceive receive) => Cell.Become(receive);

    /// <summary>Puts a behaviour on top.</summary>
    protected void BecomeStacked(UntypedReceive receive) => Cell.BecomeStacked(receive);
}

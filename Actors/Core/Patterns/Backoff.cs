namespace Actors.Core;

/// <summary>Options of a supervisor that waits longer and longer before it starts its child again.</summary>
public static class Backoff
{
    /// <summary>The child is started again when it fails; when it stops by itself, so does the supervisor.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first wait; doubled each time.</param>
    /// <param name="maxBackoff">The longest wait.</param>
    /// <param name="randomFactor">0 to 1: up to this part of the wait is added at random, so that many do not come back at once.</param>
    /// <param name="maxNrOfRetries">Gives up after this many; -1 never.</param>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new BackoffPlan(childProps, childName, minBackoff, maxBackoff, randomFactor, onFailure: true).WithMaxNrOfRetries(maxNrOfRetries);

    /// <summary>The child is started again when it stops, for whatever reason.</summary>
    /// <param name="childProps">How to make the child.</param>
    /// <param name="childName">Its name.</param>
    /// <param name="minBackoff">The first wait; doubled each time.</param>
    /// <param name="maxBackoff">The longest wait.</param>
    /// <param name="randomFactor">0 to 1: up to this part of the wait is added at random, so that many do not come back at once.</param>
    /// <param name="maxNrOfRetries">Gives up after this many; -1 never.</param>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries = -1) =>
        new BackoffPlan(childProps, childName, minBackoff, maxBackoff, randomFactor, onFailure: false).WithMaxNrOfRetries(maxNrOfRetries);
}

/// <summary>Options of a <see cref="BackoffSupervisor"/>.</summary>
public abstract class BackoffOptions
{
    private protected BackoffOptions()
    {
    }

    /// <summary>The wait is short again when the child has lived this long; the default, with the shortest wait.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan resetBackoff);

    /// <summary>The wait is short again when the child sends <see cref="BackoffSupervisor.Reset"/> to its parent.</summary>
    public abstract BackoffOptions WithManualReset();

    /// <summary>How failures are judged.</summary>
    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>Every failure stops the child.</summary>
    public abstract BackoffOptions WithDefaultStoppingStrategy();

    /// <summary>The answer to messages while there is no child; else they become dead letters.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    /// <summary>Gives up after this many; -1 never.</summary>
    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);

    /// <summary>After such a message the child is not started again.</summary>
    public abstract BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage);

    internal abstract Props ToProps();
}

/// <summary>The options, checked when the supervisor is made.</summary>
internal sealed class BackoffPlan(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, bool onFailure)
    : BackoffOptions
{
    internal Props ChildProps => childProps;

    internal string ChildName => childName;

    internal bool OnFailure => onFailure;

    /// <summary>Null: only by hand.</summary>
    internal TimeSpan? ResetAfter { get; private set; } = minBackoff;

    internal OneForOneStrategy Strategy { get; private set; } = new(SupervisorStrategy.DefaultDecider);

    internal object? ReplyWhileStopped { get; private set; }

    internal Func<object, bool>? IsFinalStop { get; private set; }

    public override BackoffOptions WithAutoReset(TimeSpan resetBackoff) => With(p => p.ResetAfter = resetBackoff);

    public override BackoffOptions WithManualReset() => With(p => p.ResetAfter = null);

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => With(p => p.Strategy = supervisorStrategy);

    public override BackoffOptions WithDefaultStoppingStrategy() =>
        With(p => p.Strategy = new OneForOneStrategy(Strategy.MaxNumberOfRetries, null, _ => Directive.Stop));

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => With(p => p.ReplyWhileStopped = replyWhileStopped);

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => With(p => p.Strategy = Strategy.WithMaxNrOfRetries(maxNrOfRetries));

    public override BackoffOptions WithFinalStopMessage(Func<object, bool> isFinalStopMessage) => With(p => p.IsFinalStop = isFinalStopMessage);

    internal override Props ToProps()
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        if (randomFactor is not (>= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(randomFactor), randomFactor, "must be between 0 and 1");
        }

        return Props.Create(typeof(BackoffSupervisor), this);
    }

    /// <summary>The wait before the next start: the shortest doubled for each start before, at most the longest, and some more at random.</summary>
    internal TimeSpan Delay(int restarts, Random random)
    {
        var ticks = Math.Min(maxBackoff.Ticks, minBackoff.Ticks * Math.Pow(2, restarts)) * (1 + (random.NextDouble() * randomFactor));
        return ticks < long.MaxValue ? TimeSpan.FromTicks((long)ticks) : maxBackoff;
    }

    private BackoffPlan With(Action<BackoffPlan> change)
    {
        var copy = (BackoffPlan)MemberwiseClone();
        change(copy);
        return copy;
    }
}

/// <summary>Starts its one child again after waits that grow; passes all other messages on to it, and its messages on to the parent.</summary>
public sealed class BackoffSupervisor : ActorBase
{
    private readonly BackoffPlan _plan;
    private IActorRef? _child;
    private int _restarts;
    private bool _failed;
    private bool _finalStop;

    /// <summary>Made by the engine.</summary>
    public BackoffSupervisor(BackoffOptions options) => _plan = (BackoffPlan)options;

    /// <summary>Its props.</summary>
    public static Props Props(BackoffOptions options) => options.ToProps();

    /// <summary>Its props, for a child that is started again whenever it stops.</summary>
    public static Props Props(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor) =>
        Props(Backoff.OnStop(childProps, childName, minBackoff, maxBackoff, randomFactor));

    /// <inheritdoc/>
    protected override void PreStart() => Start();

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() =>
        _plan.OnFailure ? new OneForOneStrategy(null, null, OnChildFailure) : _plan.Strategy;

    /// <inheritdoc/>
    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Terminated ended when ended.ActorRef.Equals(_child):
                OnChildStopped();
                break;
            case StartChild:
                Start();
                if (_plan.ResetAfter is { } quiet)
                {
                    Later(quiet, new ResetRestartCount(_restarts));
                }

                break;
            case Reset when _plan.ResetAfter is null:
                _restarts = 0;
                break;
            case Reset:
                Unhandled(message);
                break;
            case ResetRestartCount seen:
                _restarts = seen.Current == _restarts ? 0 : _restarts;
                break;
            case GetRestartCount:
                Sender.Tell(new RestartCount(_restarts));
                break;
            case GetCurrentChild:
                Sender.Tell(new CurrentChild(_child!));
                break;
            default:
                PassOn(message);
                break;
        }

        return true;
    }

    private void PassOn(object message)
    {
        if (_child is null)
        {
            if (_plan.ReplyWhileStopped is { } reply)
            {
                Sender.Tell(reply);
            }
            else
            {
                Context.System.DeadLetters.Forward(message);
            }

            if (_plan.IsFinalStop?.Invoke(message) == true)
            {
                Context.Stop(Self);
            }
        }
        else if (_child.Equals(Sender))
        {
            Context.Parent.Tell(message);
        }
        else
        {
            _child.Forward(message);
            _finalStop = _finalStop || _plan.IsFinalStop?.Invoke(message) == true;
        }
    }

    private Directive OnChildFailure(Exception cause)
    {
        var directive = _plan.Strategy.Decide(cause);
        if (directive != Directive.Restart)
        {
            return directive;
        }

        if (_plan.Strategy.WithinTimeRange is { } window && _restarts == 0)
        {
            Later(window, new ResetRestartCount(_restarts));
        }

        _failed = true;
        return Directive.Stop;
    }

    private void OnChildStopped()
    {
        _child = null;
        var goOn = !_finalStop && (_failed || !_plan.OnFailure);
        var limit = _plan.Strategy.MaxNumberOfRetries;
        if (!goOn || (limit >= 0 && _restarts + 1 > limit))
        {
            Context.Stop(Self);
            return;
        }

        _failed = false;
        Later(_plan.Delay(_restarts, Cell.SystemImpl.Random), StartChild.Instance);
        _restarts++;
    }

    private void Start() => _child ??= Context.Watch(Context.ActorOf(_plan.ChildProps, _plan.ChildName));

    private void Later(TimeSpan delay, object message) => Context.System.Scheduler.ScheduleTellOnce(delay, Self, message, Self);

    /// <summary>Asks for the child; answered with <see cref="CurrentChild"/>.</summary>
    public sealed class GetCurrentChild
    {
        /// <summary>The only one.</summary>
        public static readonly GetCurrentChild Instance = new();
    }

    /// <summary>The child, or null while it waits to be started.</summary>
    public sealed class CurrentChild(IActorRef @ref)
    {
        /// <summary>The child, or null.</summary>
        public IActorRef Ref { get; } = @ref;
    }

    /// <summary>The next wait is short again; only with WithManualReset.</summary>
    public sealed class Reset
    {
        /// <summary>The only one.</summary>
        public static readonly Reset Instance = new();
    }

    /// <summary>Asks for the restarts counted; answered with <see cref="RestartCount"/>.</summary>
    public sealed class GetRestartCount
    {
        /// <summary>The only one.</summary>
        public static readonly GetRestartCount Instance = new();
    }

    /// <summary>How many restarts have been counted since the last reset.</summary>
    public sealed class RestartCount(int count)
    {
        /// <summary>How many.</summary>
        public int Count { get; } = count;
    }

    private sealed class StartChild : IDeadLetterSuppression
    {
        internal static readonly StartChild Instance = new();
    }

    private sealed class ResetRestartCount(int current) : IDeadLetterSuppression
    {
        internal int Current { get; } = current;
    }
}

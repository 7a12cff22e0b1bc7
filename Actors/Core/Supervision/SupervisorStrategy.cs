namespace Actors.Core;

/// <summary>What a supervisor does with a failed child.</summary>
public enum Directive
{
    /// <summary>Go on with the next message, state kept.</summary>
    Resume,

    /// <summary>A new incarnation goes on with the next message.</summary>
    Restart,

    /// <summary>Fail myself with it.</summary>
    Escalate,

    /// <summary>Stop it.</summary>
    Stop,
}

/// <summary>Decides by the exception.</summary>
public interface IDecider
{
    /// <summary>The directive for this failure.</summary>
    Directive Decide(Exception cause);
}

/// <summary>A decider made of a function.</summary>
public class LocalOnlyDecider(Func<Exception, Directive> decider) : IDecider
{
    /// <inheritdoc/>
    public Directive Decide(Exception cause) => decider(cause);
}

/// <summary>Makes deciders.</summary>
public static class Decider
{
    /// <summary>From a function.</summary>
    public static LocalOnlyDecider From(Func<Exception, Directive> localOnlyDecider) => new(localOnlyDecider);
}

/// <summary>How an actor deals with failures of its children.</summary>
public abstract class SupervisorStrategy
{
    /// <summary>Restarts; stops what could not be made, was killed, or died with another.</summary>
    public static readonly IDecider DefaultDecider = new LocalOnlyDecider(cause => cause switch
    {
        ActorInitializationException or ActorKilledException or DeathPactException => Directive.Stop,
        _ => Directive.Restart,
    });

    /// <summary>One for one, <see cref="DefaultDecider"/>, without limit.</summary>
    public static readonly SupervisorStrategy DefaultStrategy = new OneForOneStrategy(DefaultDecider);

    /// <summary>One for one, always stops.</summary>
    public static readonly SupervisorStrategy StoppingStrategy = new OneForOneStrategy(_ => Directive.Stop);

    private protected SupervisorStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider, bool loggingEnabled)
    {
        MaxRetries = maxNrOfRetries is null or < 0 ? -1 : maxNrOfRetries.Value;
        Window = withinTimeRange is { } window && window > TimeSpan.Zero && window != TimeSpan.MaxValue ? window : null;
        Decider = decider;
        LoggingEnabled = loggingEnabled;
    }

    /// <summary>Decides by the exception.</summary>
    public IDecider Decider { get; }

    internal bool LoggingEnabled { get; }

    private protected int MaxRetries { get; }

    private protected TimeSpan? Window { get; }

    internal Directive Decide(Exception cause) => Decider.Decide(cause);

    /// <summary>Carries the decision out; false means it is to be escalated.</summary>
    internal bool HandleFailure(ActorCell supervisor, IInternalActorRef child, Exception cause)
    {
        var directive = Decide(cause);
        if (LoggingEnabled)
        {
            LogFailure(supervisor, child, cause, directive);
        }

        switch (directive)
        {
            case Directive.Resume:
                child.Resume(cause);
                return true;
            case Directive.Restart:
                ProcessFailure(supervisor, restart: true, child, cause);
                return true;
            case Directive.Stop:
                ProcessFailure(supervisor, restart: false, child, cause);
                return true;
            default:
                return false;
        }
    }

    private protected abstract void ProcessFailure(ActorCell supervisor, bool restart, IInternalActorRef child, Exception cause);

    private static void LogFailure(ActorCell supervisor, IInternalActorRef child, Exception cause, Directive directive)
    {
        if (directive == Directive.Escalate)
        {
            return;
        }

        var at = (child as LocalActorRef)?.Cell.FailedMessageType;
        var shown = cause is ActorInitializationException { InnerException: { } inner } ? inner : cause;
        var message = at is null
            ? new LogMessage(DefaultLogMessageFormatter.Instance, "{0}: {1}", child.Path, shown.Message)
            : new LogMessage(DefaultLogMessageFormatter.Instance, "{0} failed at {1}: {2}", child.Path, at.Name, shown.Message);
        LogEvent entry = directive == Directive.Resume
            ? new Warning(cause, child.Path.ToString(), typeof(SupervisorStrategy), message)
            : new Error(cause, child.Path.ToString(), typeof(SupervisorStrategy), message);
        supervisor.SystemImpl.PublishLog(entry);
    }
}

/// <summary>Applies the directive to the failed child only.</summary>
public class OneForOneStrategy : SupervisorStrategy
{
    /// <summary>At most this many restarts in this time (null or -1: without limit), decided so.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : this(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider))
    {
    }

    /// <summary>At most this many restarts in this time (null or -1: without limit), decided so.</summary>
    public OneForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, IDecider decider)
        : base(maxNrOfRetries, withinTimeRange, decider, loggingEnabled: true)
    {
    }

    /// <summary>At most this many restarts in so many milliseconds (-1: without limit), decided so.</summary>
    public OneForOneStrategy(int maxNrOfRetries, int withinTimeMilliseconds, Func<Exception, Directive> localOnlyDecider, bool loggingEnabled = true)
        : base(maxNrOfRetries, withinTimeMilliseconds < 0 ? null : TimeSpan.FromMilliseconds(withinTimeMilliseconds), new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Without limit, decided so.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    /// <summary>Without limit, decided so.</summary>
    public OneForOneStrategy(Func<Exception, Directive> localOnlyDecider, bool loggingEnabled)
        : base(null, null, new LocalOnlyDecider(localOnlyDecider), loggingEnabled)
    {
    }

    /// <summary>Without limit, decided so.</summary>
    public OneForOneStrategy(IDecider decider)
        : this(null, null, decider)
    {
    }

    /// <summary>At most this many restarts; -1 without limit.</summary>
    public int MaxNumberOfRetries => MaxRetries;

    internal TimeSpan? WithinTimeRange => Window;

    /// <summary>The same with another number of restarts.</summary>
    public OneForOneStrategy WithMaxNrOfRetries(int maxNrOfRetries) => new(maxNrOfRetries, Window, Decider);

    private protected override void ProcessFailure(ActorCell supervisor, bool restart, IInternalActorRef child, Exception cause)
    {
        if (restart && supervisor.RestartPermitted(child, MaxRetries, Window))
        {
            child.Restart(cause);
        }
        else
        {
            supervisor.Stop(child);
        }
    }
}

/// <summary>Applies the directive to all children.</summary>
public class AllForOneStrategy : SupervisorStrategy
{
    /// <summary>At most this many restarts in this time (null or -1: without limit), decided so.</summary>
    public AllForOneStrategy(int? maxNrOfRetries, TimeSpan? withinTimeRange, Func<Exception, Directive> localOnlyDecider)
        : base(maxNrOfRetries, withinTimeRange, new LocalOnlyDecider(localOnlyDecider), loggingEnabled: true)
    {
    }

    /// <summary>Without limit, decided so.</summary>
    public AllForOneStrategy(Func<Exception, Directive> localOnlyDecider)
        : this(null, null, localOnlyDecider)
    {
    }

    private protected override void ProcessFailure(ActorCell supervisor, bool restart, IInternalActorRef child, Exception cause)
    {
        var all = supervisor.GetChildren().Cast<IInternalActorRef>().ToList();
        if (restart && all.TrueForAll(c => supervisor.RestartPermitted(c, MaxRetries, Window)))
        {
            // Those that did not fail are suspended first, as the failed one already is.
            foreach (var c in all)
            {
                if (!c.Equals(child))
                {
                    c.Suspend();
                }

                c.Restart(cause);
            }
        }
        else
        {
            all.ForEach(supervisor.Stop);
        }
    }
}

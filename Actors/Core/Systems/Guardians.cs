namespace Actors.Core;

/// <summary>How the guardians deal with failures.</summary>
internal static class GuardianStrategies
{
    /// <summary>A guardian that failed ends, and with it the system.</summary>
    internal static SupervisorStrategy Root { get; } = new OneForOneStrategy(_ => Directive.Stop, loggingEnabled: true);

    internal static SupervisorStrategy System { get; } = new OneForOneStrategy(SupervisorStrategy.DefaultDecider);

    /// <summary><c>akka.actor.guardian-supervisor-strategy</c>.</summary>
    internal static SupervisorStrategy User(ActorSystemImpl system)
    {
        var name = system.Settings.Config.GetString("akka.actor.guardian-supervisor-strategy") ?? "";
        return name.Contains("StoppingSupervisorStrategy", StringComparison.Ordinal)
            ? SupervisorStrategy.StoppingStrategy
            : SupervisorStrategy.DefaultStrategy;
    }
}

/// <summary><c>/</c>: ends <c>/system</c> after <c>/user</c>, and then itself.</summary>
internal sealed class RootGuardianActor : UntypedActor
{
    protected override void PreStart()
    {
        foreach (var guardian in Context.GetChildren())
        {
            Context.Watch(guardian);
        }
    }

    protected override void OnReceive(object message)
    {
        if (message is Terminated ended)
        {
            Context.Stop(ended.ActorRef.Path.Name == "user" ? Context.Child("system") : Self);
        }
        else
        {
            Context.System.DeadLetters.Tell(message, Sender);
        }
    }

    protected override void PostStop() => ((ActorSystemImpl)Context.System).RootTerminated();
}

/// <summary><c>/user</c>.</summary>
internal sealed class UserGuardianActor : UntypedActor
{
    protected override void OnReceive(object message) => Context.System.DeadLetters.Tell(message, Sender);

    // Its children live on if it is restarted.
    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary><c>/system</c>.</summary>
internal sealed class SystemGuardianActor : UntypedActor
{
    protected override void OnReceive(object message) => Context.System.DeadLetters.Tell(message, Sender);

    protected override void PreRestart(Exception reason, object message)
    {
    }
}

/// <summary>What the engine counts, for whoever wants to look.</summary>
internal sealed class EngineCounters
{
    private long _deadLetters;
    private long _restarts;

    internal long DeadLetters => Interlocked.Read(ref _deadLetters);

    internal long Restarts => Interlocked.Read(ref _restarts);

    internal void CountDeadLetter() => Interlocked.Increment(ref _deadLetters);

    internal void CountRestart() => Interlocked.Increment(ref _restarts);
}

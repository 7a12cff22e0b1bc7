namespace EngineTests.Conformance;

/// <summary>Do this inside the actor, with its context.</summary>
public sealed record Run(Action<IActorContext> Action);

/// <summary>Throw this.</summary>
public sealed record Throw(Exception Exception);

/// <summary>Reports its life to a target, and runs what it is told; everything else goes back to the sender.</summary>
public class LifeReporter : UntypedActor
{
    private readonly IActorRef _target;
    private readonly string _name;

    public LifeReporter(IActorRef target, string name)
    {
        _target = target;
        _name = name;
        _target.Tell($"{_name} constructed");
    }

    protected override void PreStart()
    {
        _target.Tell($"{_name} PreStart");
        base.PreStart();
    }

    protected override void PostStop()
    {
        _target.Tell($"{_name} PostStop");
        base.PostStop();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        _target.Tell($"{_name} PreRestart {reason.Message} at {message}");
        base.PreRestart(reason, message);
    }

    protected override void PostRestart(Exception reason)
    {
        _target.Tell($"{_name} PostRestart {reason.Message}");
        base.PostRestart(reason);
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run run:
                run.Action(Context);
                break;
            case Throw failure:
                throw failure.Exception;
            case "throw":
                throw new InvalidOperationException("boom");
            default:
                Sender.Tell(message);
                break;
        }
    }
}

/// <summary>Somebody's end was told (Terminated itself cannot be handed on: only who watches receives it).</summary>
public sealed record Ended(IActorRef Who, bool ExistenceConfirmed);

/// <summary>Runs what it is told, and hands every other message to a target.</summary>
public class Doer : UntypedActor
{
    private readonly IActorRef _target;

    public Doer(IActorRef target) => _target = target;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Run run:
                run.Action(Context);
                break;
            case Throw failure:
                throw failure.Exception;
            case Terminated terminated:
                _target.Forward(new Ended(terminated.ActorRef, terminated.ExistenceConfirmed));
                break;
            default:
                _target.Forward(message);
                break;
        }
    }
}

/// <summary>A parent with a strategy; makes children when told props, and hands every other message to a target.</summary>
public class Supervisor : UntypedActor
{
    private readonly IActorRef _target;
    private readonly SupervisorStrategy _strategy;

    public Supervisor(IActorRef target, SupervisorStrategy strategy)
    {
        _target = target;
        _strategy = strategy;
    }

    protected override SupervisorStrategy SupervisorStrategy() => _strategy;

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Props props:
                Sender.Tell(Context.ActorOf(props));
                break;
            case Run run:
                run.Action(Context);
                break;
            default:
                _target.Forward(message);
                break;
        }
    }
}

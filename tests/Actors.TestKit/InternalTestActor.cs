namespace Actors.TestKit;

/// <summary>What a probe does with a message beside keeping it; gives the pilot for the next one.</summary>
public abstract class AutoPilot
{
    public static KeepRunning KeepRunning => KeepRunning.Instance;

    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    public abstract AutoPilot Run(IActorRef sender, object message);
}

public sealed class KeepRunning : AutoPilot
{
    public static readonly KeepRunning Instance = new();

    public override AutoPilot Run(IActorRef sender, object message) => throw new InvalidOperationException("must not be called");
}

public sealed class NoAutoPilot : AutoPilot
{
    public static readonly NoAutoPilot Instance = new();

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

public sealed class DelegateAutoPilot(AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}

/// <summary>The actor behind a test kit or probe: keeps what it receives for the test.</summary>
internal sealed class InternalTestActor(Inbox inbox) : ActorBase
{
    private AutoPilot? _pilot;
    private Func<object, bool>? _ignore;

    protected override bool Receive(object message)
    {
        switch (message)
        {
            case Command command:
                command.Run(this);
                return true;
            default:
                RunPilot(message);
                if (_ignore?.Invoke(message) != true)
                {
                    inbox.Add(new RealMessageEnvelope(message, Sender));
                }

                return true;
        }
    }

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Restart, loggingEnabled: false);

    private void RunPilot(object message)
    {
        if (_pilot is not null)
        {
            var next = _pilot.Run(Sender, message);
            _pilot = next is KeepRunning ? _pilot : next is NoAutoPilot ? null : next;
        }
    }

    /// <summary>Something that the test wants done inside the actor.</summary>
    internal sealed class Command(Func<InternalTestActor, object?> action) : INoSerializationVerificationNeeded
    {
        private readonly TaskCompletionSource<object?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal Task<object?> Done => _done.Task;

        internal static Command SetPilot(AutoPilot pilot) => new(a => a._pilot = pilot is NoAutoPilot ? null : pilot);

        internal static Command SetIgnore(Func<object, bool>? ignore) => new(a => a._ignore = ignore);

        internal static Command Watch(IActorRef actor) => new(_ => Context.Watch(actor));

        internal static Command Unwatch(IActorRef actor) => new(_ => Context.Unwatch(actor));

        internal static Command Spawn(Props props, string? name) => new(_ => Context.ActorOf(props, name));

        internal void Run(InternalTestActor actor)
        {
            try
            {
                _done.TrySetResult(action(actor));
            }
            catch (Exception e)
            {
                _done.TrySetException(e);
            }
        }
    }
}

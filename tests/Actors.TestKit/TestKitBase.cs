using Xunit.Sdk;

namespace Actors.TestKit;

/// <summary>A test's own actor, with the means to wait for what it receives. Like Akka.NET's class of this name.</summary>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static int s_number;

    private readonly Inbox _inbox = new();
    private MessageEnvelope? _last;

    private protected TestKitBase(ActorSystem system, string? testActorName)
    {
        Sys = system;
        TestKitSettings = new TestKitSettings(system.Settings.Config);
        var name = testActorName ?? $"testActor{Interlocked.Increment(ref s_number)}";
        TestActor = ((ExtendedActorSystem)system).SystemActorOf(Props.Create<InternalTestActor>(_inbox), name);
    }

    public ActorSystem Sys { get; }

    public TestKitSettings TestKitSettings { get; }

    public IActorRef TestActor { get; }

    public ILoggingAdapter Log => Sys.Log;

    public bool HasMessages => _inbox.Count > 0;

    public object? LastMessage => _last?.Message;

    public IActorRef LastSender => _last?.Sender ?? ActorRefs.NoSender;

    internal LocalActorRef TestActorRef => (LocalActorRef)TestActor;

    public IActorRef ActorOf(Props props) => Sys.ActorOf(props);

    public IActorRef ActorOf(Props props, string? name) => Sys.ActorOf(props, name);

    public IActorRef ActorOf<TActor>()
        where TActor : ActorBase, new() => Sys.ActorOf<TActor>();

    public IActorRef ActorOf<TActor>(string name)
        where TActor : ActorBase, new() => Sys.ActorOf<TActor>(name);

#if STRICT_API
    public IActorRef ActorOf<TActor>(System.Linq.Expressions.Expression<Func<TActor>> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(System.Linq.Expressions.Expression<Func<TActor>> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);
#else
    public IActorRef ActorOf<TActor>(Func<TActor> factory)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory));

    public IActorRef ActorOf<TActor>(Func<TActor> factory, string name)
        where TActor : ActorBase => Sys.ActorOf(Props.Create(factory), name);
#endif

    public ActorSelection ActorSelection(ActorPath actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(string actorPath) => Sys.ActorSelection(actorPath);

    public ActorSelection ActorSelection(IActorRef anchorRef, string actorPath) => Sys.ActorSelection(anchorRef, actorPath);

    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) => new(system, name);

    /// <summary>Starts an actor as a child of the test actor, which restarts it when it fails.</summary>
    public IActorRef ChildActorOf(Props props, string? name = null, CancellationToken cancellationToken = default) =>
        (IActorRef)Do(InternalTestActor.Command.Spawn(props, name))!;

    public IActorRef Watch(IActorRef actorToWatch)
    {
        Do(InternalTestActor.Command.Watch(actorToWatch));
        return actorToWatch;
    }

    public async Task<IActorRef> WatchAsync(IActorRef actorToWatch)
    {
        await DoAsync(InternalTestActor.Command.Watch(actorToWatch));
        return actorToWatch;
    }

    public IActorRef Unwatch(IActorRef actorToUnwatch)
    {
        Do(InternalTestActor.Command.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    public async Task<IActorRef> UnwatchAsync(IActorRef actorToUnwatch)
    {
        await DoAsync(InternalTestActor.Command.Unwatch(actorToUnwatch));
        return actorToUnwatch;
    }

    public void SetAutoPilot(AutoPilot pilot) => Do(InternalTestActor.Command.SetPilot(pilot));

    public void IgnoreMessages(Func<object, bool> shouldIgnoreMessage) => Do(InternalTestActor.Command.SetIgnore(shouldIgnoreMessage));

    public void IgnoreMessages<TMsg>(Func<TMsg, bool> shouldIgnoreMessage) => IgnoreMessages(m => m is TMsg typed && shouldIgnoreMessage(typed));

    public void IgnoreMessages<TMsg>() => IgnoreMessages(m => m is TMsg);

    public void IgnoreNoMessages() => Do(InternalTestActor.Command.SetIgnore(null));

    public TimeSpan Dilated(TimeSpan duration) => duration * TestKitSettings.TestTimeFactor;

    /// <summary>Ends the system and waits for its end.</summary>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) => Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null, bool verifySystemShutdown = false)
    {
        var ended = system.Terminate().Wait(duration ?? Dilated(TimeSpan.FromSeconds(10)));
        if (!ended && verifySystemShutdown)
        {
            throw new TimeoutException($"actor system {system.Name} did not terminate");
        }
    }

    private protected static void Fail(string message) => throw new XunitException(message);

    private object? Do(InternalTestActor.Command command)
    {
        TestActor.Tell(command, ActorRefs.NoSender);
        return command.Done.WaitAsync(TimeSpan.FromSeconds(30)).GetAwaiter().GetResult();
    }

    private Task<object?> DoAsync(InternalTestActor.Command command)
    {
        TestActor.Tell(command, ActorRefs.NoSender);
        return command.Done.WaitAsync(TimeSpan.FromSeconds(30));
    }
}

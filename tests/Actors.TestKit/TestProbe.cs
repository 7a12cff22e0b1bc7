namespace Actors.TestKit;

/// <summary>A further test actor; can be used wherever a reference can.</summary>
public class TestProbe : TestKitBase, IInternalActorRef
{
    public TestProbe(ActorSystem system, string? testProbeName = null)
        : base(system, testProbeName)
    {
    }

    public IActorRef Ref => TestActor;

    /// <summary>Who sent the last message.</summary>
    public IActorRef Sender => LastSender;

    ActorPath IActorRef.Path => TestActor.Path;

    IInternalActorRef IInternalActorRef.Parent => TestActorRef.Parent;

    IActorRefProvider IInternalActorRef.Provider => TestActorRef.Provider;

    bool IInternalActorRef.IsTerminated => TestActorRef.IsTerminated;

    bool IInternalActorRef.IsLocal => true;

    /// <summary>Sends with the probe as sender.</summary>
    public void Send(IActorRef actor, object message) => actor.Tell(message, TestActor);

    /// <summary>Sends to whoever sent the last message.</summary>
    public void Reply(object message) => Sender.Tell(message, TestActor);

    /// <summary>Sends the last message on with its sender.</summary>
    public void Forward(IActorRef actor) => actor.Tell(LastMessage!, Sender);

    /// <summary>Sends a message on with the sender of the last one.</summary>
    public void Forward(IActorRef actor, object message) => actor.Tell(message, Sender);

    void ICanTell.Tell(object message, IActorRef? sender) => TestActor.Tell(message, sender);

    public bool Equals(IActorRef? other) => TestActor.Equals(other);

    public int CompareTo(IActorRef? other) => TestActor.CompareTo(other);

    public int CompareTo(object? obj) => TestActor.CompareTo(obj);

    public override bool Equals(object? obj) => TestActor.Equals(obj);

    public override int GetHashCode() => TestActor.GetHashCode();

    public override string ToString() => TestActor.ToString()!;

    IActorRef IInternalActorRef.GetChild(ReadOnlySpan<string> name) => TestActorRef.GetChild(name);

    void IInternalActorRef.Start()
    {
    }

    void IInternalActorRef.Stop() => TestActorRef.Stop();

    void IInternalActorRef.Suspend() => TestActorRef.Suspend();

    void IInternalActorRef.Resume(Exception? causedByFailure) => TestActorRef.Resume(causedByFailure);

    void IInternalActorRef.Restart(Exception cause) => TestActorRef.Restart(cause);

    void IInternalActorRef.SendSystemMessage(SystemMessage message) => TestActorRef.SendSystemMessage(message);
}

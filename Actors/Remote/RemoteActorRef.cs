using Actors.Core;

namespace Actors.Remoting;

/// <summary>A handle to an actor of another system. It is never known here whether that actor still lives: only death watch tells.</summary>
internal sealed class RemoteActorRef(RemoteActorRefProvider provider, Association association, ActorPath path) : InternalActorRefBase
{
    public override ActorPath Path { get; } = path;

    /// <summary>The system it lives in.</summary>
    public Association Association => association;

    public override IInternalActorRef Parent => Path.Depth == 0 ? Nobody.Instance : new RemoteActorRef(provider, association, Path.Parent);

    public override IActorRefProvider Provider => provider;

    public override bool IsTerminated => false;

    public override bool IsLocal => false;

    /// <summary>Ordered per pair of sender and receiver: a sender's messages are appended to the link one after the other.</summary>
    public override void TellInternal(object message, IActorRef? sender) =>
        provider.Transport.Send(association, new WaitingMessage(message, this, sender));

    public override IActorRef GetChild(ReadOnlySpan<string> name)
    {
        var path = Path;
        foreach (var element in name)
        {
            path = element switch
            {
                "" => path,
                ".." => path.Depth == 0 ? path : path.Parent,
                _ => path / element,
            };
        }

        return ReferenceEquals(path, Path) ? this : new RemoteActorRef(provider, association, path);
    }

    public override void Start()
    {
    }

    public override void Stop() => SendSystemMessage(new Terminate());

    public override void Suspend()
    {
    }

    public override void Resume(Exception? causedByFailure)
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void SendSystemMessage(SystemMessage message) => provider.SendSystem(this, message);
}

namespace Actors.Core;

/// <summary>The handle to an actor of this process.</summary>
internal sealed class LocalActorRef : InternalActorRefBase, ILocalRef
{
    private LocalActorRef(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path)
    {
        Path = path;
        Cell = new ActorCell(system, this, props, supervisor);
    }

    public override ActorPath Path { get; }

    public override IInternalActorRef Parent => Cell.Supervisor;

    public override IActorRefProvider Provider => Cell.SystemImpl.Provider;

    public override bool IsTerminated => Cell.IsTerminated;

    internal ActorCell Cell { get; }

    public override void TellInternal(object message, IActorRef? sender) => Cell.Post(message, sender);

    public override void SendSystemMessage(SystemMessage message) => Cell.SendSystemMessage(message);

    public override void Start() => Cell.Start();

    public override void Stop() => Cell.SendSystemMessage(new Terminate());

    public override void Suspend() => Cell.SendSystemMessage(new Suspend());

    public override void Resume(Exception? causedByFailure) => Cell.SendSystemMessage(new Resume(causedByFailure));

    public override void Restart(Exception cause) => Cell.SendSystemMessage(new Recreate(cause));

    public override IActorRef GetChild(ReadOnlySpan<string> name)
    {
        IInternalActorRef current = this;
        for (var i = 0; i < name.Length; i++)
        {
            switch (name[i])
            {
                case "":
                    continue;
                case "..":
                    current = current.Parent;
                    break;
                default:
                    if (current is not LocalActorRef local)
                    {
                        return current.GetChild(name[i..]);
                    }

                    current = local.Cell.SingleChild(name[i]);
                    break;
            }

            if (current is Nobody)
            {
                return current;
            }
        }

        return current;
    }

    /// <summary>Makes the actor's cell; nothing happens until <see cref="Start"/>.</summary>
    internal static LocalActorRef Create(ActorSystemImpl system, Props props, IInternalActorRef supervisor, ActorPath path) =>
        new(system, props, supervisor, path);
}

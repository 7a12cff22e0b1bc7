namespace Actors.Core;

/// <summary>
/// What the engine needs of every reference beside telling. Seam: remoting derives its references from
/// <see cref="InternalActorRefBase"/>; system messages sent to them must arrive reliably or the peer be quarantined.
/// </summary>
internal interface IInternalActorRef : IActorRef
{
    IInternalActorRef Parent { get; }

    IActorRefProvider Provider { get; }

    bool IsTerminated { get; }

    bool IsLocal { get; }

    /// <summary>The descendant of these names (<c>..</c> goes up, <c>name#uid</c> wants that incarnation), or Nobody.</summary>
    IActorRef GetChild(ReadOnlySpan<string> name);

    void Start();

    void Stop();

    void Suspend();

    void Resume(Exception? causedByFailure);

    void Restart(Exception cause);

    /// <summary>Goes before user messages and is processed even while the actor is suspended.</summary>
    void SendSystemMessage(SystemMessage message);
}

/// <summary>Base of all references; equality is path and incarnation.</summary>
internal abstract class InternalActorRefBase : IInternalActorRef
{
    public abstract ActorPath Path { get; }

    public abstract IInternalActorRef Parent { get; }

    public abstract IActorRefProvider Provider { get; }

    public abstract bool IsTerminated { get; }

    public virtual bool IsLocal => true;

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        TellInternal(message, sender);
    }

    public override string ToString() => $"[{Path.ToStringWithUid()}]";

    public bool Equals(IActorRef? other) =>
        ReferenceEquals(this, other) || (other is not null && Path.Uid == other.Path.Uid && Path.Equals(other.Path));

    public override bool Equals(object? obj) => Equals(obj as IActorRef);

    public override int GetHashCode() => Path.Uid != ActorPath.UndefinedUid ? Path.Uid.GetHashCode() : Path.GetHashCode();

    public int CompareTo(IActorRef? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Path.CompareTo(other.Path);
        return order != 0 ? order : Path.Uid.CompareTo(other.Path.Uid);
    }

    int IComparable.CompareTo(object? obj) =>
        obj is null or IActorRef ? CompareTo((IActorRef?)obj) : throw new ArgumentException($"cannot compare a reference with {obj.GetType()}", nameof(obj));

    public abstract void TellInternal(object message, IActorRef? sender);

    public abstract IActorRef GetChild(ReadOnlySpan<string> name);

    public abstract void Start();

    public abstract void Stop();

    public abstract void Suspend();

    public abstract void Resume(Exception? causedByFailure);

    public abstract void Restart(Exception cause);

    public abstract void SendSystemMessage(SystemMessage message);
}

/// <summary>A reference without an actor behind it: it has no children and is never suspended or restarted.</summary>
internal abstract class MinimalActorRef(ActorPath? path) : InternalActorRefBase, ILocalRef
{
    public override ActorPath Path => path!;

    public override IInternalActorRef Parent => Nobody.Instance;

    public override bool IsTerminated => false;

    public override void TellInternal(object message, IActorRef? sender)
    {
    }

    public override IActorRef GetChild(ReadOnlySpan<string> name)
    {
        foreach (var n in name)
        {
            if (n.Length > 0)
            {
                return Nobody.Instance;
            }
        }

        return this;
    }

    public override void Start()
    {
    }

    public override void Stop()
    {
    }

    public override void Suspend()
    {
    }

    public override void Resume(Exception? causedByFailure)
    {
    }

    public override void Restart(Exception cause)
    {
    }

    public override void SendSystemMessage(SystemMessage message)
    {
    }
}

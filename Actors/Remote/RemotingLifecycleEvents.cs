using Actors.Core;

namespace Actors.Remoting;

/// <summary>What happens to links and to remoting as a whole; published on the event stream.</summary>
public abstract class RemotingLifecycleEvent
{
    /// <summary>How loudly it is to be logged.</summary>
    public abstract LogLevel LogLevel();
}

/// <summary>What happens to the link with one peer.</summary>
public abstract class AssociationEvent : RemotingLifecycleEvent
{
    private protected AssociationEvent(Address localAddress, Address remoteAddress, bool inbound) =>
        (LocalAddress, RemoteAddress, IsInbound) = (localAddress, remoteAddress, inbound);

    /// <summary>This system.</summary>
    public Address LocalAddress { get; }

    /// <summary>The peer.</summary>
    public Address RemoteAddress { get; }

    /// <summary>Whether the peer dialled.</summary>
    public bool IsInbound { get; }

    /// <inheritdoc/>
    public override string ToString() => $"{GetType().Name} [{LocalAddress}] {(IsInbound ? "<-" : "->")} {RemoteAddress}";
}

/// <summary>A link has been made; both ends know each other.</summary>
public sealed class AssociatedEvent : AssociationEvent
{
    /// <summary>Made by remoting; public for tests.</summary>
    public AssociatedEvent(Address localAddress, Address remoteAddress, bool inbound)
        : base(localAddress, remoteAddress, inbound)
    {
    }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.DebugLevel;
}

/// <summary>A link is gone. The peer may be well: links come back.</summary>
public sealed class DisassociatedEvent : AssociationEvent
{
    /// <summary>Made by remoting; public for tests.</summary>
    public DisassociatedEvent(Address localAddress, Address remoteAddress, bool inbound)
        : base(localAddress, remoteAddress, inbound)
    {
    }

    /// <summary>Why, in words.</summary>
    internal string Reason { get; init; } = "";

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.DebugLevel;
}

/// <summary>A link could not be made, or broke.</summary>
public sealed class AssociationErrorEvent : AssociationEvent
{
    private readonly LogLevel _level;

    /// <summary>Made by remoting; public for tests.</summary>
    public AssociationErrorEvent(Exception cause, Address localAddress, Address remoteAddress, bool inbound, LogLevel level)
        : base(localAddress, remoteAddress, inbound) => (Cause, _level) = (cause, level);

    /// <summary>The diagnosis is its message.</summary>
    public Exception Cause { get; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => _level;

    /// <inheritdoc/>
    public override string ToString() => $"{base.ToString()}: {Cause.Message}";
}

/// <summary>Remoting accepts connections.</summary>
public sealed class RemotingListenEvent : RemotingLifecycleEvent
{
    /// <summary>Made by remoting; public for tests.</summary>
    public RemotingListenEvent(IList<Address> listenAddresses) => ListenAddresses = listenAddresses;

    /// <summary>Where.</summary>
    public IList<Address> ListenAddresses { get; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override string ToString() => $"Remoting now listens on addresses: [{string.Join(", ", ListenAddresses)}]";
}

/// <summary>Remoting has shut down.</summary>
public sealed class RemotingShutdownEvent : RemotingLifecycleEvent
{
    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.InfoLevel;

    /// <inheritdoc/>
    public override string ToString() => "Remoting shut down";
}

/// <summary>This life of a peer is given up: nothing is exchanged with it until it restarts its actor system.</summary>
public sealed class QuarantinedEvent : RemotingLifecycleEvent
{
    /// <summary>Made by remoting; public for tests.</summary>
    public QuarantinedEvent(Address address, int uid) => (Address, Uid) = (address, uid);

    /// <summary>The peer.</summary>
    public Address Address { get; }

    /// <summary>Which life of it.</summary>
    public int Uid { get; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override string ToString() =>
        $"Association to [{Address}] having UID [{Uid}] is irrecoverably failed. UID is now quarantined and all messages to it go to dead letters; its actor system must be restarted to recover.";
}

/// <summary>A peer has given up this life of this system: it must restart to speak with it again.</summary>
public sealed class ThisActorSystemQuarantinedEvent : RemotingLifecycleEvent
{
    /// <summary>Made by remoting; public for tests.</summary>
    public ThisActorSystemQuarantinedEvent(Address localAddress, Address remoteAddress) => (LocalAddress, RemoteAddress) = (localAddress, remoteAddress);

    /// <summary>This system.</summary>
    public Address LocalAddress { get; }

    /// <summary>Who gave it up.</summary>
    public Address RemoteAddress { get; }

    /// <inheritdoc/>
    public override LogLevel LogLevel() => Core.LogLevel.WarningLevel;

    /// <inheritdoc/>
    public override string ToString() => $"The remote system {RemoteAddress} has quarantined this system {LocalAddress}.";
}

using Actors.Core;

namespace Actors.Remoting;

/// <summary>What the transport needs of the actor system around it.</summary>
internal interface IRemoteHost
{
    TimeProvider Time { get; }

    /// <summary>This life of this system.</summary>
    long Uid { get; }

    /// <summary>Runs it on the engine's dispatcher.</summary>
    void Post(IThreadPoolWorkItem work);

    /// <summary>Tells the event stream.</summary>
    void Publish(RemotingLifecycleEvent happened);

    void Log(LogLevel level, string text);

    /// <summary>A message that will not be sent.</summary>
    void DeadLetter(WaitingMessage message);

    /// <summary>Serializes and hands to the link.</summary>
    SendOutcome Write(Link link, Association association, in WaitingMessage message);

    /// <summary>A message frame has come; it throws nothing but <see cref="FrameFormatException"/>.</summary>
    void Receive(Link link, Association association, ReadOnlySpan<byte> body);

    /// <summary>A system message has come, for the first time.</summary>
    void Receive(Association association, SystemFrame frame);

    /// <summary>The life of that address that was known so far is over: who watches its actors is to be told.</summary>
    void AddressTerminated(Address address, string why);

    /// <summary>Actors of that address are watched, and it has been silent for longer than is acceptable.</summary>
    void Silent(Address address);

    /// <summary>Null if the peer may be spoken to, else why not.</summary>
    string? Refuse(PeerIdentity peer);
}

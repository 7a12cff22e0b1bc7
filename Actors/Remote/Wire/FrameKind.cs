namespace Actors.Remoting;

/// <summary>The first byte of a frame's body. Numbers are never reused.</summary>
internal enum FrameKind : byte
{
    /// <summary>Who speaks: magic, version, system, address, UID. The first frame in either direction, and only there.</summary>
    Hello = 1,

    /// <summary>A message of an actor: at most once, in order per link.</summary>
    Message = 2,

    /// <summary>A system message with its sequence number: resent until acknowledged.</summary>
    SystemMessage = 3,

    /// <summary>All system messages up to this sequence number have arrived.</summary>
    Ack = 4,

    /// <summary>Nothing to say, but alive.</summary>
    Heartbeat = 5,

    /// <summary>The sender closes the link, and why.</summary>
    Disassociate = 6,

    /// <summary>Only on a connection whose peer has no certificate yet: greeting, request and answer of an enrolment. What it holds is the program's business.</summary>
    Enrolment = 7,
}

/// <summary>Why a link is closed by intent. Numbers are never reused.</summary>
internal enum DisassociateCode : byte
{
    /// <summary>The system shuts down, or closes the link on demand.</summary>
    Shutdown = 1,

    /// <summary>The other of two connections that were dialled at the same time is used.</summary>
    Duplicate = 2,

    /// <summary>A newer connection of the same peer took this one's place.</summary>
    Replaced = 3,

    /// <summary>The peer's UID is quarantined: it must restart its actor system.</summary>
    Quarantined = 4,

    /// <summary>Not let in: certificate, address, name or version.</summary>
    Refused = 5,

    /// <summary>A frame was malformed, oversized or out of place.</summary>
    ProtocolError = 6,
}

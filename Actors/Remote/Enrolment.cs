using System.Net;
using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// Only of the embedded engine: hands out certificates to peers that have none, over the port that everything else uses.
/// All that the transport does is to carry one greeting, one request and one answer, and to bound what they cost.
/// </summary>
public interface IEnrolmentDesk
{
    /// <summary>What is said first, before anything is read: by it the newcomer can check whom it speaks with. Not secret; at most 4 KiB.</summary>
    ReadOnlyMemory<byte> Greeting { get; }

    /// <summary>Answers a request.</summary>
    /// <param name="request">A stranger's bytes, at most <see cref="EnrolmentFrames.LargestRequest"/>.</param>
    /// <param name="from">Where it connects from.</param>
    /// <param name="timeout">Ends when the connection's time is over.</param>
    Task<ReadOnlyMemory<byte>> AnswerAsync(ReadOnlyMemory<byte> request, IPAddress from, CancellationToken timeout);
}

/// <summary>The frames of an enrolment, for those who write the other side: a little-endian 32-bit length, then the kind, then the content.</summary>
public static class EnrolmentFrames
{
    /// <summary>The kind of greeting, request and answer.</summary>
    public const byte Kind = (byte)FrameKind.Enrolment;

    /// <summary>The kind of a refusal by the transport itself: a code (1 byte), then the reason (a length of 7 bits a byte, then UTF-8).</summary>
    public const byte RefusalKind = (byte)FrameKind.Disassociate;

    /// <summary>Bytes of a request at most.</summary>
    public const int LargestRequest = 8 * 1024;
}

/// <summary>A message of a peer, before an actor sees it.</summary>
/// <param name="Peer">As its certificate says.</param>
/// <param name="Recipient">The actor it is for; null for a selection of more than one, or of one by way of its parents.</param>
/// <param name="Message">Itself, out of its selection.</param>
public readonly record struct InboundMessage(PeerIdentity Peer, ActorPath? Recipient, object Message);

/// <summary>A message that is not delivered.</summary>
/// <param name="Why">For the log: the same words for the same cause.</param>
/// <param name="Answer">Told to its sender; null: nothing.</param>
public sealed record InboundRefusal(string Why, object? Answer);

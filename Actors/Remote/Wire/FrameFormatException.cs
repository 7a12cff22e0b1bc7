namespace Actors.Remoting;

/// <summary>What a peer sent is not this protocol. Closes that link with the message as reason, and nothing else.</summary>
internal sealed class FrameFormatException : Exception
{
    public FrameFormatException(string message)
        : base(message)
    {
    }

    public FrameFormatException(string message, Exception inner)
        : base(message, inner)
    {
    }
}

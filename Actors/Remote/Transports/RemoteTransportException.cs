namespace Actors.Remoting;

/// <summary>Remoting can't start or was given a broken configuration; the text says what to do.</summary>
public sealed class RemoteTransportException : Exception
{
    /// <summary>Makes it.</summary>
    public RemoteTransportException(string message, Exception? cause = null)
        : base(message, cause)
    {
    }
}

using Actors.Core;

namespace Actors.Configuration;

/// <summary>A setting is malformed, or of another kind than the one asked for. The message names the place.</summary>
public class ConfigurationException : AkkaException
{
    /// <summary>With a message.</summary>
    public ConfigurationException(string message)
        : base(message)
    {
    }

    /// <summary>With a message and what led to it.</summary>
    public ConfigurationException(string message, Exception? exception)
        : base(message, exception)
    {
    }
}

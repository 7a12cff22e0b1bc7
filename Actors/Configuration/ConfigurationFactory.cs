using Hocon;

namespace Actors.Configuration;

/// <summary>Makes configurations. The API of Akka.NET's class of this name.</summary>
public static class ConfigurationFactory
{
    /// <summary>Without settings.</summary>
    public static Config Empty { get; } = new(HoconObject.Empty);

    /// <summary>Reads HOCON. Substitutions see this text and the environment, not fallbacks added later.</summary>
    /// <exception cref="ConfigurationException">The text is malformed; the message names line and column.</exception>
    public static Config ParseString(string hocon)
    {
        ArgumentNullException.ThrowIfNull(hocon);
        try
        {
            return new Config(HoconReader.Read(hocon, "config", environment: Environment.GetEnvironmentVariable));
        }
        catch (HoconException e)
        {
            throw new ConfigurationException(e.Message, e);
        }
    }
}

using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace ClusterMonitor.Hosting;

/// <summary>Where someone listens.</summary>
/// <param name="Host">A host name, an IPv4 address, or an IPv6 address without brackets.</param>
/// <param name="Port">1 to 65535.</param>
public readonly partial record struct HostPort(string Host, int Port)
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Hint = "HOST:PORT, as in 10.0.0.5:4053, seed.example:4053 or [::1]:4053";

    /// <summary>Reads <c>HOST:PORT</c>, or <c>HOST</c> alone when there is a default port.</summary>
    /// <param name="text">IPv6 addresses stand in brackets.</param>
    /// <param name="defaultPort">Null: the port must be given.</param>
    /// <param name="value">The result.</param>
    /// <param name="problem">What is wrong, to follow "it"; null on success.</param>
    public static bool TryParse(string text, int? defaultPort, out HostPort value, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        value = default;
        var (host, port) = Split(text);
        if (host is null)
        {
            problem = IPAddress.TryParse(text, out _) ? $"must have the IPv6 address in brackets: [{text}]:{defaultPort ?? 4053}" : $"must be {Hint}";
            return false;
        }

        if (!IsHost(host))
        {
            problem = host.Length == 0 ? $"has no host; it must be {Hint}" : $"names no valid host; it must be {Hint}";
            return false;
        }

        if (port is null && defaultPort is null)
        {
            problem = $"has no port; write {text}:4053";
            return false;
        }

        var number = defaultPort ?? 0;
        if (port is not null && !TryPort(port, out number))
        {
            problem = "must have a port from 1 to 65535 behind the colon";
            return false;
        }

        value = new HostPort(host, number);
        problem = null;
        return true;
    }

    /// <summary>Whether the text is a host name (RFC 1123, underscores tolerated) or an address without brackets.</summary>
    public static bool IsHost(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return IPAddress.TryParse(text, out var v6) && v6.AddressFamily == AddressFamily.InterNetworkV6;
        }

        // What looks like an IPv4 address must be a whole one: 10.0.5 is a slip, not 10.0.0.5.
        return DigitsAndDots().IsMatch(text)
            ? text.Count(c => c == '.') == 3 && IPAddress.TryParse(text, out _)
            : text.Length <= 253 && HostName().IsMatch(text);
    }

    /// <summary><c>host:port</c>, with brackets around an IPv6 address.</summary>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal)
        ? string.Create(CultureInfo.InvariantCulture, $"[{Host}]:{Port}")
        : string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    private static (string? Host, string? Port) Split(string text)
    {
        if (text.StartsWith('['))
        {
            var close = text.IndexOf(']', StringComparison.Ordinal);
            var rest = close < 0 ? null : text[(close + 1)..];
            return rest switch
            {
                "" => (text[1..close], null),
                not null when rest[0] == ':' && text[1..close].Contains(':', StringComparison.Ordinal) => (text[1..close], rest[1..]),
                _ => (null, null),
            };
        }

        var parts = text.Split(':');
        return parts.Length > 2 ? (null, null) : (parts[0], parts.Length == 2 ? parts[1] : null);
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is >= 1 and <= 65535;

    [GeneratedRegex(@"\A[0-9.]+\z", RegexOptions.CultureInvariant)]
    private static partial Regex DigitsAndDots();

    [GeneratedRegex(@"\A(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*\.?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostName();
}

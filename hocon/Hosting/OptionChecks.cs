using System.Globalization;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>What the value of an option may be. Each returns what is wrong, to follow "it", or null.</summary>
public static class OptionChecks
{
    /// <summary>Anything but nothing.</summary>
    public static string? Any(string text) => text.Length > 0 ? null : "must not be empty";

    /// <summary>A port; 0 lets the system choose.</summary>
    public static string? Port(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= 65535 ? null : "must be a port from 0 to 65535";

    /// <summary>An address to listen on.</summary>
    public static string? Host(string text) => HostPort.IsHost(text) ? null : "must be a host name or an IP address";

    /// <summary>A seed; its port may be left out.</summary>
    public static string? Address(string text) => HostPort.TryParse(text, 4053, out _, out var problem) ? null : problem;

    /// <summary>A node's name.</summary>
    public static string? Name(string text) => NodeName.IsValid(text) ? null : $"must be {NodeName.Hint}";

    /// <summary>A label or attribute.</summary>
    public static string? Label(string text) => Labels.TryParse(text, out _, out var problem) ? null : problem;

    /// <summary>A finite duration.</summary>
    public static string? Duration(string text) =>
        HoconUnits.TryDuration(text, out var value) && value != Timeout.InfiniteTimeSpan ? null : "must be a duration such as 500ms, 10s, 5m, 2h, 1d";

    /// <summary>One of some words.</summary>
    public static Func<string, string?> OneOf(params string[] words) =>
        text => words.Contains(text, StringComparer.Ordinal) ? null : $"must be one of {string.Join(", ", words)}";
}

using System.Globalization;
using System.Text.RegularExpressions;

namespace ClusterMonitor.Hosting;

/// <summary>What a log line looks like, and the levels.</summary>
public static partial class ProgramLogging
{
    /// <summary>The setting.</summary>
    public const string LevelKey = "monitor.log.level";

    private static readonly string[] Names = ["DEBUG", "INFO ", "WARN ", "ERROR"];

    /// <summary>From talkative to terse; the index is that of <see cref="LogLevel"/>.</summary>
    public static ReadOnlySpan<string> Levels => new[] { "debug", "info", "warning", "error" };

    /// <summary>
    /// <c>2026-11-21T20:15:03.123Z INFO  source  text</c>: UTC, the level padded, one line whatever the text holds.
    /// </summary>
    /// <param name="time">When.</param>
    /// <param name="level">How important.</param>
    /// <param name="source">Who says it.</param>
    /// <param name="text">What; control characters are escaped.</param>
    public static string Line(DateTimeOffset time, LogLevel level, string source, string text) => string.Create(
        CultureInfo.InvariantCulture,
        $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Names[Math.Clamp((int)level, 0, 3)]} {Printable.Escape(source)}  {Printable.Escape(text)}");

    /// <summary>An engine's name for who logs, without what is the same in every line: <c>[akka://clustermonitor/user/nodes#42]</c> is <c>nodes</c>.</summary>
    public static string ShortSource(string source)
    {
        var actor = Actor().Match(source);
        return actor.Success ? actor.Groups["path"].Value : System().Replace(source, "");
    }

    [GeneratedRegex(@"\A\[?akka[a-z.]*://[^/]+/(user/)?(?<path>[^#\]]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Actor();

    [GeneratedRegex(@"\(akka[a-z.]*://[^)]*\)\z", RegexOptions.CultureInvariant)]
    private static partial Regex System();
}

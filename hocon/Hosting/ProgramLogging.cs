using System.Globalization;

namespace ClusterMonitor.Hosting;

/// <summary>What a log line looks like, and the levels.</summary>
public static class ProgramLogging
{
    /// <summary>The setting.</summary>
    public const string LevelKey = "monitor.log.level";

    /// <summary>From talkative to terse.</summary>
    public static ReadOnlySpan<string> Levels => new[] { "debug", "info", "warning", "error" };

    /// <summary>
    /// <c>2026-11-21T20:15:03.123Z INFO  source  text</c>: UTC, the level padded, one line whatever the text holds.
    /// </summary>
    /// <param name="time">When.</param>
    /// <param name="level">Index into <see cref="Levels"/>.</param>
    /// <param name="source">Who says it.</param>
    /// <param name="text">What; control characters are escaped.</param>
    public static string Line(DateTimeOffset time, int level, string source, string text)
    {
        string[] names = ["DEBUG", "INFO ", "WARN ", "ERROR"];
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {names[level]} {Printable.Escape(source)}  {Printable.Escape(text)}");
    }
}

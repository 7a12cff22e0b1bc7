using System.Globalization;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>Points in time as people type them.</summary>
public static class Moments
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Hint = "a time such as 2026-11-21T20:15:00Z, 2026-11-21 20:15, 20:15, now, or 1h (ago)";

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFF",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFK", "HH:mm", "HH:mm:ss",
    ];

    /// <summary>Reads a time. Without an offset it is local time; a time of day is today's, or yesterday's when today's is still to come.</summary>
    public static bool TryParse(string text, TimeProvider time, out DateTimeOffset value)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(time);
        var now = time.GetUtcNow();
        value = now;
        if (text == "now")
        {
            return true;
        }

        if (HoconUnits.TryDuration(text, out var ago) && !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
        {
            value = ago == Timeout.InfiniteTimeSpan || ago > now - DateTimeOffset.UnixEpoch ? DateTimeOffset.UnixEpoch : now - ago;
            return true;
        }

        if (TimeOnly.TryParseExact(text, ["HH:mm", "HH:mm:ss"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var clock))
        {
            var today = Local(DateOnly.FromDateTime(time.GetLocalNow().DateTime).ToDateTime(clock), time);
            value = today > now ? today.AddDays(-1) : today;
            return true;
        }

        if (!DateTime.TryParseExact(text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var parsed))
        {
            return false;
        }

        value = parsed.Kind == DateTimeKind.Utc ? new DateTimeOffset(parsed) : Local(parsed, time);
        return true;
    }

    private static DateTimeOffset Local(DateTime unspecified, TimeProvider time) =>
        new DateTimeOffset(unspecified, time.LocalTimeZone.GetUtcOffset(unspecified)).ToUniversalTime();
}

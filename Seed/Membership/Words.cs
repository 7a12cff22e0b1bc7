using System.Globalization;

namespace ClusterMonitor.Seed.Membership;

/// <summary>Times and spans as reasons carry them.</summary>
internal static class Words
{
    /// <summary>A wall time of today or any day: <c>2026-01-31 10:02:03</c>.</summary>
    public static string Time(long unixMs) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(unixMs, 0, 253_402_300_799_999))
            .ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary><c>2.7 s</c>, <c>48 s</c>, <c>12 min</c>, <c>3.5 h</c>.</summary>
    public static string Span(long ms) => ms switch
    {
        < 10_000 => Number(ms / 1000.0) + " s",
        < 120_000 => (ms / 1000).ToString(CultureInfo.InvariantCulture) + " s",
        < 7_200_000 => (ms / 60_000).ToString(CultureInfo.InvariantCulture) + " min",
        _ => Number(ms / 3_600_000.0) + " h",
    };

    /// <summary>One decimal.</summary>
    public static string Number(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}

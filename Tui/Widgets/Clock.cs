using System.Globalization;

namespace ClusterMonitor.Tui;

/// <summary>
/// What time it is on the seed, as far as its last frame tells, and how times are written for the person who looks:
/// in their own time zone, with the date when it is not today's.
/// </summary>
internal sealed class Clock(TimeProvider time)
{
    private TimeSpan _seedAhead;

    /// <summary>This machine's clock.</summary>
    public DateTimeOffset Now => time.GetUtcNow();

    /// <summary>The seed's clock, Unix milliseconds.</summary>
    public long SeedNowMs => (Now + _seedAhead).ToUnixTimeMilliseconds();

    /// <summary>The seed said what time it is.</summary>
    public void SeedSaid(long seedMs)
    {
        if (seedMs > 0 && seedMs < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            _seedAhead = DateTimeOffset.FromUnixTimeMilliseconds(seedMs) - Now;
        }
    }

    /// <summary>How long ago this was, by the seed's clock.</summary>
    public TimeSpan Age(long ms) => TimeSpan.FromMilliseconds(Math.Max(0, SeedNowMs - ms));

    /// <summary><c>18:02:07</c>.</summary>
    public ReadOnlySpan<char> TimeOfDay(long ms, Span<char> buffer) => Write(ms, "HH:mm:ss", buffer);

    /// <summary><c>18:02</c>, or <c>Nov 19 18:02</c> when it was not within the last 20 hours.</summary>
    public ReadOnlySpan<char> Moment(long ms, Span<char> buffer) => Write(ms, Recent(ms) ? "HH:mm" : "MMM dd HH:mm", buffer);

    /// <summary><c>18:02:07</c>, or <c>Nov 19 18:02:07</c> when it was not within the last 20 hours.</summary>
    public ReadOnlySpan<char> Exact(long ms, Span<char> buffer) => Write(ms, Recent(ms) ? "HH:mm:ss" : "MMM dd HH:mm:ss", buffer);

    private bool Recent(long ms) => Math.Abs(SeedNowMs - ms) < 20 * 3_600_000L;

    private ReadOnlySpan<char> Write(long ms, string format, Span<char> buffer)
    {
        if (ms <= 0 || ms > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return "never";
        }

        var local = TimeZoneInfo.ConvertTime(DateTimeOffset.FromUnixTimeMilliseconds(ms), time.LocalTimeZone);
        return local.TryFormat(buffer, out var written, format, CultureInfo.InvariantCulture) ? buffer[..written] : "";
    }
}

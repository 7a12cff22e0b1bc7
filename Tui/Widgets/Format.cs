using System.Globalization;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>Numbers and times as people read them, written into the caller's buffer. NaN is a dash.</summary>
internal static class Format
{
    /// <summary>A buffer of this size takes anything that is written here.</summary>
    public const int BufferSize = 40;

    private static readonly string[] DecimalUnits = ["B", "kB", "MB", "GB", "TB", "PB", "EB"];
    private static readonly string[] BinaryUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"];

    /// <summary><c>7%</c>, <c>63%</c>, <c>100%</c>.</summary>
    public static ReadOnlySpan<char> Percent(double fraction, Span<char> buffer) =>
        Write(buffer, fraction, static (v, b) => b.TryWrite(CultureInfo.InvariantCulture, $"{Math.Round(v * 100):F0}%", out var n) ? n : 0);

    /// <summary><c>99.98%</c>; 100 % only when it is.</summary>
    public static ReadOnlySpan<char> Availability(double fraction, Span<char> buffer) =>
        Write(buffer, fraction, static (v, b) => v >= 1
            ? (b.TryWrite($"100%", out var whole) ? whole : 0)
            : (b.TryWrite(CultureInfo.InvariantCulture, $"{Math.Floor(v * 100_00) / 100:F2}%", out var n) ? n : 0));

    /// <summary>Powers of 1000, three digits: <c>912 B</c>, <c>9.31 MB</c>. For rates, which the world counts in powers of ten.</summary>
    public static ReadOnlySpan<char> Rate(double bytesPerSecond, Span<char> buffer) => Scaled(bytesPerSecond, 1000, DecimalUnits, buffer);

    /// <summary>Powers of 1024, three digits: <c>15.6 GiB</c>. For memory and disks.</summary>
    public static ReadOnlySpan<char> Size(double bytes, Span<char> buffer) => Scaled(bytes, 1024, BinaryUnits, buffer);

    /// <summary><c>0.42</c>, <c>17.3</c>, <c>128</c>.</summary>
    public static ReadOnlySpan<char> Number(double value, Span<char> buffer) =>
        Write(buffer, value, static (v, b) => Three(v, b));

    /// <summary><c>12s</c>, <c>2m 05s</c>, <c>3h 12m</c>, <c>17d 4h</c>.</summary>
    public static ReadOnlySpan<char> Duration(TimeSpan time, Span<char> buffer)
    {
        var t = time < TimeSpan.Zero ? TimeSpan.Zero : time;
        var culture = CultureInfo.InvariantCulture;
        var written = 0;
        _ = t.TotalMinutes < 1 ? buffer.TryWrite(culture, $"{(int)t.TotalSeconds}s", out written)
            : t.TotalHours < 1 ? buffer.TryWrite(culture, $"{t.Minutes}m {t.Seconds:00}s", out written)
            : t.TotalDays < 1 ? buffer.TryWrite(culture, $"{t.Hours}h {t.Minutes:00}m", out written)
            : buffer.TryWrite(culture, $"{(int)t.TotalDays}d {t.Hours}h", out written);
        return buffer[..written];
    }

    /// <summary>The coarsest unit only: <c>now</c>, <c>12s ago</c>, <c>2m ago</c>, <c>3h ago</c>, <c>17d ago</c>.</summary>
    public static ReadOnlySpan<char> Ago(TimeSpan age, Span<char> buffer)
    {
        var culture = CultureInfo.InvariantCulture;
        var written = 0;
        _ = age.TotalSeconds < 1 ? buffer.TryWrite($"now", out written)
            : age.TotalMinutes < 1 ? buffer.TryWrite(culture, $"{(int)age.TotalSeconds}s ago", out written)
            : age.TotalHours < 1 ? buffer.TryWrite(culture, $"{(int)age.TotalMinutes}m ago", out written)
            : age.TotalDays < 1 ? buffer.TryWrite(culture, $"{(int)age.TotalHours}h ago", out written)
            : buffer.TryWrite(culture, $"{(int)age.TotalDays}d ago", out written);
        return buffer[..written];
    }

    /// <summary>The name that people and scripts use for a state.</summary>
    public static string State(AvailabilityState state) => state switch
    {
        AvailabilityState.AvailabilityJoining => "joining",
        AvailabilityState.AvailabilityUp => "up",
        AvailabilityState.AvailabilitySuspect => "suspect",
        AvailabilityState.AvailabilityUnreachable => "unreachable",
        AvailabilityState.AvailabilityDown => "down",
        AvailabilityState.AvailabilityLeft => "left",
        AvailabilityState.AvailabilityExpectedOff => "expected-off",
        _ => "unknown",
    };

    private static ReadOnlySpan<char> Scaled(double value, double step, string[] units, Span<char> buffer)
    {
        if (double.IsNaN(value))
        {
            return "-";
        }

        var unit = 0;
        var scaled = Math.Abs(value);
        while (scaled >= 999.5 && unit < units.Length - 1)
        {
            scaled /= step;
            unit++;
        }

        var written = unit == 0 ? Whole(scaled, buffer) : Three(scaled, buffer);
        buffer[written++] = ' ';
        units[unit].CopyTo(buffer[written..]);
        return buffer[..(written + units[unit].Length)];
    }

    private static int Whole(double value, Span<char> buffer) =>
        buffer.TryWrite(CultureInfo.InvariantCulture, $"{value:F0}", out var written) ? written : 0;

    /// <summary>Three significant digits without an exponent.</summary>
    private static int Three(double value, Span<char> buffer)
    {
        var culture = CultureInfo.InvariantCulture;
        var written = 0;
        _ = Math.Abs(value) switch
        {
            < 9.995 => buffer.TryWrite(culture, $"{value:F2}", out written),
            < 99.95 => buffer.TryWrite(culture, $"{value:F1}", out written),
            < 1e9 => buffer.TryWrite(culture, $"{value:F0}", out written),
            _ => buffer.TryWrite(culture, $"{value:0.00e0}", out written),
        };
        return written;
    }

    private static ReadOnlySpan<char> Write(Span<char> buffer, double value, Func<double, Span<char>, int> write) =>
        double.IsNaN(value) || double.IsInfinity(value) ? "-" : buffer[..write(value, buffer)];
}

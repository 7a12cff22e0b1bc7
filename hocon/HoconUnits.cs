using System.Globalization;

namespace Hocon;

/// <summary>Words and units of HOCON: truth values, durations, sizes. Units are case-sensitive, as in the specification.</summary>
public static class HoconUnits
{
    /// <summary>What <see cref="TryDuration"/> takes, for messages.</summary>
    public const string DurationHint = "a duration such as 500ms, 10s, 5m, 2h, 1d, or infinite";

    /// <summary>What <see cref="TrySize"/> takes, for messages.</summary>
    public const string SizeHint = "a size such as 512B, 128KiB, 16MiB, 2GiB";

    /// <summary>What <see cref="TryBoolean"/> takes, for messages.</summary>
    public const string BooleanHint = "on or off (also true/false, yes/no)";

    /// <summary><c>true/on/yes</c> and <c>false/off/no</c>.</summary>
    public static bool TryBoolean(string text, out bool value)
    {
        value = text is "true" or "on" or "yes";
        return value || text is "false" or "off" or "no";
    }

    /// <summary>
    /// A number and a unit, or <c>infinite</c> (<see cref="Timeout.InfiniteTimeSpan"/>). A bare number is milliseconds.
    /// Negative durations are not taken.
    /// </summary>
    public static bool TryDuration(string text, out TimeSpan value)
    {
        value = default;
        if (text.Trim() is "infinite")
        {
            value = Timeout.InfiniteTimeSpan;
            return true;
        }

        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        decimal? ticks = unit switch
        {
            "ns" or "nano" or "nanos" or "nanosecond" or "nanoseconds" => 0.01m,
            "us" or "micro" or "micros" or "microsecond" or "microseconds" => TimeSpan.TicksPerMicrosecond,
            "" or "ms" or "milli" or "millis" or "millisecond" or "milliseconds" => TimeSpan.TicksPerMillisecond,
            "s" or "second" or "seconds" => TimeSpan.TicksPerSecond,
            "m" or "minute" or "minutes" => TimeSpan.TicksPerMinute,
            "h" or "hour" or "hours" => TimeSpan.TicksPerHour,
            "d" or "day" or "days" => TimeSpan.TicksPerDay,
            _ => null,
        };
        if (ticks is not { } per || number > long.MaxValue / per)
        {
            return false;
        }

        value = new TimeSpan((long)(number * per));
        return true;
    }

    /// <summary>
    /// A number and a unit, in bytes: powers of 1024 (<c>k K Ki KiB</c>, <c>m M Mi MiB</c>, …) or of 1000 (<c>kB</c>, <c>MB</c>, …).
    /// A bare number is bytes.
    /// </summary>
    public static bool TrySize(string text, out long value)
    {
        value = 0;
        if (!TrySplit(text, out var number, out var unit))
        {
            return false;
        }

        decimal? bytes = unit switch
        {
            "" or "B" or "b" or "byte" or "bytes" => 1m,
            "kB" or "kilobyte" or "kilobytes" => 1e3m,
            "MB" or "megabyte" or "megabytes" => 1e6m,
            "GB" or "gigabyte" or "gigabytes" => 1e9m,
            "TB" or "terabyte" or "terabytes" => 1e12m,
            "PB" or "petabyte" or "petabytes" => 1e15m,
            "EB" or "exabyte" or "exabytes" => 1e18m,
            "K" or "k" or "Ki" or "KiB" or "kibibyte" or "kibibytes" => 1L << 10,
            "M" or "m" or "Mi" or "MiB" or "mebibyte" or "mebibytes" => 1L << 20,
            "G" or "g" or "Gi" or "GiB" or "gibibyte" or "gibibytes" => 1L << 30,
            "T" or "t" or "Ti" or "TiB" or "tebibyte" or "tebibytes" => 1L << 40,
            "P" or "p" or "Pi" or "PiB" or "pebibyte" or "pebibytes" => 1L << 50,
            "E" or "e" or "Ei" or "EiB" or "exbibyte" or "exbibytes" => 1L << 60,
            _ => null,
        };
        if (bytes is not { } per || number > long.MaxValue / per)
        {
            return false;
        }

        value = (long)(number * per);
        return true;
    }

    private static bool TrySplit(string text, out decimal number, out string unit)
    {
        text = text.Trim();
        var end = 0;
        while (end < text.Length && (char.IsAsciiDigit(text[end]) || text[end] == '.'))
        {
            end++;
        }

        unit = text[end..].TrimStart();
        return decimal.TryParse(text.AsSpan(0, end), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}

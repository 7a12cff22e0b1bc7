using System.Globalization;
using Hocon;

namespace Actors.Configuration;

/// <summary>
/// Settings by path. Immutable. The API and the meanings of Akka.NET's class of this name: a setting that is not there
/// (or is <c>null</c>) gives the default, one of the wrong kind throws <see cref="ConfigurationException"/>.
/// </summary>
public class Config
{
    /// <summary>Without settings.</summary>
    public Config()
        : this(HoconObject.Empty)
    {
    }

    internal Config(HoconObject root) => Root = root;

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>Whether there is no setting at all.</summary>
    public virtual bool IsEmpty => Root.Fields.Count == 0;

    /// <summary>All settings, fallbacks merged in.</summary>
    internal HoconObject Root { get; }

    /// <summary>These settings, and those of another configuration where this one has none.</summary>
    /// <exception cref="ArgumentException">The fallback is this configuration itself.</exception>
    public virtual Config WithFallback(Config? fallback)
    {
        if (ReferenceEquals(fallback, this))
        {
            throw new ArgumentException("a configuration can't be its own fallback", nameof(fallback));
        }

        return fallback is null || fallback.IsEmpty ? this : new Config(Root.Over(fallback.Root));
    }

    /// <summary>Whether something other than <c>null</c> is set at the path.</summary>
    public virtual bool HasPath(string path) => Find(path) is not null;

    /// <summary>The settings under a path; null when there are none.</summary>
    public virtual Config? GetConfig(string path) => Find(path) switch
    {
        null => null,
        HoconObject o => new Config(o),
        var other => throw Mismatch(path, other, "a group of settings { … }"),
    };

    /// <summary>A text.</summary>
    public virtual string? GetString(string path, string? @default = null) => Text(path, "a text") ?? @default;

    /// <summary>A truth value: <c>on/off</c>, <c>true/false</c>, <c>yes/no</c>.</summary>
    public virtual bool GetBoolean(string path, bool @default = false) =>
        Read(path, HoconUnits.BooleanHint, HoconUnits.TryBoolean, @default);

    /// <summary>A whole number of 32 bits.</summary>
    public virtual int GetInt(string path, int @default = 0) => Read(path, "a whole number", TryInt, @default);

    /// <summary>A whole number of 64 bits.</summary>
    public virtual long GetLong(string path, long @default = 0) => Read(path, "a whole number", TryLong, @default);

    /// <summary>A number.</summary>
    public virtual double GetDouble(string path, double @default = 0) => Read(path, "a number", TryDouble, @default);

    /// <summary>A number.</summary>
    public virtual float GetFloat(string path, float @default = 0) => (float)GetDouble(path, @default);

    /// <summary>A number.</summary>
    public virtual decimal GetDecimal(string path, decimal @default = 0) => Read(path, "a number", TryDecimal, @default);

    /// <summary>A size in bytes, such as <c>128KiB</c>.</summary>
    public virtual long? GetByteSize(string path, long? def = null) =>
        HasPath(path) ? Read<long>(path, HoconUnits.SizeHint, HoconUnits.TrySize, 0) : def;

    /// <summary>A duration such as <c>500ms</c>; <c>infinite</c> is <see cref="Timeout.InfiniteTimeSpan"/>; a bare number is milliseconds.</summary>
    public virtual TimeSpan GetTimeSpan(string path, TimeSpan? @default = null, bool allowInfinite = true)
    {
        var value = Read(path, HoconUnits.DurationHint, HoconUnits.TryDuration, @default.GetValueOrDefault());
        return allowInfinite || value != Timeout.InfiniteTimeSpan || @default == value
            ? value
            : throw Mismatch(path, Find(path)!, "a finite duration");
    }

    /// <summary>A list of texts; empty when it is not set.</summary>
    public virtual IList<string> GetStringList(string path) => Find(path) switch
    {
        null => [],
        HoconArray list => [.. list.Items.Select(i => i is HoconScalar s ? s.Text : throw Mismatch(path, i, "a list of texts"))],
        var other => throw Mismatch(path, other, "a list of texts [a, b]"),
    };

    /// <summary>The settings as plain HOCON.</summary>
    public override string ToString() => Root.ToHocon();

    private static bool TryInt(string text, out int value) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryLong(string text, out long value) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryDouble(string text, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static bool TryDecimal(string text, out decimal value) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);

    private static ConfigurationException Mismatch(string path, HoconValue found, string expected) =>
        new($"{found.Origin}: {path} is {(found is HoconScalar s ? $"\"{s.Text}\"" : found.Kind)}; it must be {expected}");

    private HoconValue? Find(string path) => Root.Find(path) is { } value and not HoconScalar { IsNull: true } ? value : null;

    private string? Text(string path, string expected) => Find(path) switch
    {
        null => null,
        HoconScalar scalar => scalar.Text,
        var other => throw Mismatch(path, other, expected),
    };

    private T Read<T>(string path, string expected, TryParse<T> parse, T @default)
    {
        if (Text(path, expected) is not { } text)
        {
            return @default;
        }

        return parse(text, out var value) ? value : throw Mismatch(path, Find(path)!, expected);
    }
}

/// <summary>Conveniences of <see cref="Config"/>.</summary>
public static class ConfigExtensions
{
    /// <summary>Whether there is no configuration, or one without settings.</summary>
    public static bool IsNullOrEmpty(this Config? config) => config is null || config.IsEmpty;
}

using System.Globalization;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>
/// The settings of a program, layered: reference &lt; <c>--config</c> file &lt; <c>MONITOR_…</c> environment &lt; options.
/// Every key stands in a <c>hocon/*.reference.conf</c> with its default, so a getter always finds a value;
/// one of the wrong kind is a <see cref="UserError"/> that names the place, the key and what is allowed.
/// </summary>
public sealed class MonitorSettings
{
    private readonly HoconObject _root;

    internal MonitorSettings(HoconObject root, IReadOnlyList<string> warnings)
    {
        _root = root;
        Warnings = warnings;
    }

    private delegate bool TryParse<T>(string text, out T value);

    /// <summary>What is odd but no reason to stop; one line each, for stderr.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <summary>The engine's own keys (<c>akka { … }</c>) of the user's file, to be laid over what <see cref="EngineConfig"/> makes.</summary>
    public Config EngineOverrides => _root.TryGet("akka", out var akka) && akka is HoconObject engine
        ? ConfigurationFactory.ParseString(new HoconObject([new("akka", engine)], engine.Origin).ToHocon())
        : ConfigurationFactory.Empty;

    /// <summary>A text.</summary>
    public string Text(string key) => Scalar(key, "a text").Text;

    /// <summary>A text, or null when it is empty (the default of what has no fixed default).</summary>
    public string? OptionalText(string key) => Text(key) is { Length: > 0 } text ? text : null;

    /// <summary>One of some words.</summary>
    public string Word(string key, params ReadOnlySpan<string> allowed)
    {
        var text = Text(key);
        return allowed.Contains(text) ? text : throw Wrong(key, $"one of {string.Join(", ", allowed!)}");
    }

    /// <summary>A whole number within bounds, both allowed.</summary>
    public int Integer(string key, int least = 0, int most = int.MaxValue) =>
        (int)Long(key, least, most);

    /// <summary>A whole number within bounds, both allowed.</summary>
    public long Long(string key, long least = 0, long most = long.MaxValue)
    {
        var expected = most == long.MaxValue || most == int.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a whole number of at least {least}")
            : string.Create(CultureInfo.InvariantCulture, $"a whole number from {least} to {most}");
        var value = Read(key, expected, (string t, out long v) => long.TryParse(t, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out v));
        return value >= least && value <= most ? value : throw Wrong(key, expected);
    }

    /// <summary>A number within bounds, both allowed.</summary>
    public double Number(string key, double least = 0, double most = double.MaxValue)
    {
        var expected = most == double.MaxValue
            ? string.Create(CultureInfo.InvariantCulture, $"a number of at least {least}")
            : string.Create(CultureInfo.InvariantCulture, $"a number from {least} to {most}");
        var value = Read(key, expected, (string t, out double v) => double.TryParse(t, NumberStyles.Float, CultureInfo.InvariantCulture, out v));
        return value >= least && value <= most ? value : throw Wrong(key, expected);
    }

    /// <summary>A port; 0 lets the system choose.</summary>
    public int Port(string key) => Integer(key, 0, 65535);

    /// <summary>On or off.</summary>
    public bool Flag(string key) => Read<bool>(key, HoconUnits.BooleanHint, HoconUnits.TryBoolean);

    /// <summary>A duration of at least <paramref name="least"/>; <c>infinite</c> only when that is said to be allowed.</summary>
    public TimeSpan Duration(string key, TimeSpan least = default, bool infinite = false)
    {
        var value = Read<TimeSpan>(key, HoconUnits.DurationHint, HoconUnits.TryDuration);
        return value == Timeout.InfiniteTimeSpan
            ? infinite ? value : throw Wrong(key, "a finite duration")
            : value >= least ? value : throw Wrong(key, string.Create(CultureInfo.InvariantCulture, $"at least {least.TotalMilliseconds} ms"));
    }

    /// <summary>A size in bytes.</summary>
    public long Size(string key, long least = 0)
    {
        var value = Read<long>(key, HoconUnits.SizeHint, HoconUnits.TrySize);
        return value >= least ? value : throw Wrong(key, string.Create(CultureInfo.InvariantCulture, $"at least {least} bytes"));
    }

    /// <summary>A list of texts.</summary>
    public IReadOnlyList<string> Texts(string key) => Items(key).Select(i => i.Text).ToList();

    /// <summary>A group of freely named texts.</summary>
    public IReadOnlyDictionary<string, string> Map(string key) => Find(key) is HoconObject map
        ? map.Fields.ToDictionary(
            f => f.Key,
            f => f.Value is HoconScalar { IsNull: false } s ? s.Text : throw Wrong(f.Value, $"{key}.{HoconPath.Render([f.Key])}", "a text"),
            StringComparer.Ordinal)
        : throw Wrong(key, "a group { name = text }");

    /// <summary>A host name or address to listen on.</summary>
    public string Host(string key) => Text(key) is var host && HostPort.IsHost(host) ? host : throw Wrong(key, "a host name or an IP address");

    /// <summary><c>HOST:PORT</c>; the port may be left out.</summary>
    public HostPort Address(string key, int defaultPort) => ToAddress(key, Scalar(key, HostPort.Hint), defaultPort);

    /// <summary>A list of <c>HOST:PORT</c>.</summary>
    public IReadOnlyList<HostPort> Addresses(string key, int defaultPort) =>
        Items(key).Select(i => ToAddress(key, i, defaultPort)).ToList();

    /// <summary>A node's name; empty in the settings means the machine's host name.</summary>
    /// <param name="key">Of the setting.</param>
    /// <param name="hostName">The machine's.</param>
    public string Name(string key, string hostName) => OptionalText(key) is not { } name
        ? NodeName.FromHostName(hostName)
        : NodeName.IsValid(name) ? name : throw Wrong(key, NodeName.Hint);

    /// <summary>Where the value in force was written: a file's place, a variable, an option.</summary>
    public HoconOrigin Origin(string key) => Find(key).Origin;

    /// <summary>Whether nobody set it: no file, no variable, no option.</summary>
    public bool IsDefault(string key) => ReferenceEquals(Find(key), SettingsLoader.Reference.Find(key));

    /// <summary>The error for a value that is well-formed but won't do.</summary>
    public UserError Wrong(string key, string expected) => Wrong(Find(key), key, expected);

    private static UserError Wrong(HoconValue found, string key, string expected)
    {
        var what = found is HoconScalar { IsNull: false } s ? $"\"{s.Text}\"" : found.Kind;
        return new UserError($"{found.Origin}: {key} is {what}; it must be {expected}");
    }

    private static HostPort ToAddress(string key, HoconScalar item, int defaultPort) =>
        HostPort.TryParse(item.Text, defaultPort, out var address, out var problem)
            ? address
            : throw new UserError($"{item.Origin}: {key} is \"{item.Text}\"; it {problem}");

    private IEnumerable<HoconScalar> Items(string key) => Find(key) is HoconArray list
        ? list.Items.Select(i => i is HoconScalar { IsNull: false } s ? s : throw Wrong(i, key, "a list of texts"))
        : throw Wrong(key, "a list [a, b]");

    private HoconValue Find(string key) =>
        _root.Find(key) ?? throw new InvalidOperationException($"{key} is in no reference.conf");

    private HoconScalar Scalar(string key, string expected) =>
        Find(key) is HoconScalar { IsNull: false } s ? s : throw Wrong(key, expected);

    private T Read<T>(string key, string expected, TryParse<T> parse) =>
        parse(Scalar(key, expected).Text, out var value) ? value : throw Wrong(key, expected);
}

using System.Reflection;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>Builds <see cref="MonitorSettings"/> from their layers and refuses what no layer below knows.</summary>
public static class SettingsLoader
{
    /// <summary>The key of the configuration file itself: from an option or the environment only.</summary>
    public const string ConfigKey = "monitor.config";

    private const string Prefix = "MONITOR_";

    private static readonly string[] References = ["common", "seed", "agent", "tui"];

    private static readonly Lazy<HoconObject> Shipped = new(ReadReference);

    /// <summary>Every key with its default. One tree for all programs, so that they can share one file.</summary>
    public static HoconObject Reference => Shipped.Value;

    /// <summary>All layers.</summary>
    /// <param name="environment">Variables; those that begin with <c>MONITOR_</c> set the key of the same letters.</param>
    /// <param name="options">From the command line, as a tree under <c>monitor</c>.</param>
    /// <exception cref="UserError">The file is missing or broken, or sets what does not exist.</exception>
    public static MonitorSettings Load(IReadOnlyDictionary<string, string> environment, HoconObject options)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(options);
        var warnings = new List<string>();
        var above = options.Over(FromEnvironment(environment, warnings));
        var file = above.Find(ConfigKey) is HoconScalar { Text.Length: > 0 } path ? path : null;
        try
        {
            var root = file is null ? Reference : HoconFile.Read(file.Text, environment.GetValueOrDefault, Reference);
            CheckTopLevel(root);
            Check(root, Reference, []);
            return new MonitorSettings(above.Over(root), warnings);
        }
        catch (HoconException e)
        {
            var missing = e.Origin.Line == 0 && file is not null ? $" (named by {file.Origin})" : "";
            throw new UserError(e.Message + missing, e);
        }
    }

    /// <summary>Paths of all settings of the reference; an empty group stands for itself: what it holds is up to the user.</summary>
    public static IEnumerable<string> Keys() => Leaves(Reference, []);

    internal static string VariableOf(string key) =>
        Prefix + key["monitor.".Length..].Replace('.', '_').Replace('-', '_').ToUpperInvariant();

    /// <summary>A tree with one value in it.</summary>
    internal static HoconObject At(string key, HoconValue value) => (HoconObject)HoconPath.Parse(key)
        .Reverse()
        .Aggregate(value, (inner, name) => new HoconObject([new(name, inner)], value.Origin));

    /// <summary>The value of a setting from plain texts, of the kind that the reference has under this key.</summary>
    internal static HoconValue FromTexts(string key, IEnumerable<string> texts, HoconOrigin origin) => Reference.Find(key) switch
    {
        HoconArray => new HoconArray([.. texts.Select(t => new HoconScalar(t, quoted: true, origin))], origin),
        HoconObject => Map(key, texts, origin),
        _ => new HoconScalar(texts.Single(), quoted: true, origin),
    };

    private static HoconObject Map(string key, IEnumerable<string> texts, HoconOrigin origin)
    {
        var fields = new Dictionary<string, HoconValue>(StringComparer.Ordinal);
        foreach (var text in texts)
        {
            if (!Labels.TryParse(text, out var label, out var problem))
            {
                throw new UserError($"{origin}: {key} has \"{text}\"; it {problem}");
            }

            fields[label.Key] = new HoconScalar(label.Value, quoted: true, origin);
        }

        return new HoconObject([.. fields], origin);
    }

    private static HoconObject FromEnvironment(IReadOnlyDictionary<string, string> environment, List<string> warnings)
    {
        var keys = Keys().ToDictionary(VariableOf, StringComparer.Ordinal);
        var layer = HoconObject.Empty;
        foreach (var (name, text) in environment.Where(e => e.Key.StartsWith(Prefix, StringComparison.Ordinal)).OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            if (!keys.TryGetValue(name, out var key))
            {
                warnings.Add($"the environment variable {name} sets nothing{Nearest.Hint(name, keys.Keys)}");
                continue;
            }

            var origin = new HoconOrigin($"environment variable {name}", 0, 0);
            var single = Reference.Find(key) is HoconScalar;
            var texts = single ? [text] : text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
            layer = At(key, FromTexts(key, texts, origin)).Over(layer);
        }

        return layer;
    }

    /// <summary>Other keys at the top may serve the user's own substitutions; only a slip of the two that count is refused.</summary>
    private static void CheckTopLevel(HoconObject root)
    {
        string[] known = ["monitor", "akka"];
        foreach (var (key, value) in root.Fields.Where(f => !known.Contains(f.Key)))
        {
            if (Nearest.To(key, known) is { } near)
            {
                throw new HoconException(value.Origin, $"there is no group {key}; did you mean {near}?");
            }
        }
    }

    private static void Check(HoconObject user, HoconObject reference, string[] path)
    {
        foreach (var (key, known) in reference.Fields)
        {
            if (user.TryGet(key, out var value) && !ReferenceEquals(value, known))
            {
                CheckKind(value, known, [.. path, key]);
            }
        }

        foreach (var (key, value) in path.Length == 0 ? [] : user.Fields.Where(f => !reference.TryGet(f.Key, out _)))
        {
            string[] at = [.. path, key];
            var name = HoconPath.Render(at);
            throw new HoconException(value.Origin, $"there is no setting {name}{Nearest.Hint(name, Keys())}");
        }
    }

    private static void CheckKind(HoconValue value, HoconValue known, string[] path)
    {
        var name = HoconPath.Render(path);
        switch (known, value)
        {
            case (HoconScalar, HoconScalar { IsNull: true }):
                throw new HoconException(value.Origin, $"{name} has no value; write one, or remove the line for the default");
            case (HoconObject { Fields.Count: 0 }, HoconObject):
                return;
            case (HoconObject group, HoconObject fields):
                Check(fields, group, path);
                return;
            case (HoconScalar, HoconScalar) when name == ConfigKey:
                throw new HoconException(value.Origin, "a configuration file can't name another one here; write include \"file\"");
        }

        if (known.GetType() != value.GetType())
        {
            var expected = known is HoconScalar ? "a single value" : known is HoconArray ? "a list [a, b]" : "a group { … }";
            throw new HoconException(value.Origin, $"{name} is {value.Kind}; it must be {expected}");
        }
    }

    private static IEnumerable<string> Leaves(HoconObject of, string[] path) => of.Fields.SelectMany(f =>
        f.Value is HoconObject { Fields.Count: > 0 } group
            ? Leaves(group, [.. path, f.Key])
            : [HoconPath.Render([.. path, f.Key])]);

    private static HoconObject ReadReference()
    {
        var merged = HoconObject.Empty;
        foreach (var name in References.Select(r => $"{r}.reference.conf"))
        {
            using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)
                ?? throw new InvalidOperationException($"{name} is not embedded");
            using var reader = new StreamReader(stream);
            merged = HoconReader.Read(reader.ReadToEnd(), name).Over(merged);
        }

        return merged;
    }
}

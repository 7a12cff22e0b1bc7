using System.Diagnostics.CodeAnalysis;

namespace Hocon;

/// <summary>A resolved value: an object, a list, or a scalar. Immutable.</summary>
public abstract class HoconValue
{
    private protected HoconValue(HoconOrigin origin, int depth, long weight)
    {
        Origin = origin;
        Depth = depth;
        Weight = weight;
    }

    /// <summary>Where it was written.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>Levels of values below and including this one.</summary>
    internal int Depth { get; }

    /// <summary>Values and characters below and including this one, shared ones counted each time they appear.</summary>
    internal long Weight { get; }

    /// <summary>What people call this kind of value.</summary>
    public abstract string Kind { get; }

    /// <summary>Plain HOCON without substitutions or includes, that any HOCON parser reads.</summary>
    public string ToHocon() => HoconRenderer.Render(this);

    /// <inheritdoc/>
    public override string ToString() => ToHocon();
}

/// <summary>Text, a number, a truth value or null. HOCON converts between them on reading, so only the text is kept.</summary>
public sealed class HoconScalar : HoconValue
{
    /// <summary>A scalar.</summary>
    /// <param name="text">As written, without quotes and with escapes decoded.</param>
    /// <param name="quoted">Whether it was quoted, or made of several parts: then it is text and never null.</param>
    /// <param name="origin">Where it was written.</param>
    public HoconScalar(string text, bool quoted, HoconOrigin origin)
        : base(origin, 1, 1L + text.Length)
    {
        Text = text;
        IsNull = !quoted && text == "null";
    }

    /// <summary>As written, without quotes and with escapes decoded.</summary>
    public string Text { get; }

    /// <summary>An unquoted <c>null</c>: the key counts as not set.</summary>
    public bool IsNull { get; }

    /// <inheritdoc/>
    public override string Kind => IsNull ? "null" : "a plain value";
}

/// <summary>A list.</summary>
public sealed class HoconArray : HoconValue
{
    /// <summary>A list of these items.</summary>
    public HoconArray(IReadOnlyList<HoconValue> items, HoconOrigin origin)
        : base(origin, 1 + MaxDepth(items), 1 + items.Sum(i => i.Weight)) => Items = items;

    /// <summary>In order.</summary>
    public IReadOnlyList<HoconValue> Items { get; }

    /// <inheritdoc/>
    public override string Kind => "a list";

    private static int MaxDepth(IReadOnlyList<HoconValue> items) => items.Count == 0 ? 0 : items.Max(i => i.Depth);
}

/// <summary>Keys and their values, in the order in which the keys were first written.</summary>
public sealed class HoconObject : HoconValue
{
    private readonly Dictionary<string, HoconValue> _byKey;

    /// <summary>An object of these fields.</summary>
    /// <exception cref="ArgumentException">A key appears twice.</exception>
    public HoconObject(IReadOnlyList<KeyValuePair<string, HoconValue>> fields, HoconOrigin origin)
        : base(origin, 1 + MaxDepth(fields), 1 + fields.Sum(f => f.Key.Length + f.Value.Weight))
    {
        Fields = fields;
        _byKey = fields.ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>Without fields.</summary>
    public static HoconObject Empty { get; } = new([], new HoconOrigin("empty", 0, 0));

    /// <summary>Keys and values in order.</summary>
    public IReadOnlyList<KeyValuePair<string, HoconValue>> Fields { get; }

    /// <inheritdoc/>
    public override string Kind => "an object";

    /// <summary>The value of one key.</summary>
    public bool TryGet(string key, [MaybeNullWhen(false)] out HoconValue value) => _byKey.TryGetValue(key, out value);

    /// <summary>The value at a path, or null when there is none; an explicit <c>null</c> is returned as such.</summary>
    public HoconValue? Find(IEnumerable<string> path)
    {
        HoconValue? at = this;
        foreach (var key in path)
        {
            if (at is not HoconObject o || !o.TryGet(key, out at))
            {
                return null;
            }
        }

        return at;
    }

    /// <summary>The value at a path expression such as <c>a.b."c.d"</c>, or null.</summary>
    /// <exception cref="HoconException">The expression is malformed.</exception>
    public HoconValue? Find(string path) => Find(HoconPath.Parse(path));

    /// <summary>This object over another: its fields win, objects under the same key merge.</summary>
    /// <exception cref="HoconException">The result is larger than a configuration may be.</exception>
    public HoconObject Over(HoconObject fallback)
    {
        if (fallback.Fields.Count == 0 || ReferenceEquals(this, fallback))
        {
            return this;
        }

        var merged = new List<KeyValuePair<string, HoconValue>>(fallback.Fields.Count + Fields.Count);
        foreach (var (key, old) in fallback.Fields)
        {
            var value = !TryGet(key, out var mine) ? old
                : mine is HoconObject o && old is HoconObject under ? o.Over(under)
                : mine;
            merged.Add(new(key, value));
        }

        merged.AddRange(Fields.Where(f => !fallback._byKey.ContainsKey(f.Key)));
        return Checked(new HoconObject(merged, Origin));
    }

    internal static T Checked<T>(T value)
        where T : HoconValue
    {
        if (value.Depth > HoconLimits.Depth)
        {
            throw new HoconException(value.Origin, $"values are nested more than {HoconLimits.Depth} deep");
        }

        if (value.Weight > HoconLimits.Weight)
        {
            throw new HoconException(value.Origin, $"the configuration grows past {HoconLimits.Weight} characters here; are substitutions multiplying?");
        }

        return value;
    }

    private static int MaxDepth(IReadOnlyList<KeyValuePair<string, HoconValue>> fields) =>
        fields.Count == 0 ? 0 : fields.Max(f => f.Value.Depth);
}

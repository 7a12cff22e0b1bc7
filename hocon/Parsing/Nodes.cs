namespace Hocon.Parsing;

/// <summary>A value as written: substitutions not yet looked up, later settings of a key not yet weighed against earlier ones.</summary>
internal abstract class HoconNode(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;
}

/// <summary>A value that needs no looking up.</summary>
internal sealed class ValueNode(HoconValue value) : HoconNode(value.Origin)
{
    public HoconValue Value { get; } = value;
}

/// <summary>White space between the parts of a concatenation: kept between texts, dropped between lists or objects.</summary>
internal sealed class BlankNode(string text, HoconOrigin origin) : HoconNode(origin)
{
    public string Text { get; } = text;
}

/// <summary><c>[ … ]</c></summary>
internal sealed class ArrayNode(IReadOnlyList<HoconNode> items, HoconOrigin origin) : HoconNode(origin)
{
    public IReadOnlyList<HoconNode> Items { get; } = items;
}

/// <summary><c>${path}</c> or <c>${?path}</c></summary>
internal sealed class SubstitutionNode(IReadOnlyList<string> path, IReadOnlyList<string> prefix, bool optional, HoconOrigin origin) : HoconNode(origin)
{
    public IReadOnlyList<string> Path { get; } = path;

    /// <summary>Where the text that says it was included: the path is tried under it first.</summary>
    public IReadOnlyList<string> Prefix { get; } = prefix;

    public bool Optional { get; } = optional;
}

/// <summary>Values side by side.</summary>
internal sealed class ConcatenationNode(IReadOnlyList<HoconNode> parts, HoconOrigin origin) : HoconNode(origin)
{
    public IReadOnlyList<HoconNode> Parts { get; } = parts;
}

/// <summary><c>key += item</c></summary>
internal sealed class AppendNode(HoconNode item, HoconOrigin origin) : HoconNode(origin)
{
    public HoconNode Item { get; } = item;
}

/// <summary><c>{ … }</c>; being filled while its text is parsed.</summary>
internal sealed class ObjectNode(HoconOrigin origin) : HoconNode(origin)
{
    private readonly Dictionary<string, FieldNode> _byKey = new(StringComparer.Ordinal);

    /// <summary>In the order of first mention.</summary>
    public List<FieldNode> Fields { get; } = [];

    /// <summary>A resolved object to be set upon.</summary>
    public static ObjectNode Of(HoconObject value)
    {
        var node = new ObjectNode(value.Origin);
        foreach (var (key, child) in value.Fields)
        {
            node.Set(key, child is HoconObject o ? Of(o) : new ValueNode(child));
        }

        return node;
    }

    public FieldNode? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Sets a key; an object on top of an object merges at once, anything else waits for resolution.</summary>
    public void Set(string key, HoconNode value)
    {
        var field = Field(key);
        if (value is ObjectNode added && field.Layers.LastOrDefault() is ObjectNode under)
        {
            under.Absorb(added);
        }
        else
        {
            field.Layers.Add(value);
        }
    }

    /// <summary>The object under a key that following settings go into.</summary>
    public ObjectNode Child(string key, HoconOrigin origin)
    {
        var field = Field(key);
        if (field.Layers.LastOrDefault() is ObjectNode child)
        {
            return child;
        }

        child = new ObjectNode(origin);
        field.Layers.Add(child);
        return child;
    }

    private FieldNode Field(string key)
    {
        if (!_byKey.TryGetValue(key, out var field))
        {
            field = new FieldNode(key);
            _byKey.Add(key, field);
            Fields.Add(field);
        }

        return field;
    }

    private void Absorb(ObjectNode other)
    {
        foreach (var field in other.Fields)
        {
            foreach (var layer in field.Layers)
            {
                Set(field.Key, layer);
            }
        }
    }
}

/// <summary>A key and everything it was set to, oldest first.</summary>
internal sealed class FieldNode(string key)
{
    public string Key { get; } = key;

    public List<HoconNode> Layers { get; } = [];

    /// <summary>Set once the value is known not to depend on who asks.</summary>
    public bool IsResolved { get; set; }

    public HoconValue? Resolved { get; set; }
}

namespace Hocon.Parsing;

/// <summary>Finds included texts and refuses circles and floods of them.</summary>
internal sealed class IncludeScope(HoconIncludeResolver? resolver)
{
    private readonly List<string> _open = [];
    private int _count;

    /// <summary>Marks a text as being read until the result is disposed.</summary>
    public IDisposable Enter(string name)
    {
        _open.Add(name);
        return new Leave(_open);
    }

    /// <summary>The included text; null when there is none and it is not required.</summary>
    public HoconSource? Find(string requested, bool required, HoconOrigin origin)
    {
        if (resolver is null)
        {
            throw new HoconException(origin, "include is not possible here; write the settings in place");
        }

        if (_open.Count > HoconLimits.IncludeDepth || ++_count > HoconLimits.Includes)
        {
            throw new HoconException(origin, $"too many includes (at most {HoconLimits.IncludeDepth} deep, {HoconLimits.Includes} in all)");
        }

        var found = resolver(origin.Source, requested);
        if (found is null)
        {
            return required
                ? throw new HoconException(origin, $"the required include {HoconRenderer.Quote(requested)} does not exist")
                : null;
        }

        return _open.Contains(found.Name, StringComparer.Ordinal)
            ? throw new HoconException(origin, $"include goes in a circle: {string.Join(" -> ", _open.Append(found.Name))}")
            : found;
    }

    private sealed class Leave(List<string> open) : IDisposable
    {
        public void Dispose() => open.RemoveAt(open.Count - 1);
    }
}

using System.Globalization;

namespace ClusterMonitor.Tui;

/// <summary>
/// What the filter line says: words that all must hold. <c>web</c> is part of the name, address or system;
/// <c>rack=a7</c> a label (a trailing <c>*</c> matches any rest); <c>state:down</c> a state; <c>cpu&gt;80</c>, <c>mem&lt;50</c>,
/// <c>load&gt;4</c> numbers (percent, or load); a leading <c>!</c> turns a word around.
/// </summary>
internal sealed class NodeFilter
{
    private readonly List<Func<FleetRow, bool>> _words = [];

    private NodeFilter(string text) => Text = text;

    public static NodeFilter None { get; } = new("");

    public string Text { get; }

    public static NodeFilter Parse(string text)
    {
        var filter = new NodeFilter(text);
        foreach (var word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var inverted = word.Length > 1 && word[0] == '!';
            var test = Word(inverted ? word[1..] : word);
            filter._words.Add(inverted ? row => !test(row) : test);
        }

        return filter;
    }

    public bool Matches(FleetRow row)
    {
        foreach (var word in _words)
        {
            if (!word(row))
            {
                return false;
            }
        }

        return true;
    }

    private static Func<FleetRow, bool> Word(string word)
    {
        if (word.StartsWith("state:", StringComparison.OrdinalIgnoreCase))
        {
            var state = word[6..];
            return row => Format.State(row.State).StartsWith(state, StringComparison.OrdinalIgnoreCase);
        }

        return Comparison(word) ?? Label(word) ?? (row => Contains(row.Name, word) || Contains(row.Identity.Address, word) || Contains(row.Identity.Os, word));
    }

    private static Func<FleetRow, bool>? Label(string word)
    {
        var equals = word.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            return null;
        }

        var (key, value) = (word[..equals], word[(equals + 1)..]);
        return value.EndsWith('*')
            ? row => row.Identity.Labels.TryGetValue(key, out var has) && has.StartsWith(value[..^1], StringComparison.OrdinalIgnoreCase)
            : row => row.Identity.Labels.TryGetValue(key, out var has) && has.Equals(value, StringComparison.OrdinalIgnoreCase);
    }

    private static Func<FleetRow, bool>? Comparison(string word)
    {
        var at = word.AsSpan().IndexOfAny('<', '>');
        if (at <= 0 || !double.TryParse(word.AsSpan(at + 1).TrimEnd('%'), NumberStyles.Float, CultureInfo.InvariantCulture, out var limit))
        {
            return null;
        }

        Func<FleetRow, double>? value = word[..at].ToLowerInvariant() switch
        {
            "cpu" => row => row.Vitals.Cpu * 100,
            "mem" or "memory" => row => row.Vitals.Memory * 100,
            "swap" => row => row.Vitals.Swap * 100,
            "disk" => row => row.Vitals.Disk * 100,
            "load" => row => row.Vitals.Load1,
            _ => null,
        };
        return value is null ? null
            : word[at] == '>' ? row => row.HasNumbers && value(row) > limit
            : row => row.HasNumbers && value(row) < limit;
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);
}

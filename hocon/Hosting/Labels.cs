using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace ClusterMonitor.Hosting;

/// <summary>Labels of a node and attributes of a metric on the command line: <c>key=value</c>.</summary>
public static partial class Labels
{
    /// <summary>What is allowed, for messages.</summary>
    public const string Hint = "KEY=VALUE with a key of letters, digits, '.', '-', '_', '/' and a value of at most 255 printable characters";

    /// <summary>Reads <c>key=value</c>; the value may hold further equal signs.</summary>
    public static bool TryParse(string text, out KeyValuePair<string, string> label, [NotNullWhen(false)] out string? problem)
    {
        ArgumentNullException.ThrowIfNull(text);
        var split = text.Split('=', 2);
        label = split.Length == 2 ? new(split[0], split[1]) : default;
        problem = split.Length == 2 && Key().IsMatch(split[0]) && split[1].Length <= 255 && Printable.Escape(split[1]) == split[1]
            ? null
            : $"must be {Hint}";
        return problem is null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._/-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Key();
}

using System.Text.RegularExpressions;
using Hocon.Parsing;

namespace Hocon;

/// <summary>Path expressions: keys joined by dots; a key with other characters than letters, digits, <c>-</c> and <c>_</c> in quotes.</summary>
public static partial class HoconPath
{
    /// <summary>The keys of a path expression.</summary>
    /// <exception cref="HoconException">It is malformed.</exception>
    public static IReadOnlyList<string> Parse(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (!path.Contains('"', StringComparison.Ordinal) && Plain().IsMatch(path))
        {
            return path.Split('.');
        }

        var scanner = new HoconScanner(path, "path");
        var keys = HoconPathParser.Parse(scanner);
        if (!scanner.AtEnd)
        {
            throw new HoconException(scanner.Origin, $"{HoconScanner.Show(scanner.Peek())} does not belong into a path; put the key in quotes");
        }

        return keys;
    }

    /// <summary>The path expression of these keys: <see cref="Parse"/> gives them back.</summary>
    public static string Render(IEnumerable<string> keys) => string.Join('.', keys.Select(RenderKey));

    internal static string RenderKey(string key) => Plain().IsMatch(key) && !key.Contains('.', StringComparison.Ordinal) && key != "include"
        ? key
        : HoconRenderer.Quote(key);

    [GeneratedRegex(@"\A[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Plain();
}

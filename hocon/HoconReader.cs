using Hocon.Parsing;

namespace Hocon;

/// <summary>A text to be read and the name that messages call it by.</summary>
/// <param name="Name">The same text always has the same name: cycles of includes are recognised by it.</param>
/// <param name="Text">HOCON.</param>
public sealed record HoconSource(string Name, string Text);

/// <summary>Finds an included text; null when there is none.</summary>
/// <param name="including">Name of the source that includes it: what is requested is relative to it.</param>
/// <param name="requested">As written after <c>include</c>.</param>
public delegate HoconSource? HoconIncludeResolver(string including, string requested);

/// <summary>
/// Reads HOCON (https://github.com/lightbend/config/blob/main/HOCON.md) into an immutable, fully resolved tree.
/// Pure: files and the environment are reached only through the functions handed in.
/// </summary>
public static class HoconReader
{
    /// <summary>Reads a text.</summary>
    /// <param name="text">HOCON; at most 4 Mi characters.</param>
    /// <param name="sourceName">What messages call it: a file's name.</param>
    /// <param name="include">Finds included texts; null = includes are an error.</param>
    /// <param name="environment">Looks up what a substitution does not find in the text; null = nothing is found.</param>
    /// <param name="fallback">Settings underneath: the result is the text over them, and its substitutions see them.</param>
    /// <exception cref="HoconException">The text is malformed, refers to something undefined, or goes past a limit. The only exception for any text.</exception>
    public static HoconObject Read(
        string text,
        string sourceName,
        HoconIncludeResolver? include = null,
        Func<string, string?>? environment = null,
        HoconObject? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(sourceName);
        var root = fallback is null ? new ObjectNode(new HoconOrigin(sourceName, 1, 1)) : ObjectNode.Of(fallback);
        var includes = new IncludeScope(include);
        HoconParser.ParseInto(root, new HoconSource(sourceName, text), [], includes);
        return new HoconResolver(root, environment ?? (_ => null)).Resolve();
    }
}

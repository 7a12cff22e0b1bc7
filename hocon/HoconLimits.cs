namespace Hocon;

/// <summary>
/// What a text may ask for. Far above any real configuration; low enough that a hostile one costs neither the stack nor the heap.
/// </summary>
internal static class HoconLimits
{
    /// <summary>Objects and lists inside each other, elements of a path included.</summary>
    public const int Depth = 100;

    /// <summary>UTF-16 units of one text.</summary>
    public const int TextLength = 4 << 20;

    /// <summary>Includes inside includes.</summary>
    public const int IncludeDepth = 20;

    /// <summary>Includes in all; a diamond of includes counts each visit.</summary>
    public const int Includes = 200;

    /// <summary>
    /// Frames of resolution on the stack, each a few hundred bytes; a chain of substitutions takes two to three a link.
    /// </summary>
    public const int ResolveDepth = 500;

    /// <summary>Steps of resolution: bounds the time of substitutions that multiply.</summary>
    public const int ResolveSteps = 2_000_000;

    /// <summary>Values plus characters of the result: bounds substitutions that double each other's size.</summary>
    public const long Weight = 16 << 20;
}

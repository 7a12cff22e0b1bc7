using System.Runtime.InteropServices;

namespace ClusterMonitor.Tui;

/// <summary>
/// One column of one row: 16 bytes without padding, so that rows are compared as bytes.
/// </summary>
/// <remarks>
/// <see cref="Glyph"/> is a code point; 0 is the right half of the wide glyph before it; from <see cref="Clusters.First"/> on
/// it names an interned cluster. A colour is 0 (the terminal's own) or 0x01RRGGBB (see <see cref="Rgb"/>).
/// </remarks>
[StructLayout(LayoutKind.Sequential)]
internal struct Cell
{
    public uint Glyph;
    public uint Foreground;
    public uint Background;
    public CellAttributes Attributes;

    /// <summary>A blank of the terminal's own colours.</summary>
    public static readonly Cell Blank = new() { Glyph = ' ' };

    /// <summary>Shows nothing: a space without background, underline or reversal.</summary>
    public readonly bool IsBlank => Glyph == ' ' && Background == 0 && Attributes == CellAttributes.None;
}

[Flags]
internal enum CellAttributes : uint
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Reverse = 16,
}

/// <summary>How text is drawn. A background of 0 leaves the one that is there.</summary>
internal readonly record struct Style(uint Foreground, uint Background = 0, CellAttributes Attributes = CellAttributes.None)
{
    public Style Bold => this with { Attributes = Attributes | CellAttributes.Bold };
}

/// <summary>Colours as 0x01RRGGBB; 0 is the terminal's own.</summary>
internal static class Rgb
{
    public const uint Default = 0;

    public static uint Hex(uint rrggbb) => 0x0100_0000u | rrggbb;

    public static uint Of(int red, int green, int blue) => 0x0100_0000u | ((uint)red << 16) | ((uint)green << 8) | (uint)blue;

    public static int Red(uint colour) => (int)(colour >> 16) & 255;

    public static int Green(uint colour) => (int)(colour >> 8) & 255;

    public static int Blue(uint colour) => (int)colour & 255;

    /// <summary>From <paramref name="a"/> (0) to <paramref name="b"/> (1).</summary>
    public static uint Mix(uint a, uint b, double t)
    {
        return Of(Channel(16), Channel(8), Channel(0));

        int Channel(int shift) => (int)Math.Round((((a >> shift) & 255) * (1 - t)) + (((b >> shift) & 255) * t));
    }
}

/// <summary>A rectangle of cells; everything drawn into one is clipped by the screen.</summary>
internal readonly record struct Rect(int X, int Y, int Width, int Height)
{
    public int Right => X + Width;

    public int Bottom => Y + Height;

    public bool IsEmpty => Width <= 0 || Height <= 0;

    /// <summary>Without its border.</summary>
    public Rect Inner => new(X + 1, Y + 1, Math.Max(0, Width - 2), Math.Max(0, Height - 2));

    /// <summary>Cuts <paramref name="height"/> rows off the top.</summary>
    public (Rect Top, Rect Below) CutTop(int height)
    {
        var cut = Math.Clamp(height, 0, Math.Max(0, Height));
        return (this with { Height = cut }, new Rect(X, Y + cut, Width, Height - cut));
    }

    /// <summary>Cuts <paramref name="width"/> columns off the left.</summary>
    public (Rect Left, Rect Right) CutLeft(int width)
    {
        var cut = Math.Clamp(width, 0, Math.Max(0, Width));
        return (this with { Width = cut }, new Rect(X + cut, Y, Width - cut, Height));
    }

    public bool Contains(int x, int y) => x >= X && x < Right && y >= Y && y < Bottom;
}

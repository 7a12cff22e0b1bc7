using System.Globalization;
using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>
/// A grid of cells to draw on. Everything is clipped, and nothing that is not printable gets in: control characters
/// become U+FFFD, because the names of nodes, processes and mounts are written by strangers.
/// </summary>
internal sealed class Screen
{
    private const uint Replacement = 0xFFFD;

    private Cell[] _cells = [];

    public Screen(int width, int height, Clusters? clusters = null)
    {
        Clusters = clusters ?? new Clusters();
        Resize(width, height);
    }

    public int Width { get; private set; }

    public int Height { get; private set; }

    public Clusters Clusters { get; }

    public Rect Bounds => new(0, 0, Width, Height);

    public ReadOnlySpan<Cell> Row(int y) => _cells.AsSpan(y * Width, Width);

    public Cell this[int x, int y] => _cells[(y * Width) + x];

    public void Resize(int width, int height)
    {
        Width = Math.Max(0, width);
        Height = Math.Max(0, height);
        _cells = new Cell[Width * Height];
        Clear();
    }

    public void Clear() => _cells.AsSpan().Fill(Cell.Blank);

    /// <summary>Blanks a rectangle, with this background.</summary>
    public void Fill(Rect area, uint background = Rgb.Default, CellAttributes attributes = CellAttributes.None)
    {
        var left = Math.Clamp(area.X, 0, Width);
        var right = Math.Clamp(area.Right, left, Width);
        for (var y = Math.Max(0, area.Y); y < Math.Min(area.Bottom, Height); y++)
        {
            if (left < right)
            {
                SplitWide(left, y);
                SplitWide(right, y);
            }

            _cells.AsSpan((y * Width) + left, right - left).Fill(new Cell { Glyph = ' ', Background = background, Attributes = attributes });
        }
    }

    /// <summary>Writes one glyph of one column.</summary>
    public void Put(int x, int y, uint glyph, Style style)
    {
        if ((uint)x >= (uint)Width || (uint)y >= (uint)Height)
        {
            return;
        }

        SplitWide(x, y);
        SplitWide(x + 1, y);
        ref var cell = ref _cells[(y * Width) + x];
        cell.Glyph = glyph;
        cell.Foreground = style.Foreground;
        cell.Background = style.Background == Rgb.Default ? cell.Background : style.Background;
        cell.Attributes = style.Attributes;
    }

    /// <summary>Writes a text in at most <paramref name="maxColumns"/> columns and returns the column after it.</summary>
    public int Text(int x, int y, ReadOnlySpan<char> text, Style style, int maxColumns = int.MaxValue)
    {
        var end = (int)Math.Min(Width, (long)x + Math.Max(0, maxColumns));
        for (var i = 0; i < text.Length;)
        {
            if (Tui.Width.IsPlain(text, i))
            {
                if (x >= end)
                {
                    return x;
                }

                Put(x++, y, text[i] < 0x20 ? Replacement : text[i], style);
                i++;
                continue;
            }

            var length = StringInfo.GetNextTextElementLength(text[i..]);
            var cluster = text.Slice(i, length);
            i += length;
            var columns = Tui.Width.OfCluster(cluster);
            if (columns == 0)
            {
                continue;
            }

            if (x + Math.Max(1, columns) > end)
            {
                return x;
            }

            PutCluster(x, y, cluster, columns, style);
            x += Math.Max(1, columns);
        }

        return x;
    }

    /// <summary>A text in exactly <paramref name="columns"/> columns: cut with an ellipsis, or padded on the right.</summary>
    public int Field(int x, int y, ReadOnlySpan<char> text, int columns, Style style, char ellipsis = '…')
    {
        if (columns <= 0)
        {
            return x;
        }

        if (Tui.Width.OfText(text) <= columns)
        {
            Text(x, y, text, style, columns);
            return x + columns;
        }

        var end = Text(x, y, text, style, columns - 1);
        Put(end, y, ellipsis, style);
        return x + columns;
    }

    /// <summary>A text that ends before column <paramref name="right"/>.</summary>
    public void TextRight(int right, int y, ReadOnlySpan<char> text, Style style) => Text(right - Tui.Width.OfText(text), y, text, style);

    /// <summary>The rows as text, without colours; what a terminal of this size shows.</summary>
    public string Dump(bool trimRight = false)
    {
        var all = new StringBuilder();
        var line = new StringBuilder();
        for (var y = 0; y < Height; y++)
        {
            line.Clear();
            foreach (var cell in Row(y))
            {
                if (cell.Glyph == 0)
                {
                    continue;
                }

                if (cell.Glyph >= Clusters.First)
                {
                    line.Append(Clusters.TextOf(cell.Glyph));
                }
                else
                {
                    line.Append(new Rune(cell.Glyph).ToString());
                }
            }

            all.Append(trimRight ? line.ToString().TrimEnd(' ') : line).Append('\n');
        }

        return all.ToString();
    }

    private void PutCluster(int x, int y, ReadOnlySpan<char> cluster, int columns, Style style)
    {
        Rune.DecodeFromUtf16(cluster, out var first, out var used);
        var glyph = columns < 0 ? Replacement
            : used == cluster.Length ? (uint)first.Value
            : Printable(cluster[used..]) ? Clusters.Intern(cluster)
            : Replacement;

        // Clipped on the left, or a wide cluster replaced by one column.
        if (x < 0)
        {
            return;
        }

        Put(x, y, glyph, style);
        if (columns == 2)
        {
            Put(x + 1, y, ' ', style);
            if (glyph != Replacement && (uint)y < (uint)Height)
            {
                _cells[(y * Width) + x + 1].Glyph = 0;
            }
        }
    }

    private static bool Printable(ReadOnlySpan<char> rest)
    {
        foreach (var rune in rest.EnumerateRunes())
        {
            // Tags (flags of regions) are format characters, and harmless inside a cluster.
            if (Tui.Width.Of(rune) < 0 && rune.Value is not (>= 0xE0020 and <= 0xE007F))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>If a wide glyph straddles the edge before this column, both halves become blanks.</summary>
    private void SplitWide(int x, int y)
    {
        if (x <= 0 || x >= Width)
        {
            return;
        }

        ref var right = ref _cells[(y * Width) + x];
        if (right.Glyph == 0)
        {
            right.Glyph = ' ';
            _cells[(y * Width) + x - 1].Glyph = ' ';
        }
    }
}

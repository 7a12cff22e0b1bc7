using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>
/// Turns the difference between the frame that the terminal shows and the next one into few bytes.
/// Pure: it fills <see cref="Bytes"/>, and whoever owns the terminal writes them with one call.
/// </summary>
/// <remarks>
/// Equal runs are skipped as bytes, 16 per cell, by the runtime's vectorised comparison; a short gap in the current style is
/// rewritten because a jump costs more; colours are compared as the terminal will see them, after being brought to its depth.
/// Every frame is wrapped in synchronized output (private mode 2026), which terminals without it ignore.
/// </remarks>
internal sealed class AnsiWriter(ColourDepth depth, bool utf8)
{
    private const int UnknownColumn = -1;
    private const int CheapGap = 3;

    private readonly Palette _palette = new(depth);
    private byte[] _buffer = new byte[16 * 1024];
    private int _length;

    private Cell[] _shown = [];
    private int _shownWidth = -1;
    private int _shownHeight = -1;

    // What the terminal is in now: cursor and rendition.
    private int _x = UnknownColumn;
    private int _y;
    private uint _foreground;
    private uint _background;
    private CellAttributes _attributes;

    /// <summary>What to send; empty when nothing has changed.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Forgets what the terminal shows: the next frame redraws everything.</summary>
    public void Invalidate() => _shownWidth = -1;

    /// <summary>Starts the next batch of bytes.</summary>
    public void Reset() => _length = 0;

    /// <summary>Adds bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Adds what brings the terminal from the frame before to this one. True if there was anything to say.</summary>
    public bool Frame(Screen screen)
    {
        var start = _length;
        Raw("\e[?2026h"u8);
        var body = _length;
        if (_shownWidth != screen.Width || _shownHeight != screen.Height)
        {
            StartOver(screen);
        }

        for (var y = 0; y < screen.Height; y++)
        {
            WriteRow(screen, y, _shown.AsSpan(y * screen.Width, screen.Width));
        }

        if (_length == body)
        {
            _length = start;
            return false;
        }

        Raw("\e[?2026l"u8);
        return true;
    }

    private void StartOver(Screen screen)
    {
        _shown = new Cell[screen.Width * screen.Height];
        _shown.AsSpan().Fill(Cell.Blank);
        (_shownWidth, _shownHeight) = (screen.Width, screen.Height);
        Raw("\e[0m\e[H\e[2J"u8);
        (_x, _y, _foreground, _background, _attributes) = (0, 0, Rgb.Default, Rgb.Default, CellAttributes.None);
    }

    private void WriteRow(Screen screen, int y, Span<Cell> shown)
    {
        var next = screen.Row(y);
        var x = Rows.EqualRun(shown, next, 0);
        if (x >= next.Length)
        {
            return;
        }

        var blankFrom = Rows.BlankTail(next);
        while (x < next.Length)
        {
            if (x >= blankFrom && Rows.InkIn(shown[x..]) > CheapGap)
            {
                EraseToEnd(x, y);
                break;
            }

            var equal = Rows.EqualRun(shown, next, x);
            if (equal > 0)
            {
                x += equal;
                if (x < next.Length && equal <= CheapGap && _x == x - equal && _y == y && InCurrentStyle(next.Slice(x - equal, equal)))
                {
                    for (var i = x - equal; i < x; i++)
                    {
                        Glyph(screen, next[i].Glyph);
                        _x++;
                    }
                }

                continue;
            }

            x += WriteCell(screen, x, y, next);
        }

        next.CopyTo(shown);
    }

    /// <summary>Writes the glyph at x (from its left half if that is before) and returns by how much to go on.</summary>
    private int WriteCell(Screen screen, int x, int y, ReadOnlySpan<Cell> next)
    {
        if (next[x].Glyph == 0)
        {
            // The left half was the same but the right half was something else: write the whole glyph again.
            if (x == 0)
            {
                return 1;
            }

            x--;
            WriteCell(screen, x, y, next);
            return 1;
        }

        var wide = x + 1 < next.Length && next[x + 1].Glyph == 0;
        Move(x, y);
        Rendition(next[x]);
        Glyph(screen, next[x].Glyph);
        _x += wide ? 2 : 1;

        // Terminals disagree about these widths, and at the right edge about where the cursor is: place it anew next time.
        if (wide || Width.IsDoubtful(next[x].Glyph) || _x >= next.Length)
        {
            _x = UnknownColumn;
        }

        return wide ? 2 : 1;
    }

    private void EraseToEnd(int x, int y)
    {
        Move(x, y);
        Rendition(Cell.Blank);
        Raw("\e[K"u8);
    }

    private bool InCurrentStyle(ReadOnlySpan<Cell> cells)
    {
        foreach (ref readonly var cell in cells)
        {
            if (cell.Glyph is 0 or >= 0x80 || cell.Background != _background || cell.Attributes != _attributes
                || (cell.Glyph != ' ' && cell.Foreground != _foreground))
            {
                return false;
            }
        }

        return true;
    }

    private void Move(int x, int y)
    {
        if (_x == x && _y == y)
        {
            return;
        }

        if (_x >= 0 && _y == y && x > _x)
        {
            Raw("\e["u8);
            if (x - _x > 1)
            {
                Number(x - _x);
            }

            Byte((byte)'C');
        }
        else if (_x >= 0 && x == 0 && y == _y + 1)
        {
            Raw("\r\n"u8);
        }
        else
        {
            Raw("\e["u8);
            Number(y + 1);
            if (x > 0)
            {
                Byte((byte)';');
                Number(x + 1);
            }

            Byte((byte)'H');
        }

        (_x, _y) = (x, y);
    }

    private void Rendition(in Cell cell)
    {
        var attributes = cell.Attributes;
        var sameForeground = depth == ColourDepth.None || SameColour(cell.Foreground, _foreground);
        var sameBackground = depth == ColourDepth.None || SameColour(cell.Background, _background);
        const CellAttributes visibleOnBlanks = CellAttributes.Reverse | CellAttributes.Underline;
        if (cell.Glyph == ' ' && (attributes & visibleOnBlanks) == 0 && (_attributes & visibleOnBlanks) == 0)
        {
            // Nobody sees the foreground or the weight of a blank.
            sameForeground = true;
            attributes = _attributes;
        }

        if (sameForeground && sameBackground && attributes == _attributes)
        {
            return;
        }

        Raw("\e["u8);
        var first = true;
        if ((_attributes & ~attributes) != 0)
        {
            Next(0);
            (_foreground, _background, _attributes) = (Rgb.Default, Rgb.Default, CellAttributes.None);
            sameForeground = depth == ColourDepth.None || cell.Foreground == Rgb.Default;
            sameBackground = depth == ColourDepth.None || cell.Background == Rgb.Default;
        }

        var added = attributes & ~_attributes;
        Attribute(CellAttributes.Bold, 1);
        Attribute(CellAttributes.Dim, 2);
        Attribute(CellAttributes.Italic, 3);
        Attribute(CellAttributes.Underline, 4);
        Attribute(CellAttributes.Reverse, 7);
        _attributes = attributes;
        if (!sameForeground)
        {
            Separate();
            Colour(cell.Foreground, 0);
            _foreground = cell.Foreground;
        }

        if (!sameBackground)
        {
            Separate();
            Colour(cell.Background, 10);
            _background = cell.Background;
        }

        Byte((byte)'m');

        void Attribute(CellAttributes attribute, int code)
        {
            if ((added & attribute) != 0)
            {
                Next(code);
            }
        }

        void Next(int code)
        {
            Separate();
            Number(code);
        }

        void Separate()
        {
            if (!first)
            {
                Byte((byte)';');
            }

            first = false;
        }
    }

    private bool SameColour(uint a, uint b)
    {
        if (a == b || depth == ColourDepth.TrueColour || a == Rgb.Default || b == Rgb.Default)
        {
            return a == b;
        }

        return _palette.IndexOf(a) == _palette.IndexOf(b);
    }

    /// <summary>SGR parameters of a colour; <paramref name="offset"/> is 10 for backgrounds.</summary>
    private void Colour(uint colour, int offset)
    {
        if (colour == Rgb.Default)
        {
            Number(39 + offset);
            return;
        }

        if (depth == ColourDepth.TrueColour)
        {
            Number(38 + offset);
            Raw(";2;"u8);
            Number(Rgb.Red(colour));
            Byte((byte)';');
            Number(Rgb.Green(colour));
            Byte((byte)';');
            Number(Rgb.Blue(colour));
            return;
        }

        var index = _palette.IndexOf(colour);
        if (index < 16)
        {
            Number((index < 8 ? 30 : 82) + index + offset);
            return;
        }

        Number(38 + offset);
        Raw(";5;"u8);
        Number(index);
    }

    private void Glyph(Screen screen, uint glyph)
    {
        if (glyph < 0x80)
        {
            Byte((byte)glyph);
        }
        else if (!utf8)
        {
            Byte((byte)'?');
        }
        else if (glyph >= Clusters.First)
        {
            var text = screen.Clusters.TextOf(glyph);
            Reserve(text.Length * 3);
            _length += Encoding.UTF8.GetBytes(text, _buffer.AsSpan(_length));
        }
        else
        {
            Reserve(4);
            _length += new Rune(glyph).EncodeToUtf8(_buffer.AsSpan(_length));
        }
    }

    private void Number(int value)
    {
        Reserve(11);
        value.TryFormat(_buffer.AsSpan(_length), out var written, provider: System.Globalization.CultureInfo.InvariantCulture);
        _length += written;
    }

    private void Byte(byte value)
    {
        Reserve(1);
        _buffer[_length++] = value;
    }

    private void Reserve(int count)
    {
        if (_length + count > _buffer.Length)
        {
            Array.Resize(ref _buffer, Math.Max(_buffer.Length * 2, _length + count));
        }
    }
}

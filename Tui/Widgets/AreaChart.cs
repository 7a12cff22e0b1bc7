namespace ClusterMonitor.Tui;

/// <summary>How the vertical axis is written.</summary>
internal enum ChartUnit
{
    /// <summary>A fraction, 0 to 1.</summary>
    Percent,

    /// <summary>Bytes per second.</summary>
    Rate,
}

/// <summary>What a chart shows.</summary>
/// <param name="Title">Top left.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="Colour">Of the area; 0 = the gradient, cool at the bottom and hot at the top.</param>
internal readonly record struct ChartStyle(string Title, ChartUnit Unit, uint Colour = Rgb.Default);

/// <summary>An area over time in braille (two columns and four rows of dots a cell), with axis, scale, time labels and gaps.</summary>
internal static class AreaChart
{
    private const int AxisWidth = 6;

    /// <summary>Columns of values that a chart of this width shows.</summary>
    public static int ColumnsFor(int width) => Math.Max(0, width - 2 - AxisWidth) * 2;

    /// <summary>Draws a frame with the chart in it. <paramref name="values"/> has a value for each column, the newest last; NaN is a gap.</summary>
    public static void Draw(Screen screen, Rect area, Theme theme, ChartStyle style, ReadOnlySpan<double> values, double now, TimeSpan range, bool stale = false)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var note = style.Unit == ChartUnit.Percent ? Format.Percent(now, buffer) : Format.Rate(now, buffer);
        Span<char> noteBuffer = stackalloc char[Format.BufferSize];
        note.CopyTo(noteBuffer);
        var length = note.Length;
        if (style.Unit == ChartUnit.Rate && !double.IsNaN(now))
        {
            "/s".CopyTo(noteBuffer[length..]);
            length += 2;
        }

        var inner = Frame.Draw(screen, area, theme, style.Title, noteBuffer[..length]);
        if (inner.Width <= AxisWidth + 1 || inner.Height < 1)
        {
            return;
        }

        var scale = style.Unit == ChartUnit.Percent ? 1 : NiceCeiling(Peak(values));
        var timeRow = inner.Height >= 5;
        var plot = new Rect(inner.X + AxisWidth, inner.Y, inner.Width - AxisWidth, inner.Height - (timeRow ? 1 : 0));
        DrawAxis(screen, inner, plot, theme, style, scale);
        if (timeRow)
        {
            DrawTimes(screen, plot, theme, range);
        }

        var colour = stale ? theme.Muted : style.Colour;
        if (theme.Tier == GlyphTier.Full)
        {
            Braille(screen, plot, theme, colour, values, scale, stale);
        }
        else
        {
            Blocks(screen, plot, theme, colour, values, scale, stale);
        }
    }

    /// <summary>The next 1, 2 or 5 times a power of ten.</summary>
    public static double NiceCeiling(double value)
    {
        if (!(value > 0))
        {
            return 1000;
        }

        var power = Math.Pow(10, Math.Floor(Math.Log10(value)));
        var digit = value / power;
        return power * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
    }

    private static double Peak(ReadOnlySpan<double> values)
    {
        var peak = 0.0;
        foreach (var value in values)
        {
            peak = value > peak ? value : peak;
        }

        return peak;
    }

    private static void DrawAxis(Screen screen, Rect inner, Rect plot, Theme theme, ChartStyle style, double scale)
    {
        for (var y = plot.Y; y < plot.Bottom; y++)
        {
            screen.Put(plot.X - 1, y, theme.Box[5], new Style(theme.Faint));
        }

        Label(plot.Y, scale);
        if (plot.Height >= 3)
        {
            Label(plot.Bottom - 1, 0);
        }

        if (plot.Height >= 7)
        {
            Label(plot.Y + (plot.Height / 2), scale / 2);
        }

        void Label(int y, double value)
        {
            Span<char> buffer = stackalloc char[Format.BufferSize];
            var text = style.Unit == ChartUnit.Percent ? Format.Percent(value, buffer) : Short(value, buffer);
            screen.TextRight(inner.X + AxisWidth - 1, y, text, new Style(theme.Muted));
        }
    }

    /// <summary>A nice number without decimals: <c>500k</c>.</summary>
    private static ReadOnlySpan<char> Short(double value, Span<char> buffer)
    {
        const string units = " kMGTPE";
        var unit = 0;
        while (value >= 1000 && unit < units.Length - 1)
        {
            value /= 1000;
            unit++;
        }

        var written = 0;
        _ = unit == 0
            ? buffer.TryWrite(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.#}", out written)
            : buffer.TryWrite(System.Globalization.CultureInfo.InvariantCulture, $"{value:0.#}{units[unit]}", out written);
        return buffer[..written];
    }

    private static void DrawTimes(Screen screen, Rect plot, Theme theme, TimeSpan range)
    {
        var style = new Style(theme.Faint);
        var muted = new Style(theme.Muted);
        for (var x = plot.X; x < plot.Right; x++)
        {
            screen.Put(x, plot.Bottom, theme.Box[4], style);
        }

        screen.Put(plot.X - 1, plot.Bottom, theme.Box[2], style);
        screen.TextRight(plot.Right, plot.Bottom, "now", muted);
        Label(plot.X, range);
        if (plot.Width >= 36)
        {
            Label(plot.X + (plot.Width / 2), range / 2);
        }

        void Label(int x, TimeSpan before)
        {
            Span<char> buffer = stackalloc char[Format.BufferSize];
            buffer[0] = '-';
            var n = 1 + Compact(before, buffer[1..]);
            screen.Text(x, plot.Bottom, buffer[..n], muted);
        }
    }

    private static int Compact(TimeSpan time, Span<char> buffer)
    {
        var culture = System.Globalization.CultureInfo.InvariantCulture;
        var written = 0;
        _ = time.TotalSeconds < 60 ? buffer.TryWrite(culture, $"{time.TotalSeconds:0}s", out written)
            : time.TotalMinutes < 60 ? buffer.TryWrite(culture, $"{time.TotalMinutes:0.#}m", out written)
            : buffer.TryWrite(culture, $"{time.TotalHours:0.#}h", out written);
        return written;
    }

    private static void Braille(Screen screen, Rect plot, Theme theme, uint colour, ReadOnlySpan<double> values, double scale, bool stale)
    {
        for (var cellX = 0; cellX < plot.Width; cellX++)
        {
            var left = Dots(values, plot, cellX * 2, scale);
            var right = Dots(values, plot, (cellX * 2) + 1, scale);
            if (left < 0 && right < 0)
            {
                screen.Put(plot.X + cellX, plot.Bottom - 1, theme.Dot, new Style(theme.Faint));
                continue;
            }

            for (var cellY = 0; cellY < plot.Height; cellY++)
            {
                var below = (plot.Height - 1 - cellY) * 4;
                var bits = LeftColumn(left - below) | RightColumn(right - below);
                if (bits != 0)
                {
                    screen.Put(plot.X + cellX, plot.Y + cellY, 0x2800u + bits, new Style(Shade(colour, plot, cellY, stale)));
                }
            }
        }
    }

    /// <summary>How many dots high a column is; -1 for a gap. A measured zero is still a line at the bottom.</summary>
    private static int Dots(ReadOnlySpan<double> values, Rect plot, int column, double scale)
    {
        var at = values.Length - (plot.Width * 2) + column;
        return at < 0 || double.IsNaN(values[at])
            ? -1
            : Math.Max(1, (int)Math.Round(Math.Clamp(values[at] / scale, 0, 1) * plot.Height * 4));
    }

    // Dots 1 2 3 7 of the left column and 4 5 6 8 of the right one, filled from the bottom (Unicode, Braille Patterns).
    private static uint LeftColumn(int dots) => dots switch { <= 0 => 0, 1 => 0x40, 2 => 0x44, 3 => 0x46, _ => 0x47 };

    private static uint RightColumn(int dots) => dots switch { <= 0 => 0, 1 => 0x80, 2 => 0xA0, 3 => 0xB0, _ => 0xB8 };

    private static void Blocks(Screen screen, Rect plot, Theme theme, uint colour, ReadOnlySpan<double> values, double scale, bool stale)
    {
        var columns = Math.Min(values.Length / 2, plot.Width);
        for (var i = 0; i < columns; i++)
        {
            var at = values.Length - (2 * (columns - i));
            var value = Larger(values[at], values[at + 1]);
            var x = plot.Right - columns + i;
            if (double.IsNaN(value))
            {
                screen.Put(x, plot.Bottom - 1, theme.Dot, new Style(theme.Faint));
                continue;
            }

            var height = Math.Max(1, (int)Math.Round(Math.Clamp(value / scale, 0, 1) * plot.Height));
            for (var k = 0; k < height; k++)
            {
                var glyph = theme.Ascii ? (k == height - 1 ? '*' : ':') : '█';
                screen.Put(x, plot.Bottom - 1 - k, glyph, new Style(Shade(colour, plot, plot.Height - 1 - k, stale)));
            }
        }
    }

    private static double Larger(double a, double b) => double.IsNaN(a) ? b : double.IsNaN(b) ? a : Math.Max(a, b);

    /// <summary>Hot at the top; a single colour grows darker towards the bottom.</summary>
    private static uint Shade(uint colour, Rect plot, int row, bool stale)
    {
        var height = 1 - ((row + 0.5) / plot.Height);
        return colour == Rgb.Default ? Theme.Gradient(height)
            : stale ? colour
            : Rgb.Mix(Rgb.Hex(0x2A2F45), colour, 0.55 + (0.45 * height));
    }
}

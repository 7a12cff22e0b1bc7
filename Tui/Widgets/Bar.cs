namespace ClusterMonitor.Tui;

/// <summary>A horizontal bar in the colours of the gradient, on a thin track.</summary>
internal static class Bar
{
    /// <summary>Draws <paramref name="fraction"/> (0 to 1) of <paramref name="width"/> cells; nothing but the track for NaN.</summary>
    public static void Draw(Screen screen, int x, int y, int width, double fraction, Theme theme, Style row, uint colour = Rgb.Default)
    {
        var cells = double.IsNaN(fraction) ? 0 : Math.Clamp(fraction, 0, 1) * width;
        var full = (int)cells;
        var half = cells - full >= 0.5;

        // Something is not nothing.
        half |= full == 0 && cells > 0.04;
        for (var i = 0; i < width; i++)
        {
            var heat = colour == Rgb.Default ? theme.Heat((i + 0.5) / width) : colour;
            var (glyph, ink) = i < full ? (theme.BarFull, heat)
                : i == full && half && theme.BarHalf != theme.BarTrack ? (theme.BarHalf, heat)
                : (theme.BarTrack, theme.Faint);
            screen.Put(x + i, y, glyph, row with { Foreground = ink });
        }
    }
}

namespace ClusterMonitor.Tui;

/// <summary>The cores of a machine: a small bar each, or one character each when they are many.</summary>
internal static class CoreGrid
{
    private const int Cell = 15;
    private const int MostRows = 4;

    public static int RowsFor(int cores, int width)
    {
        var rows = Divide(cores, Math.Max(1, width / Cell));
        return rows <= MostRows ? rows : Math.Min(MostRows, Divide(cores, Math.Max(1, width)));
    }

    public static void Draw(Screen screen, Rect inner, AppState state, Theme theme)
    {
        var cores = state.Node.Metrics?.Cores ?? [];
        var perRow = Math.Max(1, inner.Width / Cell);
        if (Divide(cores.Count, perRow) > MostRows)
        {
            Dense(screen, inner, cores, state, theme);
            return;
        }

        Span<char> buffer = stackalloc char[Format.BufferSize];
        var width = inner.Width / Math.Min(perRow, Math.Max(1, cores.Count));
        for (var i = 0; i < cores.Count && i / perRow < inner.Height; i++)
        {
            var x = inner.X + (i % perRow * width);
            var y = inner.Y + (i / perRow);
            buffer.TryWrite($"{i,2}", out var length);
            screen.Text(x, y, buffer[..length], new Style(theme.Muted));
            Bar.Draw(screen, x + 3, y, width - 9, cores[i], theme, default, state.Stale ? theme.Muted : Rgb.Default);
            screen.TextRight(x + width - 1, y, Format.Percent(cores[i], buffer), new Style(state.Stale ? theme.Muted : theme.Text));
        }
    }

    private static void Dense(Screen screen, Rect inner, IReadOnlyList<double> cores, AppState state, Theme theme)
    {
        for (var i = 0; i < cores.Count && i / inner.Width < inner.Height; i++)
        {
            if (double.IsNaN(cores[i]))
            {
                continue;
            }

            var step = Math.Clamp((int)(cores[i] * theme.Spark.Length), 0, theme.Spark.Length - 1);
            screen.Put(inner.X + (i % inner.Width), inner.Y + (i / inner.Width), theme.Spark[step], new Style(state.Stale ? theme.Muted : theme.Heat(cores[i])));
        }
    }

    private static int Divide(int a, int b) => (a + b - 1) / b;
}

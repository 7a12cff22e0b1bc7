namespace ClusterMonitor.Tui;

/// <summary>The last minute as one row of little columns, the newest on the right.</summary>
internal static class Sparkline
{
    /// <summary>
    /// Draws <paramref name="width"/> cells of <paramref name="secondsPerCell"/> seconds each, the highest value of each.
    /// Cells begin at multiples of their seconds, so a column keeps its value as it moves, and the row moves once per cell:
    /// moving is what sparklines cost on a slow link.
    /// </summary>
    public static void Draw(Screen screen, int x, int y, int width, CpuTrail trail, long lastSecond, int secondsPerCell, Theme theme, Style row, bool stale = false)
    {
        var lastCell = lastSecond / secondsPerCell;
        for (var i = 0; i < width; i++)
        {
            var cell = lastCell - (width - 1 - i);
            var value = trail.Peak(((cell + 1) * secondsPerCell) - 1, secondsPerCell);
            if (double.IsNaN(value))
            {
                continue;
            }

            var step = Math.Clamp((int)(value * theme.Spark.Length), 0, theme.Spark.Length - 1);
            screen.Put(x + i, y, theme.Spark[step], row with { Foreground = stale ? theme.Faint : theme.Heat(value) });
        }
    }
}

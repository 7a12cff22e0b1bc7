namespace ClusterMonitor.Tui;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its heading.</param>
/// <param name="Minimum">The least columns that make sense.</param>
/// <param name="Comfortable">What it is given before others get more than that.</param>
/// <param name="Maximum">More than this is waste.</param>
/// <param name="Priority">0 never goes; when it is narrow the highest goes first.</param>
/// <param name="RightAligned">Numbers are.</param>
internal readonly record struct Column(string Title, int Minimum, int Comfortable, int Maximum, int Priority, bool RightAligned = false);

/// <summary>Where a column stands. Zero width: it was dropped.</summary>
internal readonly record struct Placed(int X, int Width)
{
    public bool Shown => Width > 0;

    public int Right => X + Width;
}

/// <summary>Gives columns their places: drops the least important until the rest fit, then shares out what is left.</summary>
internal static class ColumnLayout
{
    private const int Gap = 2;

    /// <summary>Places the columns into <paramref name="width"/> from <paramref name="x"/> on.</summary>
    public static void Place(ReadOnlySpan<Column> columns, int x, int width, Span<Placed> into)
    {
        Span<int> widths = stackalloc int[columns.Length];
        for (var i = 0; i < columns.Length; i++)
        {
            widths[i] = columns[i].Minimum;
        }

        while (Needed(widths) > width && DropOne(columns, widths))
        {
        }

        Grow(columns, widths, width - Needed(widths), static c => c.Comfortable);
        Grow(columns, widths, width - Needed(widths), static c => c.Maximum);
        for (var i = 0; i < columns.Length; i++)
        {
            into[i] = new Placed(x, Math.Min(widths[i], Math.Max(0, width)));
            x += widths[i] > 0 ? widths[i] + Gap : 0;
        }
    }

    private static int Needed(ReadOnlySpan<int> widths)
    {
        int sum = 0, shown = 0;
        foreach (var width in widths)
        {
            sum += width;
            shown += width > 0 ? 1 : 0;
        }

        return sum + (Math.Max(0, shown - 1) * Gap);
    }

    private static bool DropOne(ReadOnlySpan<Column> columns, Span<int> widths)
    {
        var worst = -1;
        for (var i = 0; i < columns.Length; i++)
        {
            if (widths[i] > 0 && columns[i].Priority > 0 && (worst < 0 || columns[i].Priority > columns[worst].Priority))
            {
                worst = i;
            }
        }

        if (worst >= 0)
        {
            widths[worst] = 0;
        }

        return worst >= 0;
    }

    /// <summary>What is left goes to the columns in turn, a cell each, until they are as wide as that.</summary>
    private static void Grow(ReadOnlySpan<Column> columns, Span<int> widths, int spare, Func<Column, int> limit)
    {
        for (var grown = true; spare > 0 && grown;)
        {
            grown = false;
            for (var i = 0; i < columns.Length && spare > 0; i++)
            {
                if (widths[i] > 0 && widths[i] < limit(columns[i]))
                {
                    widths[i]++;
                    spare--;
                    grown = true;
                }
            }
        }
    }
}

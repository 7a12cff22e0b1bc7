namespace ClusterMonitor.Tui;

/// <summary>A border with a title on the left and a note on the right.</summary>
internal static class Frame
{
    /// <summary>Draws it and returns what is inside.</summary>
    public static Rect Draw(Screen screen, Rect area, Theme theme, string title, ReadOnlySpan<char> note = default, bool strong = false)
    {
        if (area.Width < 2 || area.Height < 2)
        {
            return area.Inner;
        }

        var line = new Style(strong ? theme.Accent : theme.Faint);
        var box = theme.Box;
        int right = area.Right - 1, bottom = area.Bottom - 1;
        for (var x = area.X + 1; x < right; x++)
        {
            screen.Put(x, area.Y, box[4], line);
            screen.Put(x, bottom, box[4], line);
        }

        for (var y = area.Y + 1; y < bottom; y++)
        {
            screen.Put(area.X, y, box[5], line);
            screen.Put(right, y, box[5], line);
        }

        screen.Put(area.X, area.Y, box[0], line);
        screen.Put(right, area.Y, box[1], line);
        screen.Put(area.X, bottom, box[2], line);
        screen.Put(right, bottom, box[3], line);
        Title(screen, area, theme, title, note);
        return area.Inner;
    }

    private static void Title(Screen screen, Rect area, Theme theme, string title, ReadOnlySpan<char> note)
    {
        var noteWidth = Width.OfText(note);
        var titleRoom = area.Width - 6 - (noteWidth > 0 ? noteWidth + 3 : 0);
        if (titleRoom < Math.Min(6, Width.OfText(title)))
        {
            // Too narrow for both: the title says what it is.
            noteWidth = 0;
            titleRoom = area.Width - 4;
        }

        if (title.Length > 0 && titleRoom > 0)
        {
            var x = Blank(area.X + 2);
            x = screen.Field(x, area.Y, title, Math.Min(titleRoom, Width.OfText(title)), new Style(theme.Accent).Bold, theme.Ellipsis);
            Blank(x);
        }

        if (noteWidth > 0)
        {
            var x = Blank(area.Right - noteWidth - 4);
            x = screen.Text(x, area.Y, note, new Style(theme.Muted));
            Blank(x);
        }

        int Blank(int x)
        {
            screen.Put(x, area.Y, ' ', default);
            return x + 1;
        }
    }
}

namespace ClusterMonitor.Tui;

/// <summary>The whole screen: header, the view, footer, and a question over all of it.</summary>
internal static class Page
{
    /// <summary>Below this there is only room to say so.</summary>
    private const int LeastWidth = 20;
    private const int LeastHeight = 6;

    public static void Draw(Screen screen, AppState state, Theme theme)
    {
        screen.Clear();
        if (screen.Width < LeastWidth || screen.Height < LeastHeight)
        {
            DrawTiny(screen, state, theme);
            return;
        }

        var header = Header.Draw(screen, state, theme);
        var body = new Rect(0, header, screen.Width, screen.Height - header - 1);
        state.View.Draw(screen, body, state, theme);
        Footer.Draw(screen, state, theme);
        if (state.QuitQuestion is { } question)
        {
            DrawQuestion(screen, question, theme);
        }
    }

    /// <summary>How many nodes are up, if nothing else.</summary>
    private static void DrawTiny(Screen screen, AppState state, Theme theme)
    {
        var up = state.Fleet.CountOf(Messages.AvailabilityState.AvailabilityUp);
        var y = screen.Text(0, 0, state.Fleet.IsKnown ? $"{up}/{state.Fleet.Count} up" : "connecting", new Style(theme.Text)) >= 0 ? 1 : 0;
        screen.Text(0, y, "too small", new Style(theme.Warn));
        screen.Text(0, y + 1, "q quits", new Style(theme.Muted));
    }

    private static void DrawQuestion(Screen screen, string question, Theme theme)
    {
        var lines = question.Split('\n');
        var width = Math.Min(screen.Width, Math.Max(24, lines.Max(l => Width.OfText(l)) + 6));
        var height = Math.Min(screen.Height, lines.Length + 4);
        var box = new Rect((screen.Width - width) / 2, (screen.Height - height) / 2, width, height);
        screen.Fill(box, theme.Mono ? Rgb.Default : theme.Panel);
        var inner = Frame.Draw(screen, box, theme, "quit", strong: true);
        for (var i = 0; i < lines.Length && i < inner.Height - 2; i++)
        {
            screen.Field(inner.X + 2, inner.Y + i, lines[i], inner.Width - 4, new Style(theme.Text), theme.Ellipsis);
        }

        var x = screen.Text(inner.X + 2, inner.Bottom - 1, "y", new Style(theme.Accent).Bold);
        x = screen.Text(x + 1, inner.Bottom - 1, "yes", new Style(theme.Muted));
        x = screen.Text(x + 3, inner.Bottom - 1, "n", new Style(theme.Accent).Bold);
        screen.Text(x + 1, inner.Bottom - 1, "no", new Style(theme.Muted));
    }
}

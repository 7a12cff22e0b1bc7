namespace ClusterMonitor.Tui;

/// <summary>The last line: keys and what they do, or the line that is being typed.</summary>
internal static class Footer
{
    public static void Draw(Screen screen, AppState state, Theme theme)
    {
        var y = screen.Height - 1;
        if (state.View.Prompt is { } prompt)
        {
            var x = screen.Text(1, y, prompt.Label, new Style(theme.Accent).Bold);
            x = screen.Text(x + 1, y, prompt.Text, new Style(theme.Text), screen.Width - x - 3);
            screen.Put(x, y, ' ', new Style(theme.Text, 0, CellAttributes.Reverse));
            if (prompt.Text.Length == 0)
            {
                screen.Field(x + 2, y, prompt.Hint, Math.Min(prompt.Hint.Length, screen.Width - x - 3), new Style(theme.Muted), theme.Ellipsis);
            }

            return;
        }

        var at = 1;
        foreach (var (key, meaning) in state.View.Keys(theme))
        {
            var width = Width.OfText(key) + 1 + meaning.Length;
            if (at + width > screen.Width - 1)
            {
                break;
            }

            at = screen.Text(at, y, key, new Style(theme.Accent).Bold);
            at = screen.Text(at + 1, y, meaning, new Style(theme.Muted)) + 2;
        }
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>What has happened to the fleet, newest first.</summary>
internal sealed class EventsView : IView
{
    private readonly Prompt _prompt = new("filter", "part of a name, a state or a reason");
    private readonly List<EventLine> _matching = [];
    private int _top;
    private int _height;

    public string Name => "events";

    public bool ShowsEvents => true;

    public Prompt? Prompt => _prompt.Active ? _prompt : null;

    public IReadOnlyList<(string Key, string Meaning)> Keys(Theme theme) =>
        [(theme.UpDown, "scroll"), ("/", "filter"), ("Tab", "view"), ("?", "help"), ("q", "quit")];

    public bool IsReady(AppState state) => state.Events.Loaded;

    public bool OnKey(AppState state, in Key key)
    {
        if (_prompt.Active)
        {
            _prompt.OnKey(key);
            _top = 0;
            return true;
        }

        switch (key.Kind)
        {
            case KeyKind.Up:
                return Scroll(-1);
            case KeyKind.Down:
                return Scroll(1);
            case KeyKind.PageUp:
                return Scroll(-_height);
            case KeyKind.PageDown:
                return Scroll(_height);
            case KeyKind.Home:
                return Scroll(-_top);
            case KeyKind.End:
                return Scroll(_matching.Count);
            case KeyKind.Mouse:
                return Scroll(key.Mouse == MouseAction.WheelDown ? 3 : key.Mouse == MouseAction.WheelUp ? -3 : 0);
            case KeyKind.Escape when _prompt.Text.Length > 0:
                _prompt.Clear();
                return true;
            case KeyKind.Character when key.Is('/'):
                _prompt.Begin();
                return true;
            case KeyKind.Character when key.Is('j') || key.Is('k'):
                return Scroll(key.Is('j') ? 1 : -1);
            default:
                return false;
        }
    }

    public void Draw(Screen screen, Rect area, AppState state, Theme theme)
    {
        Match(state);
        Span<char> buffer = stackalloc char[Format.BufferSize];
        buffer.TryWrite($"{_matching.Count}", out var length);
        var title = _prompt.Text.Length > 0 ? $"events: {_prompt.Text}" : "events";
        var inner = Frame.Draw(screen, area, theme, title, _matching.Count > 0 ? buffer[..length] : "");
        _height = Math.Max(0, inner.Height - 1);
        Scroll(0);
        if (_matching.Count == 0)
        {
            var text = !state.Events.Loaded ? $"asking the seed {theme.Ellipsis}" : state.Events.Lines.Count == 0 ? "nothing has happened in the last 7 days" : "no event matches the filter";
            screen.Text(inner.X + Math.Max(1, (inner.Width - text.Length) / 2), inner.Y + (inner.Height / 2), text, new Style(theme.Muted), inner.Width - 2);
            return;
        }

        DrawLines(screen, inner, state, theme);
    }

    private void DrawLines(Screen screen, Rect inner, AppState state, Theme theme)
    {
        // The date takes room only when there is one to show.
        var when = state.Clock.Age(_matching[^1].TimeMs) < TimeSpan.FromHours(20) ? 8 : 15;
        ReadOnlySpan<Column> columns =
            [
                new("WHEN", 8, when, when, 0), new("AGO", 7, 7, 8, 4), new("NODE", 8, 18, 30, 0), new("FROM", 14, 14, 14, 3), new("TO", 14, 14, 14, 1),
                new("REASON", 12, 60, 400, 2),
            ];
        Span<Placed> at = stackalloc Placed[columns.Length];
        ColumnLayout.Place(columns, inner.X + 1, inner.Width - 2, at);
        for (var i = 0; i < columns.Length; i++)
        {
            if (at[i].Shown)
            {
                screen.Text(at[i].X, inner.Y, columns[i].Title, theme.Heading);
            }
        }

        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < _height && _top + i < _matching.Count; i++)
        {
            var line = _matching[_top + i];
            var y = inner.Y + 1 + i;
            var time = at[0].Width >= 15 ? state.Clock.Exact(line.TimeMs, buffer) : state.Clock.TimeOfDay(line.TimeMs, buffer);
            screen.Text(at[0].X, y, time, new Style(theme.Muted), at[0].Width);
            if (at[1].Shown)
            {
                screen.Text(at[1].X, y, Format.Ago(state.Clock.Age(line.TimeMs), buffer), new Style(theme.Muted), at[1].Width);
            }

            screen.Field(at[2].X, y, line.Name, at[2].Width, new Style(theme.Text).Bold, theme.Ellipsis);
            if (line.Refused)
            {
                Word(screen, at[4], y, '!', "refused", theme.Bad);
            }
            else
            {
                Word(screen, at[3], y, theme.StateGlyph(line.From), Format.State(line.From), theme.Muted);
                Word(screen, at[4], y, theme.StateGlyph(line.To), Format.State(line.To), theme.StateColour(line.To));
            }

            if (at[5].Shown)
            {
                screen.Field(at[5].X, y, line.Reason, at[5].Width, new Style(theme.Text), theme.Ellipsis);
            }
        }
    }

    private static void Word(Screen screen, Placed place, int y, char glyph, string text, uint colour)
    {
        if (place.Shown)
        {
            screen.Put(place.X, y, glyph, new Style(colour));
            screen.Text(place.X + 2, y, text, new Style(colour), place.Width - 2);
        }
    }

    private void Match(AppState state)
    {
        var text = _prompt.Text;
        _matching.Clear();
        foreach (var line in state.Events.Lines)
        {
            if (text.Length == 0 || Has(line.Name) || Has(line.Reason) || Has(Format.State(line.To)) || (line.Refused && Has("refused")))
            {
                _matching.Add(line);
            }
        }

        bool Has(string part) => part.Contains(text, StringComparison.OrdinalIgnoreCase);
    }

    private bool Scroll(int by)
    {
        _top = Math.Clamp(_top + by, 0, Math.Max(0, _matching.Count - _height));
        return true;
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>Keys, states, and how to filter.</summary>
internal sealed class HelpView : IView
{
    private static readonly AvailabilityState[] States =
    [
        AvailabilityState.AvailabilityJoining,
        AvailabilityState.AvailabilityUp,
        AvailabilityState.AvailabilitySuspect,
        AvailabilityState.AvailabilityUnreachable,
        AvailabilityState.AvailabilityDown,
        AvailabilityState.AvailabilityLeft,
        AvailabilityState.AvailabilityExpectedOff,
        AvailabilityState.AvailabilityUnknown,
    ];

    private int _top;
    private int _lines;
    private int _height;

    public string Name => "help";

    public IReadOnlyList<(string Key, string Meaning)> Keys(Theme theme) =>
        [("Esc", "back"), (theme.UpDown, "scroll"), ("Tab", "view"), ("q", "quit")];

    public bool IsReady(AppState state) => true;

    public bool OnKey(AppState state, in Key key)
    {
        switch (key.Kind)
        {
            case KeyKind.Up:
                _top = Math.Max(0, _top - 1);
                return true;
            case KeyKind.Down:
                _top = Math.Clamp(_top + 1, 0, Math.Max(0, _lines - _height));
                return true;
            case KeyKind.PageUp or KeyKind.Home:
                _top = 0;
                return true;
            case KeyKind.PageDown or KeyKind.End:
                _top = Math.Max(0, _lines - _height);
                return true;
            case KeyKind.Escape:
                state.ShowView<NodesView>();
                return true;
            default:
                return false;
        }
    }

    public void Draw(Screen screen, Rect area, AppState state, Theme theme)
    {
        var inner = Frame.Draw(screen, area, theme, "help");
        var keys = KeyLines(theme);
        var states = StateLines(theme);
        _height = inner.Height;
        if (inner.Width >= 96)
        {
            _lines = Math.Max(keys.Count, states.Count);
            _top = Math.Clamp(_top, 0, Math.Max(0, _lines - _height));
            var (left, right) = inner.CutLeft(inner.Width / 2);
            DrawLines(screen, left, keys, theme);
            DrawLines(screen, right, states, theme);
            return;
        }

        keys.Add(default);
        keys.AddRange(states);
        _lines = keys.Count;
        _top = Math.Clamp(_top, 0, Math.Max(0, _lines - _height));
        DrawLines(screen, inner, keys, theme);
    }

    private void DrawLines(Screen screen, Rect area, List<Line> lines, Theme theme)
    {
        for (var i = 0; i < area.Height && _top + i < lines.Count; i++)
        {
            var line = lines[_top + i];
            if (line.Text is null)
            {
                if (line.Key is not null)
                {
                    screen.Text(area.X + 1, area.Y + i, line.Key, new Style(theme.Text).Bold, area.Width - 2);
                }

                continue;
            }

            screen.Text(area.X + 2, area.Y + i, line.Key, new Style(line.Colour == 0 ? theme.Accent : line.Colour).Bold, 15);
            screen.Field(area.X + 18, area.Y + i, line.Text, Math.Min(line.Text.Length, area.Width - 19), new Style(theme.Muted), theme.Ellipsis);
        }
    }

    private static List<Line> KeyLines(Theme theme) =>
    [
        new("everywhere"),
        new("1 2 3 4  Tab", "nodes, node, events, help"),
        new("?", "this help, and back"),
        new("Ctrl-L", "draw the screen anew"),
        new("Ctrl-Z", "to the shell; fg comes back"),
        new("q  Ctrl-C", "quit"),
        default,
        new("nodes"),
        new(theme.UpDown + " PgUp PgDn", "select a node; Home and End; mouse wheel"),
        new("Enter", "open it; or click it twice"),
        new("s S", "sort by the next or previous column, or click a heading"),
        new("r", "turn the order round"),
        new("/", "filter; Esc clears it"),
        default,
        new("node"),
        new("+ -", "charts of 1m 5m 15m 1h 3h 6h 12h 24h"),
        new(theme.LeftRight, "the node before or after"),
        new(theme.UpDown, "scroll the tables"),
        new("e", "why it has this state: the evidence"),
        new("Esc", "back to the nodes"),
    ];

    private static List<Line> StateLines(Theme theme)
    {
        var lines = new List<Line> { new("states") };
        lines.AddRange(States.Select(s => new Line($"{theme.StateGlyph(s)} {Format.State(s)}", Meaning(s), theme.StateColour(s))));
        lines.AddRange(
        [
            default,
            new("filter (all words must hold)"),
            new("web", "part of the name, address or system"),
            new("rack=a7", "a label; rack=a* for a beginning"),
            new("state:down", "a state, or its beginning"),
            new("cpu>80 mem<20", "also swap, disk (percent) and load"),
            new("!word", "the opposite"),
        ]);
        return lines;
    }

    private static string Meaning(AvailabilityState state) => state switch
    {
        AvailabilityState.AvailabilityJoining => "known, but has not sent a sample yet",
        AvailabilityState.AvailabilityUp => "its samples arrive",
        AvailabilityState.AvailabilitySuspect => "its link broke, or it is overdue",
        AvailabilityState.AvailabilityUnreachable => "the failure detector has given it up",
        AvailabilityState.AvailabilityDown => "removed from the cluster",
        AvailabilityState.AvailabilityLeft => "it said goodbye",
        AvailabilityState.AvailabilityExpectedOff => "away, as an operator announced",
        _ => "nobody was watching",
    };

    /// <summary>A heading (no text), a key with its meaning, or an empty line (default).</summary>
    private readonly record struct Line(string? Key, string? Text = null, uint Colour = 0);
}

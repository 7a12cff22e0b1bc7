using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The fleet: a row for each node. Only the rows that are seen are drawn.</summary>
internal sealed class NodesView : IView
{
    private readonly Prompt _prompt = new("filter", "web  rack=a7  state:down  cpu>80  !db");
    private readonly NodesTable _table = new();

    public string Name => "nodes";

    public Prompt? Prompt => _prompt.Active ? _prompt : null;

    public IReadOnlyList<(string Key, string Meaning)> Keys(Theme theme) =>
    [
        (theme.Enter, "open"), ("/", "filter"), ("s", "sort"), ("r", "reverse"), ("Tab", "view"), ("?", "help"), ("q", "quit"),
    ];

    public bool IsReady(AppState state) => state.Fleet.IsKnown;

    public bool OnKey(AppState state, in Key key)
    {
        if (_prompt.Active)
        {
            if (_prompt.OnKey(key))
            {
                state.Nodes.FilterText = _prompt.Text;
                state.Nodes.Refresh(state.Fleet);
            }

            return true;
        }

        if (key.Kind == KeyKind.Mouse)
        {
            return OnMouse(state, key);
        }

        var list = state.Nodes;
        var page = Math.Max(1, _table.Height - 1);
        switch (key.Kind)
        {
            case KeyKind.Up:
                list.Move(-1);
                return true;
            case KeyKind.Down:
                list.Move(1);
                return true;
            case KeyKind.PageUp:
                list.Move(-page);
                return true;
            case KeyKind.PageDown:
                list.Move(page);
                return true;
            case KeyKind.Home:
                list.Select(0);
                return true;
            case KeyKind.End:
                list.Select(int.MaxValue);
                return true;
            case KeyKind.Enter when list.Selected is { } selected:
                state.OpenNode(selected.Id);
                return true;
            case KeyKind.Escape when list.FilterText.Length > 0:
                _prompt.Clear();
                list.FilterText = "";
                list.Refresh(state.Fleet);
                return true;
            case KeyKind.Character:
                return OnCharacter(state, key);
            default:
                return false;
        }
    }

    public void Draw(Screen screen, Rect area, AppState state, Theme theme)
    {
        var list = state.Nodes;
        Span<char> buffer = stackalloc char[96];
        var length = 0;
        if (list.Rows.Count != state.Fleet.Count)
        {
            buffer.TryWrite($"{list.Rows.Count} of {state.Fleet.Count} match", out length);
        }
        else if (list.Rows.Count > 0)
        {
            buffer.TryWrite($"{list.SelectedIndex + 1}/{list.Rows.Count}", out length);
        }

        var title = list.FilterText.Length > 0 ? $"nodes: {list.FilterText}" : "nodes";
        var inner = Frame.Draw(screen, area, theme, title, buffer[..length]);
        if (state.Fleet.Count == 0)
        {
            DrawEmpty(screen, inner, state, theme);
            return;
        }

        if (list.Rows.Count == 0)
        {
            Message(screen, inner, theme, "no node matches the filter", "Esc clears it");
        }

        _table.Draw(screen, inner, state, theme);
    }

    private static void DrawEmpty(Screen screen, Rect inner, AppState state, Theme theme)
    {
        if (!state.Fleet.IsKnown)
        {
            Message(screen, inner, theme, $"connecting to seed {state.SeedAddress} {theme.Ellipsis}", state.ConnectionProblem);
            return;
        }

        var seed = state.Fleet.Seed.Address.Length > 0 ? HostPort(state.Fleet.Seed.Address) : state.SeedAddress;
        Message(screen, inner, theme, "no nodes yet", $"start one:  NodeAgent --seed {seed}");
    }

    private static void Message(Screen screen, Rect inner, Theme theme, string first, string second)
    {
        var y = inner.Y + Math.Max(0, (inner.Height / 2) - 1);
        Centre(first, y, new Style(theme.Text).Bold);
        Centre(second, y + 1, new Style(theme.Muted));

        void Centre(string text, int row, Style style)
        {
            if (row < inner.Bottom)
            {
                var width = Math.Min(inner.Width, Width.OfText(text));
                screen.Field(inner.X + ((inner.Width - width) / 2), row, text, width, style, theme.Ellipsis);
            }
        }
    }

    /// <summary>The part of an actor system's address that people type.</summary>
    private static string HostPort(string address) => address[(address.LastIndexOf('@') + 1)..];

    private bool OnCharacter(AppState state, in Key key)
    {
        if (key.Is('/'))
        {
            _prompt.Begin();
        }
        else if (key.Is('j'))
        {
            state.Nodes.Move(1);
        }
        else if (key.Is('k'))
        {
            state.Nodes.Move(-1);
        }
        else if (key.Is('g'))
        {
            state.Nodes.Select(0);
        }
        else if (key.Is('G'))
        {
            state.Nodes.Select(int.MaxValue);
        }
        else if (key.Is('r'))
        {
            state.Nodes.Reverse();
            state.Nodes.Refresh(state.Fleet);
        }
        else if (key.Is('s') || key.Is('S'))
        {
            // By step through what is on the screen, forward and back.
            var columns = Enum.GetValues<NodeColumn>();
            var by = key.Is('s') ? 1 : columns.Length - 1;
            state.Nodes.SortBy(columns[((int)state.Nodes.SortColumn + by) % columns.Length]);
            state.Nodes.Refresh(state.Fleet);
        }
        else
        {
            return false;
        }

        return true;
    }

    private bool OnMouse(AppState state, in Key key)
    {
        switch (key.Mouse)
        {
            case MouseAction.WheelUp:
                state.Nodes.Scroll(-3, _table.Height);
                return true;
            case MouseAction.WheelDown:
                state.Nodes.Scroll(3, _table.Height);
                return true;
            case MouseAction.Press when _table.ColumnAt(key.X, key.Y) is { } column:
                state.Nodes.SortBy(column);
                state.Nodes.Refresh(state.Fleet);
                return true;
            case MouseAction.Press when _table.RowAt(state.Nodes, key.Y) is { } row:
                if (row == state.Nodes.SelectedIndex && state.Nodes.Selected is { } selected)
                {
                    state.OpenNode(selected.Id);
                }
                else
                {
                    state.Nodes.Select(row);
                }

                return true;
            default:
                return false;
        }
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>One node: who it is, its availability, charts over time, and what it is made of.</summary>
internal sealed class NodeView : IView
{
    private const int TwoColumns = 72;

    private readonly NodePanes _panes = new();
    private readonly NodeCharts _charts = new();
    private bool _evidence;

    public string Name => "node";

    public bool ShowsNode => true;

    public IReadOnlyList<(string Key, string Meaning)> Keys(Theme theme) =>
    [
        ("+ -", "zoom"), ("e", "why this state"), (theme.LeftRight, "other node"), (theme.UpDown, "scroll"), ("Esc", "back"), ("?", "help"), ("q", "quit"),
    ];

    public bool IsReady(AppState state) => state.Node.Detail is not null && state.Node.Series.All(s => s.Loaded);

    public bool OnKey(AppState state, in Key key)
    {
        if (key.Kind == KeyKind.Mouse)
        {
            _panes.Scroll(key.Mouse == MouseAction.WheelDown ? 1 : key.Mouse == MouseAction.WheelUp ? -1 : 0);
            return true;
        }

        switch (key.Kind)
        {
            case KeyKind.Escape when _evidence:
                _evidence = false;
                return true;
            case KeyKind.Escape or KeyKind.Backspace:
                state.ShowView<NodesView>();
                return true;
            case KeyKind.Up:
                _panes.Scroll(-1);
                return true;
            case KeyKind.Down:
                _panes.Scroll(1);
                return true;
            case KeyKind.PageUp:
                _panes.Scroll(-3);
                return true;
            case KeyKind.PageDown:
                _panes.Scroll(3);
                return true;
            case KeyKind.Home:
                _panes.Scroll(-1000);
                return true;
            case KeyKind.Left:
                Neighbour(state, -1);
                return true;
            case KeyKind.Right:
                Neighbour(state, 1);
                return true;
            case KeyKind.Character when key.Is('+') || key.Is('='):
                state.Node.Zoom(-1);
                return true;
            case KeyKind.Character when key.Is('-') || key.Is('_'):
                state.Node.Zoom(1);
                return true;
            case KeyKind.Character when key.Is('e'):
                _evidence = !_evidence;
                return true;
            default:
                return false;
        }
    }

    public void Draw(Screen screen, Rect area, AppState state, Theme theme)
    {
        var row = state.Fleet.Find(state.Node.Id);
        if (row is null)
        {
            var inner = Frame.Draw(screen, area, theme, "node");
            var text = state.Node.Id is null ? "no node is open: choose one in the nodes view (1)" : "the seed does not know this node any more";
            screen.Field(inner.X + 1, inner.Y + (inner.Height / 2), text, inner.Width - 2, new Style(theme.Muted), theme.Ellipsis);
            return;
        }

        var body = NodeIdentityLines.Draw(screen, area, row, state, theme);
        if (body.Width >= TwoColumns)
        {
            var (left, right) = body.CutLeft(body.Width >= 150 ? body.Width * 58 / 100 : body.Width * 54 / 100);
            _charts.Draw(screen, left, row, state, theme);
            _panes.Draw(screen, right, row, state, theme);
        }
        else
        {
            var (top, rest) = body.CutTop(body.Height >= 14 ? 8 : body.Height >= 9 ? 5 : body.Height);
            _charts.DrawOne(screen, top, row, state, theme);
            _panes.Draw(screen, rest, row, state, theme);
        }

        if (_evidence)
        {
            EvidencePanel.Draw(screen, area, row, state, theme);
        }
    }

    /// <summary>The node before or after this one, in the order of the nodes view.</summary>
    private static void Neighbour(AppState state, int by)
    {
        if (state.Node.Id is { } id)
        {
            state.Nodes.Select(id);
        }

        state.Nodes.Move(by);
        if (state.Nodes.Selected is { } selected)
        {
            state.Node.Open(selected.Id);
        }
    }
}

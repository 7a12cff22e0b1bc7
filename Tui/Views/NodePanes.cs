using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The tables of the node view, one below the other; those that do not fit are scrolled to, a pane at a time.</summary>
internal sealed class NodePanes
{
    private int _first;
    private int _last;

    private delegate void DrawContent(Screen screen, Rect inner, AppState state, Theme theme);

    public void Scroll(int by) => _first = Math.Clamp(_first + by, 0, _last);

    public void Draw(Screen screen, Rect area, FleetRow row, AppState state, Theme theme)
    {
        var panes = Panes(row, state, area.Width - 4, theme);
        _last = LastFirst(panes, area.Height);
        _first = Math.Clamp(_first, 0, _last);
        var rest = area;
        for (var i = _first; i < panes.Count && rest.Height >= 3; i++)
        {
            var below = panes.Count - i - 1;
            var height = panes[i].Rows + 2;

            // The last one that fits takes what is left, so that the column ends where the charts do.
            if (below == 0 || height > rest.Height || rest.Height - height < 3)
            {
                height = rest.Height;
            }

            var (top, next) = rest.CutTop(height);
            var hidden = next.Height < 3 && below > 0 ? $"{theme.UpDown} {below} more" : panes[i].Note;
            var inner = Frame.Draw(screen, top, theme, panes[i].Title, hidden);
            panes[i].Draw(screen, new Rect(inner.X + 1, inner.Y, inner.Width - 2, inner.Height), state, theme);
            rest = next;
        }
    }

    /// <summary>How far one can scroll: until the last pane is in view.</summary>
    private static int LastFirst(List<Pane> panes, int height)
    {
        var first = panes.Count;
        var sum = 0;
        while (first > 0 && sum + panes[first - 1].Rows + 2 <= height)
        {
            sum += panes[--first].Rows + 2;
        }

        return Math.Max(0, Math.Min(first, panes.Count - 1));
    }

    private static List<Pane> Panes(FleetRow row, AppState state, int width, Theme theme)
    {
        var panes = new List<Pane>();
        var detail = state.Node.Detail;
        if (detail is null || state.Node.Metrics is not { } metrics)
        {
            panes.Add(new Pane("details", "", 1, (screen, inner, s, t) =>
                screen.Field(inner.X, inner.Y, s.Node.Refusal.Length > 0 ? s.Node.Refusal : $"asking the seed {t.Ellipsis}", inner.Width, new Style(t.Muted), t.Ellipsis)));
            return panes;
        }

        if (detail.Processes.Count > 0)
        {
            panes.Add(new Pane("processes", "top 5 by cpu", detail.Processes.Count + 1, NodeTables.Processes));
        }

        if (metrics.Cores.Count > 0)
        {
            panes.Add(new Pane("cores", $"{metrics.Cores.Count}", CoreGrid.RowsFor(metrics.Cores.Count, width), CoreGrid.Draw));
        }

        Add("filesystems", metrics.Filesystems.Count, NodeTables.Filesystems);
        Add("interfaces", metrics.Interfaces.Count, NodeTables.Interfaces);
        Add("disks", metrics.Disks.Count, NodeTables.Disks);
        Add("temperatures", metrics.Temperatures.Count, NodeTables.Temperatures);
        Add("outages", detail.Outages.Count, NodeTables.Outages);
        panes.Add(new Pane("states", "", Math.Clamp(detail.Transitions.Count, 1, 8), NodeTables.Transitions));
        return panes;

        void Add(string title, int count, DrawContent draw)
        {
            if (count > 0)
            {
                panes.Add(new Pane(title, count > 6 ? $"{count}" : "", Math.Min(count, 6), draw));
            }
        }
    }

    private sealed record Pane(string Title, string Note, int Rows, DrawContent Draw);
}

namespace ClusterMonitor.Tui;

/// <summary>The charts of the node view: as many as there is room for, the most telling ones larger.</summary>
internal sealed class NodeCharts
{
    private const int Least = 4;

    // Rows of charts by their index in ChartDefinition.For, in the order in which they are given room.
    private static readonly int[][] Rows = [[0], [2, 3], [1], [4, 5], [6, 7]];

    private double[] _columns = [];

    public void Draw(Screen screen, Rect area, FleetRow row, AppState state, Theme theme)
    {
        var count = Math.Clamp(area.Height / Least, 1, Rows.Length);

        // The first row is half as high again as the others.
        var unit = area.Height / (count + 0.5);
        var rest = area;
        for (var i = 0; i < count; i++)
        {
            var height = i == count - 1 ? rest.Height : i == 0 ? (int)Math.Round(unit * 1.5) : (int)Math.Round(unit);
            var (line, below) = rest.CutTop(height);
            DrawLine(screen, line, Rows[i], row, state, theme);
            rest = below;
        }
    }

    /// <summary>Only the first, where there is room for no more.</summary>
    public void DrawOne(Screen screen, Rect area, FleetRow row, AppState state, Theme theme) => DrawLine(screen, area, Rows[0], row, state, theme);

    private void DrawLine(Screen screen, Rect line, int[] charts, FleetRow row, AppState state, Theme theme)
    {
        var rest = line;
        for (var i = 0; i < charts.Length; i++)
        {
            var (area, right) = rest.CutLeft(rest.Width / (charts.Length - i));
            DrawChart(screen, area, charts[i], row, state, theme);
            rest = right;
        }
    }

    private void DrawChart(Screen screen, Rect area, int index, FleetRow row, AppState state, Theme theme)
    {
        var count = AreaChart.ColumnsFor(area.Width);
        if (_columns.Length < count)
        {
            _columns = new double[count];
        }

        var columns = _columns.AsSpan(0, count);
        var page = state.Node;
        page.Series[index].Sample(columns, page.Range.Span, state.Clock.SeedNowMs);
        var chart = page.Charts[index];
        var now = row.HasNumbers ? chart.Live(row.Vitals) : double.NaN;
        AreaChart.Draw(screen, area, theme, chart.Style, columns, now, page.Range.Span, state.Stale || !row.HasNumbers);
    }
}

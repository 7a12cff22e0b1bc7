using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The table of the nodes view. It remembers where it drew what, for the mouse.</summary>
internal sealed class NodesTable
{
    private const int PercentWidth = 4;
    private const int SecondsPerCell = 3;

    // In the order of Part.
    private static readonly Column[] Columns =
    [
        new("", 1, 1, 1, 0),
        new("NAME", 10, 16, 30, 0),
        new("STATE", 12, 12, 12, 3),
        new("CPU", 4, 18, 30, 1),
        new("LAST 60 s", 10, 14, 20, 6),
        new("MEM", 4, 4, 16, 2, RightAligned: true),
        new("SWAP", 5, 5, 12, 8, RightAligned: true),
        new("DISK", 5, 5, 12, 5, RightAligned: true),
        new("RX/s", 8, 8, 9, 4, RightAligned: true),
        new("TX/s", 8, 8, 9, 4, RightAligned: true),
        new("LOAD", 5, 5, 6, 7, RightAligned: true),
    ];

    private static readonly NodeColumn?[] SortColumns =
    [
        NodeColumn.State, NodeColumn.Name, NodeColumn.State, NodeColumn.Cpu, NodeColumn.Cpu, NodeColumn.Memory, NodeColumn.Swap,
        NodeColumn.Disk, NodeColumn.Receive, NodeColumn.Transmit, NodeColumn.Load,
    ];

    private readonly Placed[] _placed = new Placed[Columns.Length];
    private int _headingY = -1;

    private enum Part
    {
        Glyph,
        Name,
        State,
        Cpu,
        Trail,
        Memory,
        Swap,
        Disk,
        Receive,
        Transmit,
        Load,
    }

    /// <summary>Rows that fit.</summary>
    public int Height { get; private set; }

    public NodeColumn? ColumnAt(int x, int y)
    {
        if (y != _headingY)
        {
            return null;
        }

        for (var i = 0; i < _placed.Length; i++)
        {
            if (_placed[i].Shown && x >= _placed[i].X - 1 && x <= _placed[i].Right)
            {
                return SortColumns[i];
            }
        }

        return null;
    }

    public int? RowAt(NodeList list, int y)
    {
        var row = list.Top + y - _headingY - 1;
        return _headingY >= 0 && y > _headingY && y <= _headingY + Height && row < list.Rows.Count ? row : null;
    }

    public void Draw(Screen screen, Rect inner, AppState state, Theme theme)
    {
        Height = Math.Max(0, inner.Height - 1);
        _headingY = inner.Y;
        ColumnLayout.Place(Columns, inner.X + 1, inner.Width - 2, _placed);
        DrawHeadings(screen, state.Nodes, theme);

        var list = state.Nodes;
        list.Fit(Height);
        var lastSecond = (state.Clock.SeedNowMs / 1000) - 1;
        for (var i = 0; i < Height && list.Top + i < list.Rows.Count; i++)
        {
            DrawRow(screen, inner, inner.Y + 1 + i, list.Rows[list.Top + i], list.Top + i == list.SelectedIndex, lastSecond, state, theme);
        }
    }

    private Placed At(Part part) => _placed[(int)part];

    private void DrawHeadings(Screen screen, NodeList list, Theme theme)
    {
        for (var i = 0; i < Columns.Length; i++)
        {
            var place = _placed[i];
            if (!place.Shown || Columns[i].Title.Length == 0)
            {
                continue;
            }

            var sorted = SortColumns[i] == list.SortColumn && i != (int)Part.Trail;
            var style = sorted ? new Style(theme.Accent).Bold : theme.Heading;
            var title = i == (int)Part.Trail ? TrailTitle(place.Width) : Columns[i].Title;
            var x = Columns[i].RightAligned ? place.Right - title.Length : place.X;
            screen.Text(x, _headingY, title, style, place.Width);
            if (sorted)
            {
                // Before a number, behind a text: where there is room.
                var mark = Columns[i].RightAligned ? x - 1 : x + title.Length + 1;
                screen.Put(mark, _headingY, list.Descending ? theme.Descending : theme.Ascending, style);
            }
        }
    }

    private static string TrailTitle(int width) => $"LAST {width * SecondsPerCell} s";

    private void DrawRow(Screen screen, Rect inner, int y, FleetRow row, bool selected, long lastSecond, AppState state, Theme theme)
    {
        var plain = new Style(theme.Text, selected ? theme.Selection : Rgb.Default, selected ? theme.SelectionAttributes : CellAttributes.None);
        if (selected)
        {
            screen.Fill(new Rect(inner.X, y, inner.Width, 1), plain.Background, plain.Attributes);
        }

        var stale = state.Stale;
        var stateStyle = plain with { Foreground = stale ? theme.Muted : theme.StateColour(row.State) };
        screen.Put(At(Part.Glyph).X, y, theme.StateGlyph(row.State), stateStyle);
        screen.Field(At(Part.Name).X, y, row.Name, At(Part.Name).Width, selected ? plain.Bold : plain, theme.Ellipsis);
        if (At(Part.State).Shown)
        {
            screen.Text(At(Part.State).X, y, Format.State(row.State), stateStyle, At(Part.State).Width);
        }

        if (row.HasNumbers)
        {
            DrawNumbers(screen, y, row, lastSecond, stale, plain, theme);
        }
        else
        {
            DrawSilence(screen, inner, y, row, state, plain with { Foreground = theme.Muted }, theme);
        }
    }

    private void DrawNumbers(Screen screen, int y, FleetRow row, long lastSecond, bool stale, Style plain, Theme theme)
    {
        var vitals = row.Vitals;
        Gauge(screen, At(Part.Cpu), y, vitals.Cpu, stale, plain, theme);
        if (At(Part.Trail) is { Shown: true } trail)
        {
            // A node whose clock is a little off still ends at the right edge.
            var newest = row.Trail.Newest;
            var last = Math.Abs(newest - lastSecond) <= 3 ? newest : lastSecond;
            Sparkline.Draw(screen, trail.X, y, trail.Width, row.Trail, last, SecondsPerCell, theme, plain, stale);
        }

        Level(screen, At(Part.Memory), y, vitals.Memory, stale, plain, theme);
        Level(screen, At(Part.Swap), y, vitals.Swap, stale, plain, theme);
        Level(screen, At(Part.Disk), y, vitals.Disk, stale, plain, theme);
        Rate(screen, At(Part.Receive), y, vitals.RxBytesPerS, plain with { Foreground = stale ? theme.Muted : theme.Cyan });
        Rate(screen, At(Part.Transmit), y, vitals.TxBytesPerS, plain with { Foreground = stale ? theme.Muted : theme.Mauve });
        if (At(Part.Load) is { Shown: true } load)
        {
            Span<char> buffer = stackalloc char[Format.BufferSize];
            screen.TextRight(load.Right, y, Format.Number(vitals.Load1, buffer), stale ? plain with { Foreground = theme.Muted } : plain);
        }
    }

    /// <summary>Why there are no numbers, where they would stand.</summary>
    private void DrawSilence(Screen screen, Rect inner, int y, FleetRow row, AppState state, Style style, Theme theme)
    {
        var x = At(Part.Cpu).X;
        var room = inner.Right - 1 - x;
        Span<char> buffer = stackalloc char[Format.BufferSize];
        if (row.Vitals.TimeMs == 0)
        {
            x = screen.Text(x, y, row.State == AvailabilityState.AvailabilityJoining ? "waiting for its first sample" : "no data", style, room);
        }
        else
        {
            x = screen.Text(x, y, "no data since ", style, room);
            x = screen.Text(x, y, state.Clock.Moment(row.Vitals.TimeMs, buffer), style, Math.Max(0, inner.Right - 1 - x));
        }

        if (row.Standing.Reason.Length > 0 && inner.Right - 1 - x > 6)
        {
            x = screen.Text(x + 2, y, row.Standing.Reason is var reason && reason.Length > 200 ? reason.AsSpan(0, 200) : reason, style with { Foreground = theme.Faint == 0 ? theme.Muted : Rgb.Mix(theme.Muted, theme.Faint, 0.4) }, inner.Right - 3 - x);
        }
    }

    /// <summary>A bar with its percentage behind it; only the percentage when it is narrow.</summary>
    private static void Gauge(Screen screen, Placed place, int y, double fraction, bool stale, Style plain, Theme theme)
    {
        if (!place.Shown)
        {
            return;
        }

        var bar = place.Width - PercentWidth - 1;
        if (bar >= 4)
        {
            Bar.Draw(screen, place.X, y, bar, fraction, theme, plain, stale ? theme.Muted : Rgb.Default);
        }

        Span<char> buffer = stackalloc char[Format.BufferSize];
        screen.TextRight(place.Right, y, Format.Percent(fraction, buffer), stale || double.IsNaN(fraction) ? plain with { Foreground = theme.Muted } : plain);
    }

    /// <summary>A percentage in the colour of its height, with a small bar before it where there is room.</summary>
    private static void Level(Screen screen, Placed place, int y, double fraction, bool stale, Style plain, Theme theme)
    {
        if (!place.Shown)
        {
            return;
        }

        var bar = place.Width - PercentWidth - 1;
        if (bar >= 4 && !double.IsNaN(fraction))
        {
            Bar.Draw(screen, place.X, y, bar, fraction, theme, plain, stale ? theme.Muted : fraction >= 0.75 ? theme.Level(fraction) : theme.Accent);
        }

        Span<char> buffer = stackalloc char[Format.BufferSize];
        screen.TextRight(place.Right, y, Format.Percent(fraction, buffer), plain with { Foreground = stale ? theme.Muted : theme.Level(fraction) });
    }

    private static void Rate(Screen screen, Placed place, int y, double value, Style style)
    {
        if (place.Shown)
        {
            Span<char> buffer = stackalloc char[Format.BufferSize];
            screen.TextRight(place.Right, y, Format.Rate(value, buffer), style);
        }
    }
}

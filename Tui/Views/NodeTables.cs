using System.Globalization;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>What stands in the panes of the node view: a table each.</summary>
internal static class NodeTables
{
    public static void Processes(Screen screen, Rect inner, AppState state, Theme theme)
    {
        ReadOnlySpan<Column> columns =
        [
            new("PID", 7, 7, 8, 2, RightAligned: true), new("NAME", 10, 16, 40, 0), new("CPU", 5, 5, 6, 0, RightAligned: true),
            new("MEM", 8, 8, 9, 1, RightAligned: true), new("THR", 4, 4, 5, 3, RightAligned: true),
        ];
        Span<Placed> at = stackalloc Placed[columns.Length];
        Headings(screen, inner, columns, at, theme);
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var y = inner.Y + 1;
        foreach (var process in state.Node.Detail!.Processes)
        {
            if (y >= inner.Bottom)
            {
                return;
            }

            var cpu = process.CpuPermyriad / 10_000.0;
            Right(screen, at[0], y, Whole(process.Pid, buffer), new Style(theme.Muted));
            screen.Field(at[1].X, y, process.Name, at[1].Width, new Style(theme.Text), theme.Ellipsis);
            Right(screen, at[2], y, Format.Percent(cpu, buffer), new Style(theme.Heat(Math.Min(1, cpu))));
            Right(screen, at[3], y, Format.Size(process.ResidentBytes, buffer), new Style(theme.Mauve));
            Right(screen, at[4], y, Whole(process.Threads, buffer), new Style(theme.Muted));
            y++;
        }
    }

    public static void Filesystems(Screen screen, Rect inner, AppState state, Theme theme)
    {
        ReadOnlySpan<Column> columns = [new("", 8, 19, 28, 0), new("", 6, 10, 30, 1), new("", 4, 4, 4, 0), new("", 19, 19, 19, 2, RightAligned: true)];
        Span<Placed> at = stackalloc Placed[columns.Length];
        ColumnLayout.Place(columns, inner.X, inner.Width, at);
        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < inner.Height && i < state.Node.Metrics!.Filesystems.Count; i++)
        {
            var use = state.Node.Metrics.Filesystems[i];
            var y = inner.Y + i;
            screen.Field(at[0].X, y, use.Mount, at[0].Width, new Style(theme.Text), theme.Ellipsis);
            if (at[1].Shown)
            {
                Bar.Draw(screen, at[1].X, y, at[1].Width, use.Fraction, theme, default);
            }

            Right(screen, at[2], y, Format.Percent(use.Fraction, buffer), new Style(theme.Level(use.Fraction)));
            if (at[3].Shown)
            {
                screen.TextRight(at[3].Right - 11, y, Format.Size(use.Used, buffer), new Style(theme.Text));
                screen.Put(at[3].Right - 10, y, '/', new Style(theme.Muted));
                screen.TextRight(at[3].Right, y, Format.Size(use.Limit, buffer), new Style(theme.Muted));
            }
        }
    }

    public static void Interfaces(Screen screen, Rect inner, AppState state, Theme theme)
    {
        ReadOnlySpan<Column> columns =
            [new("", 6, 10, 18, 0), new("", 11, 11, 11, 0, RightAligned: true), new("", 11, 11, 11, 0, RightAligned: true), new("", 11, 11, 16, 1, RightAligned: true)];
        Span<Placed> at = stackalloc Placed[columns.Length];
        ColumnLayout.Place(columns, inner.X, inner.Width, at);
        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < inner.Height && i < state.Node.Metrics!.Interfaces.Count; i++)
        {
            var link = state.Node.Metrics.Interfaces[i];
            var y = inner.Y + i;
            screen.Field(at[0].X, y, link.Device, at[0].Width, new Style(theme.Text), theme.Ellipsis);
            Labelled(screen, at[1], y, "rx", Format.Rate(link.Receive, buffer), new Style(theme.Cyan), theme);
            Labelled(screen, at[2], y, "tx", Format.Rate(link.Transmit, buffer), new Style(theme.Mauve), theme);
            var bad = (double.IsNaN(link.Errors) ? 0 : link.Errors) + (double.IsNaN(link.Drops) ? 0 : link.Drops);
            if (bad > 0 && at[3].Shown)
            {
                Labelled(screen, at[3], y, "lost/s", Format.Number(bad, buffer), new Style(theme.Bad), theme);
            }
        }
    }

    public static void Disks(Screen screen, Rect inner, AppState state, Theme theme)
    {
        ReadOnlySpan<Column> columns =
            [new("", 6, 10, 18, 0), new("", 11, 11, 11, 0, RightAligned: true), new("", 11, 11, 11, 0, RightAligned: true), new("", 9, 9, 9, 1, RightAligned: true)];
        Span<Placed> at = stackalloc Placed[columns.Length];
        ColumnLayout.Place(columns, inner.X, inner.Width, at);
        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < inner.Height && i < state.Node.Metrics!.Disks.Count; i++)
        {
            var disk = state.Node.Metrics.Disks[i];
            var y = inner.Y + i;
            screen.Field(at[0].X, y, disk.Device, at[0].Width, new Style(theme.Text), theme.Ellipsis);
            Labelled(screen, at[1], y, "r", Format.Rate(disk.Read, buffer), new Style(theme.Accent), theme);
            Labelled(screen, at[2], y, "w", Format.Rate(disk.Write, buffer), new Style(theme.Serious), theme);
            if (at[3].Shown && !double.IsNaN(disk.Busy))
            {
                Labelled(screen, at[3], y, "busy", Format.Percent(disk.Busy, buffer), new Style(theme.Level(disk.Busy)), theme);
            }
        }
    }

    public static void Temperatures(Screen screen, Rect inner, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < inner.Height && i < state.Node.Metrics!.Temperatures.Count; i++)
        {
            var sensor = state.Node.Metrics.Temperatures[i];
            screen.Field(inner.X, inner.Y + i, sensor.Name, inner.Width - 8, new Style(theme.Text), theme.Ellipsis);
            buffer.TryWrite(CultureInfo.InvariantCulture, $"{sensor.Celsius:0} {theme.Degree}C", out var length);
            screen.TextRight(inner.Right, inner.Y + i, buffer[..length], new Style(theme.Heat((sensor.Celsius - 30) / 60)));
        }
    }

    /// <summary>When it was away, for how long, and why.</summary>
    public static void Outages(Screen screen, Rect inner, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var outages = state.Node.Detail!.Outages;
        for (var i = 0; i < inner.Height && i < outages.Count; i++)
        {
            var outage = outages[i];
            var y = inner.Y + i;
            var x = screen.Text(inner.X, y, state.Clock.Exact(outage.FromMs, buffer), new Style(theme.Muted), inner.Width) + 2;
            var lasted = Format.Duration(TimeSpan.FromMilliseconds(Math.Max(0, outage.ToMs - outage.FromMs)), buffer);
            x = screen.Text(x, y, lasted, new Style(theme.Bad), inner.Right - x) + 2;
            if (inner.Right - x >= 6)
            {
                screen.Field(x, y, outage.Reason, inner.Right - x, new Style(theme.Text), theme.Ellipsis);
            }
        }
    }

    /// <summary>The newest transitions, with how long each state that was left had lasted.</summary>
    public static void Transitions(Screen screen, Rect inner, AppState state, Theme theme)
    {
        var all = state.Node.Detail!.Transitions;
        if (all.Count == 0)
        {
            screen.Text(inner.X, inner.Y, "no change of state is known", new Style(theme.Muted), inner.Width);
            return;
        }

        Span<char> buffer = stackalloc char[Format.BufferSize];
        for (var i = 0; i < inner.Height && i < all.Count; i++)
        {
            var change = all[i];
            var y = inner.Y + i;
            var x = screen.Text(inner.X, y, state.Clock.Exact(change.TimeMs, buffer), new Style(theme.Muted), inner.Width) + 2;
            screen.Put(x, y, theme.StateGlyph(change.To), new Style(theme.StateColour(change.To)));
            x = screen.Text(x + 2, y, Format.State(change.To), new Style(theme.StateColour(change.To)), inner.Right - x - 2) + 1;
            var until = i == 0 ? state.Clock.SeedNowMs : all[i - 1].TimeMs;
            var lasted = Format.Duration(TimeSpan.FromMilliseconds(Math.Max(0, until - change.TimeMs)), buffer);
            x = screen.Text(x, y, lasted, new Style(theme.Muted), inner.Right - x) + 2;
            if (inner.Right - x >= 6)
            {
                screen.Field(x, y, change.Reason, inner.Right - x, new Style(theme.Muted), theme.Ellipsis);
            }
        }
    }

    private static void Headings(Screen screen, Rect inner, ReadOnlySpan<Column> columns, Span<Placed> at, Theme theme)
    {
        ColumnLayout.Place(columns, inner.X, inner.Width, at);
        for (var i = 0; i < columns.Length; i++)
        {
            if (at[i].Shown)
            {
                screen.Text(columns[i].RightAligned ? at[i].Right - columns[i].Title.Length : at[i].X, inner.Y, columns[i].Title, theme.Heading);
            }
        }
    }

    private static void Right(Screen screen, Placed place, int y, ReadOnlySpan<char> text, Style style)
    {
        if (place.Shown)
        {
            screen.TextRight(place.Right, y, text, style);
        }
    }

    private static void Labelled(Screen screen, Placed place, int y, string label, ReadOnlySpan<char> text, Style style, Theme theme)
    {
        if (place.Shown)
        {
            screen.TextRight(place.Right, y, text, style);
            screen.TextRight(Math.Max(place.X + label.Length, place.Right - Math.Max(8, text.Length) - 1), y, label, new Style(theme.Muted));
        }
    }

    private static ReadOnlySpan<char> Whole(int value, Span<char> buffer) =>
        value.TryFormat(buffer, out var written, default, CultureInfo.InvariantCulture) ? buffer[..written] : "";
}

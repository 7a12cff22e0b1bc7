using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The lines above the charts: state, identity, labels, availability.</summary>
internal static class NodeIdentityLines
{
    private static readonly (string Name, Func<NodeStanding, double> Value)[] Windows =
    [
        ("1h", s => s.Availability1H), ("24h", s => s.Availability24H), ("7d", s => s.Availability7D), ("30d", s => s.Availability30D),
    ];

    /// <summary>Draws as many as fit and returns what is left.</summary>
    public static Rect Draw(Screen screen, Rect area, FleetRow row, AppState state, Theme theme)
    {
        var y = area.Y;
        DrawState(screen, area, y++, row, state, theme);
        if (area.Height >= 14)
        {
            screen.Field(area.X + 1, y++, Identity(row, state, theme), area.Width - 2, new Style(theme.Muted), theme.Ellipsis);
        }

        if (area.Height >= 20 && Remarks(row, state, theme) is { Length: > 0 } remarks)
        {
            screen.Field(area.X + 1, y++, remarks, area.Width - 2, new Style(theme.Muted), theme.Ellipsis);
        }

        if (area.Height >= 11)
        {
            DrawAvailability(screen, area, y++, row, state, theme);
        }

        return area.CutTop(y - area.Y).Below;
    }

    private static void DrawState(Screen screen, Rect area, int y, FleetRow row, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var colour = new Style(state.Stale ? theme.Muted : theme.StateColour(row.State));
        var right = area.Right - 1;
        var note = state.Node.Refusal.Length > 0 ? state.Node.Refusal : $"last {state.Node.Range.Name}";
        if (area.Width >= 60)
        {
            right -= Width.OfText(note);
            screen.Text(right, y, note, new Style(theme.Muted));
            right -= 2;
        }

        var x = area.X + 1;
        screen.Put(x, y, theme.StateGlyph(row.State), colour);
        var nameWidth = Math.Min(Width.OfText(row.Name), Math.Max(8, (right - x) / 2));
        x = screen.Field(x + 2, y, row.Name, nameWidth, new Style(theme.Text).Bold, theme.Ellipsis);
        x = screen.Text(x + 2, y, Format.State(row.State), colour, right - x - 2);
        if (row.Standing.SinceMs > 0)
        {
            x = screen.Text(x, y, " since ", new Style(theme.Muted), right - x);
            x = screen.Text(x, y, state.Clock.Moment(row.Standing.SinceMs, buffer), new Style(theme.Muted), right - x);
            if (row.Standing.Reason.Length > 0 && right - x > 8)
            {
                screen.Field(x + 2, y, row.Standing.Reason, Math.Min(right - x - 2, Width.OfText(row.Standing.Reason)), new Style(theme.Text), theme.Ellipsis);
            }
        }
    }

    private static string Identity(FleetRow row, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var identity = row.Identity;
        var parts = new List<string>();
        Add(identity.Os);
        Add(identity.Kernel);
        if (identity.Cores > 0)
        {
            Add(identity.Cores == 1 ? "1 core" : $"{identity.Cores} cores");
        }

        if (identity.MemoryBytes > 0)
        {
            Add(Format.Size(identity.MemoryBytes, buffer).ToString());
        }

        if (identity.BootedMs > 0 && row.HasNumbers)
        {
            Add($"up {Format.Duration(state.Clock.Age(identity.BootedMs), buffer)}");
        }

        if (identity.AgentVersion.Length > 0)
        {
            Add($"agent {identity.AgentVersion}");
        }

        Add(identity.Address[(identity.Address.LastIndexOf('@') + 1)..]);
        return string.Join($" {theme.Dot} ", parts);

        void Add(string text)
        {
            if (text.Length > 0)
            {
                parts.Add(text);
            }
        }
    }

    /// <summary>Labels, and what is odd about this node.</summary>
    private static string Remarks(FleetRow row, AppState state, Theme theme)
    {
        var parts = new List<string>();
        if (row.Identity.Labels.Count > 0)
        {
            parts.Add(string.Join(' ', row.Identity.Labels.OrderBy(l => l.Key, StringComparer.Ordinal).Select(l => $"{l.Key}={l.Value}")));
        }

        if (Math.Abs(row.Standing.ClockSkewMs) > 500)
        {
            parts.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"its clock is {Math.Abs(row.Standing.ClockSkewMs) / 1000.0:0.0} s {(row.Standing.ClockSkewMs > 0 ? "ahead" : "behind")}"));
        }

        if (row.Identity.FailedCollectors.Count > 0)
        {
            parts.Add("not measured: " + string.Join(", ", row.Identity.FailedCollectors));
        }

        if (state.Node.Detail is { SeedShedSamples: > 0 } detail)
        {
            parts.Add($"{detail.SeedShedSamples} samples shed by the seed");
        }

        return string.Join($" {theme.Dot} ", parts);
    }

    private static void DrawAvailability(Screen screen, Rect area, int y, FleetRow row, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var x = screen.Text(area.X + 1, y, "availability", new Style(theme.Accent).Bold) + 2;
        foreach (var (name, value) in Windows)
        {
            if (x + 12 > area.Right)
            {
                return;
            }

            x = screen.Text(x, y, name, new Style(theme.Muted)) + 1;
            var fraction = value(row.Standing);
            var ink = double.IsNaN(fraction) ? theme.Muted : fraction >= 0.999 ? theme.Good : fraction >= 0.99 ? theme.Warn : theme.Bad;
            x = screen.Text(x, y, Format.Availability(fraction, buffer), new Style(state.Stale ? theme.Muted : ink)) + 2;
        }

        var room = area.Right - x - 6;
        if (room >= 12 && state.Node.Detail is { } detail)
        {
            var width = Math.Min(room, 96);
            x = screen.Text(x, y, "24h ", new Style(theme.Muted));
            StateStrip.Draw(screen, x, y, width, detail, row.State, state.Clock.SeedNowMs, TimeSpan.FromHours(24), theme);
        }
    }
}

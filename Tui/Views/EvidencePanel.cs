using System.Globalization;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>Why a node has its state: what the seed saw, and when.</summary>
internal static class EvidencePanel
{
    private const int LabelWidth = 16;

    public static void Draw(Screen screen, Rect area, FleetRow row, AppState state, Theme theme)
    {
        var lines = Lines(row, state);
        var width = Math.Min(area.Width, 84);
        var height = Math.Min(area.Height, lines.Count + 2);
        var box = new Rect(area.X + ((area.Width - width) / 2), area.Y + ((area.Height - height) / 2), width, height);
        screen.Fill(box, theme.Mono ? Rgb.Default : theme.Panel);
        var inner = Frame.Draw(screen, box, theme, $"why {row.Name} is {Format.State(row.State)}", "e closes", strong: true);
        for (var i = 0; i < lines.Count && i < inner.Height; i++)
        {
            var (label, text) = lines[i];
            screen.Text(inner.X + 1, inner.Y + i, label, new Style(theme.Muted), LabelWidth - 1);
            var x = inner.X + 1 + LabelWidth;
            screen.Field(x, inner.Y + i, text, Math.Min(Width.OfText(text), inner.Right - x - 1), new Style(theme.Text), theme.Ellipsis);
        }
    }

    private static List<(string Label, string Text)> Lines(FleetRow row, AppState state)
    {
        var lines = new List<(string, string)>
        {
            ("state", $"{Format.State(row.State)} since {When(row.Standing.SinceMs, state)}"),
            ("reason", row.Standing.Reason.Length > 0 ? row.Standing.Reason : "-"),
        };
        if (state.Node.Detail is not { } detail)
        {
            lines.Add(("evidence", state.Node.Refusal.Length > 0 ? state.Node.Refusal : "asking the seed"));
            return lines;
        }

        AddEvidence(lines, detail.Evidence ?? new Evidence(), state);
        lines.Add(("clock", Skew(row.Standing.ClockSkewMs)));
        lines.Add(("incarnation", row.Identity.Incarnation.ToString("x16", CultureInfo.InvariantCulture)));
        AddCounters(lines, detail);
        foreach (var maintenance in detail.Maintenance)
        {
            lines.Add(("maintenance", $"{When(maintenance.FromMs, state)} until {When(maintenance.ToMs, state)}, {maintenance.Who}: {maintenance.Why}"));
        }

        lines.Add(("", ""));
        foreach (var change in detail.Transitions.Take(8))
        {
            lines.Add((Exact(change.TimeMs, state), $"{Format.State(change.From)} -> {Format.State(change.To)}  {change.Reason}"));
        }

        return lines;
    }

    private static void AddEvidence(List<(string, string)> lines, Evidence evidence, AppState state)
    {
        lines.Add(("seen by", evidence.Observer.Length > 0 ? evidence.Observer : "-"));
        lines.Add(("link", evidence.Link switch
        {
            LinkState.LinkAlive => "alive",
            LinkState.LinkBroken => "broken",
            LinkState.LinkSilent => "connected, but silent",
            _ => "not known",
        }));
        lines.Add(("last heartbeat", When(evidence.LastHeartbeatMs, state)));
        lines.Add(("last sample", When(evidence.LastSampleMs, state)));
        lines.Add(("suspicion phi", evidence.Phi > 0 ? evidence.Phi.ToString("0.00", CultureInfo.InvariantCulture) : "-"));
        lines.Add(("cluster says", evidence.MemberStatus.Length > 0 ? evidence.MemberStatus : "no member"));
        if (evidence.Detail.Length > 0)
        {
            lines.Add(("in its words", evidence.Detail));
        }
    }

    private static void AddCounters(List<(string, string)> lines, NodeDetail detail)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        if (detail.Counters is { } counters)
        {
            lines.Add(("agent's ticks", $"{counters.MissedTicks} missed, {counters.LateTicks} late"));
            lines.Add(("agent's outbox", $"{Blocks(counters.OutboxBlocks)}, {Format.Size(counters.OutboxBytes, buffer)}; {counters.ThinnedSamples} thinned, {counters.ShedSamples} lost"));
        }

        lines.Add(("seed has kept", $"{Blocks(detail.BlocksStored)}, {Format.Size(detail.BytesStored, buffer)}; {detail.SeedShedSamples} live samples shed"));
    }

    private static string Blocks(long count) => count == 1 ? "1 block" : $"{count} blocks";

    private static string Skew(long ms) => ms switch
    {
        0 => "as the seed's",
        > 0 => string.Create(CultureInfo.InvariantCulture, $"{ms / 1000.0:0.000} s ahead of the seed's"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{-ms / 1000.0:0.000} s behind the seed's"),
    };

    private static string Exact(long ms, AppState state)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        return state.Clock.Exact(ms, buffer).ToString();
    }

    private static string When(long ms, AppState state)
    {
        if (ms <= 0)
        {
            return "never";
        }

        Span<char> moment = stackalloc char[Format.BufferSize];
        Span<char> age = stackalloc char[Format.BufferSize];
        var ahead = ms > state.Clock.SeedNowMs;
        return ahead
            ? state.Clock.Exact(ms, moment).ToString()
            : $"{state.Clock.Exact(ms, moment)} ({Format.Ago(state.Clock.Age(ms), age)})";
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>States over time as a row of boxes, the newest on the right; each shows the worst state of its part.</summary>
internal static class StateStrip
{
    public static void Draw(Screen screen, int x, int y, int width, NodeDetail detail, AvailabilityState now, long nowMs, TimeSpan span, Theme theme)
    {
        var step = (long)span.TotalMilliseconds / Math.Max(1, width);
        for (var i = 0; i < width; i++)
        {
            var to = nowMs - ((width - 1 - i) * step);
            var state = Worst(detail, now, to - step, to);
            var known = state != AvailabilityState.AvailabilityUnspecified;
            uint glyph = !known ? theme.Dot : state == AvailabilityState.AvailabilityUp ? theme.Strip : theme.StateGlyph(state);
            screen.Put(x + i, y, glyph, new Style(known ? theme.StateColour(state) : theme.Faint));
        }
    }

    /// <summary>The worst state between two times, unspecified where nothing is known. Transitions are newest first.</summary>
    public static AvailabilityState Worst(NodeDetail detail, AvailabilityState now, long fromMs, long toMs)
    {
        if (detail.FirstSeenMs > 0 && toMs < detail.FirstSeenMs)
        {
            return AvailabilityState.AvailabilityUnspecified;
        }

        var state = now;
        var worst = AvailabilityState.AvailabilityUnspecified;
        foreach (var change in detail.Transitions)
        {
            // `state` held from this change on.
            if (change.TimeMs <= toMs)
            {
                worst = Worse(worst, state);
            }

            if (change.TimeMs <= fromMs)
            {
                return worst;
            }

            state = change.From;
        }

        // Before the oldest transition that was sent: what it came from, if that says anything.
        return Worse(worst, state);
    }

    private static AvailabilityState Worse(AvailabilityState a, AvailabilityState b) => Rank(b) > Rank(a) ? b : a;

    private static int Rank(AvailabilityState state) => state switch
    {
        AvailabilityState.AvailabilityUnspecified => 0,
        AvailabilityState.AvailabilityJoining => 1,
        AvailabilityState.AvailabilityUp => 2,
        AvailabilityState.AvailabilityLeft => 3,
        AvailabilityState.AvailabilityExpectedOff => 4,
        AvailabilityState.AvailabilityUnknown => 5,
        AvailabilityState.AvailabilitySuspect => 6,
        AvailabilityState.AvailabilityUnreachable => 7,
        _ => 8,
    };
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The first line: name, tabs, how many nodes are in which state, the time. A second line says what is wrong, if something is.</summary>
internal static class Header
{
    private const string Product = "ClusterMonitor";
    private const string ShortProduct = "CM";

    // What matters most first.
    private static readonly AvailabilityState[] Order =
    [
        AvailabilityState.AvailabilityUp,
        AvailabilityState.AvailabilityDown,
        AvailabilityState.AvailabilityUnreachable,
        AvailabilityState.AvailabilitySuspect,
        AvailabilityState.AvailabilityJoining,
        AvailabilityState.AvailabilityUnknown,
        AvailabilityState.AvailabilityExpectedOff,
        AvailabilityState.AvailabilityLeft,
    ];

    /// <summary>Draws it and returns the number of lines it took.</summary>
    public static int Draw(Screen screen, AppState state, Theme theme)
    {
        var x = DrawTabs(screen, state, theme);
        DrawRight(screen, x + 1, state, theme);
        return DrawBanner(screen, state, theme) ? 2 : 1;
    }

    /// <summary>The view whose tab is at this column.</summary>
    public static IView? TabAt(int x, int width, AppState state)
    {
        var at = TabsStart(width);
        foreach (var view in Tabs(width, state))
        {
            var end = at + view.Name.Length + 2;
            if (x >= at && x < end)
            {
                return view;
            }

            at = end;
        }

        return null;
    }

    /// <summary>All views; on a narrow screen only the one that is shown, as the states matter more.</summary>
    private static IEnumerable<IView> Tabs(int width, AppState state) => width >= 60 ? state.Views : [state.View];

    private static string NameFor(int width) => width >= 84 ? Product : width >= 50 ? ShortProduct : "";

    private static int TabsStart(int width) => NameFor(width) is { Length: > 0 } name ? name.Length + 3 : 1;

    private static int DrawTabs(Screen screen, AppState state, Theme theme)
    {
        screen.Text(1, 0, NameFor(screen.Width), new Style(theme.Accent).Bold);
        var x = TabsStart(screen.Width);
        foreach (var view in Tabs(screen.Width, state))
        {
            var on = view == state.View;
            var style = on
                ? new Style(theme.Text, theme.Selection, CellAttributes.Bold | theme.SelectionAttributes)
                : new Style(theme.Muted);
            x = screen.Text(x, 0, " ", style);
            x = screen.Text(x, 0, view.Name, style);
            x = screen.Text(x, 0, " ", style);
        }

        return x;
    }

    private static void DrawRight(Screen screen, int left, AppState state, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var right = screen.Width - 1;
        var clock = state.Clock.TimeOfDay(state.Clock.SeedNowMs, buffer);
        if (right - clock.Length >= left)
        {
            right -= clock.Length;
            screen.Text(right, 0, clock, new Style(theme.Muted));
            right -= 3;
        }

        // With words if all of them fit, else numbers; and if not even those do, what matters least goes first.
        var words = CountsWidth(state, words: true, Order.Length) <= right - left;
        var shown = Order.Length;
        while (!words && shown > 0 && CountsWidth(state, words: false, shown) > right - left)
        {
            shown--;
        }

        for (var i = shown - 1; i >= 0; i--)
        {
            var count = state.Fleet.CountOf(Order[i]);
            if (count > 0)
            {
                right -= CountWidth(Order[i], count, words);
                DrawCount(screen, right, Order[i], count, words, state.Stale, theme);
                right -= 2;
            }
        }
    }

    private static void DrawCount(Screen screen, int x, AvailabilityState of, int count, bool words, bool stale, Theme theme)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var style = new Style(stale ? theme.Muted : theme.StateColour(of));
        screen.Put(x, 0, theme.StateGlyph(of), style);
        buffer.TryWrite($"{count}", out var length);
        x = screen.Text(x + 2, 0, buffer[..length], style);
        if (words)
        {
            screen.Text(x + 1, 0, Format.State(of), style);
        }
    }

    private static int CountsWidth(AppState state, bool words, int shown)
    {
        var sum = 0;
        foreach (var of in Order.AsSpan(0, shown))
        {
            var count = state.Fleet.CountOf(of);
            sum += count > 0 ? CountWidth(of, count, words) + 2 : 0;
        }

        return sum;
    }

    private static int CountWidth(AvailabilityState of, int count, bool words) =>
        2 + (count < 10 ? 1 : count < 100 ? 2 : count < 1000 ? 3 : count < 10_000 ? 4 : 6) + (words ? 1 + Format.State(of).Length : 0);

    private static bool DrawBanner(Screen screen, AppState state, Theme theme)
    {
        if (screen.Height < 8)
        {
            return false;
        }

        var (text, colour) = state switch
        {
            { Stale: true } => (StaleText(state), theme.Bad),
            { Fleet.Seed.Warning.Length: > 0 } => ($"seed {state.Fleet.Seed.Name}: {state.Fleet.Seed.Warning}", theme.Warn),
            { Fleet.Seed.FramesShed: > 0 } => ($"the seed is overloaded: {state.Fleet.Seed.FramesShed} live samples were not shown", theme.Warn),
            _ => ("", 0u),
        };
        if (text.Length == 0)
        {
            return false;
        }

        screen.Put(1, 1, '!', new Style(colour).Bold);
        screen.Field(3, 1, text, screen.Width - 4, new Style(colour), theme.Ellipsis);
        return true;
    }

    private static string StaleText(AppState state)
    {
        Span<char> buffer = stackalloc char[Format.BufferSize];
        var age = Format.Duration(state.Clock.Now - state.LastFrameAt, buffer).ToString();
        var why = state.ConnectionProblem.Length > 0 ? ": " + state.ConnectionProblem : "";
        return $"no word from seed {state.SeedAddress} for {age}, what you see is of {state.Clock.TimeOfDay(state.Fleet.TimeMs, buffer)}{why}";
    }
}

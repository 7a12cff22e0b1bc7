using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>What a message does to the state. No clock, no terminal, no actor in here.</summary>
internal static class Update
{
    /// <summary>Applies a message. False: the frame did not follow from the one before.</summary>
    public static bool Apply(AppState state, AppMessage message, int width = 0)
    {
        switch (message)
        {
            case KeyPressed pressed:
                OnKey(state, pressed.Key, width);
                return true;
            case FleetArrived arrived:
                return OnFleet(state, arrived.Frame);
            case Connected:
                state.Connection = state.Fleet.IsKnown ? state.Connection : ConnectionStatus.Connecting;
                return true;
            case ConnectionLost lost:
                state.Connection = state.Fleet.IsKnown ? ConnectionStatus.Lost : ConnectionStatus.Connecting;
                state.ConnectionProblem = lost.Why;
                return true;
            case DetailArrived arrived:
                state.Node.Take(arrived.Detail);
                return true;
            case DetailRefused refused when refused.NodeId == state.Node.Id:
                state.Node.Refusal = refused.Text;
                return true;
            case ChartArrived chart when chart.NodeId == state.Node.Id && chart.Range == state.Node.Range:
                state.Node.Series[chart.Chart].Load(chart.Series ?? new HistorySeries());
                return true;
            case EventsArrived arrived:
                state.Events.Take(arrived.Answer);
                return true;
            default:
                return true;
        }
    }

    private static bool OnFleet(AppState state, FleetFrame frame)
    {
        if (!state.Fleet.Apply(frame))
        {
            return false;
        }

        state.Clock.SeedSaid(frame.TimeMs);
        state.LastFrameAt = state.Clock.Now;
        state.Connection = ConnectionStatus.Live;
        state.ConnectionProblem = "";
        state.Nodes.Refresh(state.Fleet);
        if (state.Fleet.Find(state.Node.Id) is { HasNumbers: true } open)
        {
            state.Node.Append(open.Vitals);
        }

        return true;
    }

    private static void OnKey(AppState state, Key key, int width)
    {
        if (key.Kind is KeyKind.Reply or KeyKind.FocusIn or KeyKind.FocusOut or KeyKind.None)
        {
            return;
        }

        if (state.QuitQuestion is not null)
        {
            OnAnswer(state, key);
            return;
        }

        // These hold even while a line is being typed.
        if (key.IsControl('c'))
        {
            Quit(state);
        }
        else if (key.IsControl('l'))
        {
            state.RedrawRequested = true;
        }
        else if (key.IsControl('z'))
        {
            state.SuspendRequested = true;
        }
        else if (state.View.Prompt is not null || !OnGlobalKey(state, key, width))
        {
            state.View.OnKey(state, key);
        }
    }

    private static bool OnGlobalKey(AppState state, in Key key, int width)
    {
        switch (key.Kind)
        {
            case KeyKind.Tab:
                Step(state, 1);
                return true;
            case KeyKind.BackTab:
                Step(state, -1);
                return true;
            case KeyKind.F1:
                ToggleHelp(state);
                return true;
            case KeyKind.Mouse when key.Y == 0:
                if (key.Mouse == MouseAction.Press && Header.TabAt(key.X, width, state) is { } tab)
                {
                    Show(state, tab);
                }

                return true;
            case KeyKind.Character when key.Is('q'):
                Quit(state);
                return true;
            case KeyKind.Character when key.Is('?'):
                ToggleHelp(state);
                return true;
            case KeyKind.Character when key.Modifiers == 0 && key.Rune.Value - '1' is var i and >= 0 && i < state.Views.Count:
                Show(state, state.Views[i]);
                return true;
            default:
                return false;
        }
    }

    private static void Show(AppState state, IView view) => state.Show(view);

    private static void Step(AppState state, int by)
    {
        var count = state.Views.Count;
        for (var i = 0; i < count; i++)
        {
            if (state.Views[i] == state.View)
            {
                Show(state, state.Views[(i + by + count) % count]);
                return;
            }
        }
    }

    private static void ToggleHelp(AppState state)
    {
        if (state.View is HelpView)
        {
            Show(state, state.Before ?? state.Views[0]);
        }
        else
        {
            var before = state.View;
            state.ShowView<HelpView>();
            state.Before = before;
        }
    }

    private static void Quit(AppState state)
    {
        var question = state.AskBeforeQuit?.Invoke().Question;
        state.QuitQuestion = question;
        state.Quit = question is null;
    }

    private static void OnAnswer(AppState state, in Key key)
    {
        if (key.Is('y') || key.Is('Y') || key.IsControl('c'))
        {
            state.Quit = true;
        }
        else if (key.Kind is KeyKind.Escape or KeyKind.Enter || key.Is('n') || key.Is('N') || key.Is('q'))
        {
            state.QuitQuestion = null;
        }
    }
}

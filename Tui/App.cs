using System.Threading.Channels;

namespace ClusterMonitor.Tui;

/// <summary>How the dashboard ended.</summary>
internal enum AppEnd
{
    /// <summary>The person said so.</summary>
    Quit,

    /// <summary>The terminal is gone.</summary>
    Hangup,

    /// <summary>The process is to end.</summary>
    Ended,
}

/// <summary>
/// The loop: keys, ticks, signals and data come through one channel; each changes the state; then a frame is drawn, if the
/// terminal has shown the one before. What arrives meanwhile is drawn together.
/// </summary>
internal sealed class App(Terminal terminal, AppState state, Theme theme, AnsiWriter writer, TimeProvider time, AppLinks links)
{
    private static readonly TimeSpan LateReplies = TimeSpan.FromMilliseconds(600);

    private readonly Screen _screen = new(0, 0);
    private readonly FlowControl _flow = new();
    private AppEnd? _end;
    private Wants? _wants;
    private bool _frameOwed;
    private bool _suspending;

    /// <summary>Runs until it is told to end. The terminal is left as it was found, however that happens.</summary>
    /// <param name="messages">Everything that happens.</param>
    /// <param name="entered">Called when the terminal is in raw mode.</param>
    public async Task<AppEnd> RunAsync(ChannelReader<AppMessage> messages, Action entered)
    {
        terminal.Enter();
        entered();
        Resize();
        TellWants();
        HandleAll(messages);
        var dirty = true;
        using var patience = time.CreateTimer(_ => links.Post(PatienceEnded.Instance), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            while (_end is null)
            {
                if (dirty && _flow.MayDraw(time.GetUtcNow()))
                {
                    DrawFrame();
                    dirty = false;
                }
                else if (dirty)
                {
                    patience.Change(_flow.Remaining(time.GetUtcNow()) + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
                }

                if (!await messages.WaitToReadAsync().ConfigureAwait(false))
                {
                    break;
                }

                dirty |= HandleAll(messages);
                TellWants();
            }

            await DrainAsync(messages).ConfigureAwait(false);
            return _end ?? AppEnd.Ended;
        }
        finally
        {
            terminal.Restore();
        }
    }

    /// <summary>Takes all that has come, to be drawn together.</summary>
    private bool HandleAll(ChannelReader<AppMessage> messages)
    {
        var dirty = false;
        while (_end is null && messages.TryRead(out var message))
        {
            dirty |= Handle(message);
        }

        return dirty;
    }

    /// <summary>True if there is something new to draw.</summary>
    private bool Handle(AppMessage message)
    {
        switch (message)
        {
            case KeyPressed { Key: var key } when FlowControl.IsAnswer(key):
                _flow.Answered();
                return false;
            case SignalArrived { Signal: var signal }:
                return OnSignal(signal);
            case PatienceEnded:
                return false;
        }

        if (!Update.Apply(state, message, _screen.Width))
        {
            links.ToClient(FleetUnclear.Instance);
        }

        _frameOwed |= message is FleetArrived;
        if (state.Quit)
        {
            _end = AppEnd.Quit;
        }

        if (state.RedrawRequested)
        {
            state.RedrawRequested = false;
            Resize();
        }

        if (state.SuspendRequested)
        {
            state.SuspendRequested = false;
            Suspend();
        }

        return true;
    }

    private bool OnSignal(TerminalSignal signal)
    {
        switch (signal)
        {
            case TerminalSignal.Resize:
                Resize();
                return true;
            case TerminalSignal.Suspend when links.MaySuspend:
                // From Ctrl-Z the screen is restored already; from kill -TSTP not yet.
                _suspending = false;
                terminal.Restore();
                links.Stop();
                return false;
            case TerminalSignal.Continue:
                terminal.Enter();
                Resize();
                return true;
            case TerminalSignal.Hangup:
                _end = AppEnd.Hangup;
                return false;
            case TerminalSignal.End:
                _end = AppEnd.Ended;
                return false;
            default:
                return false;
        }
    }

    /// <summary>Ctrl-Z arrives as a key in raw mode: do what the terminal would have done, for the whole job.</summary>
    private void Suspend()
    {
        if (links.MaySuspend && !_suspending)
        {
            _suspending = true;
            terminal.Restore();
            links.SuspendJob();
        }
    }

    private void Resize()
    {
        var (width, height) = terminal.Size(links.Environment);
        _screen.Resize(width, height);
        writer.Invalidate();
    }

    private void DrawFrame()
    {
        if (_suspending)
        {
            return;
        }

        Page.Draw(_screen, state, theme);
        writer.Reset();
        if (writer.Frame(_screen))
        {
            if (_flow.Asks)
            {
                writer.Raw(FlowControl.Question);
                _flow.Asked(time.GetUtcNow());
            }

            if (!terminal.Write(writer.Bytes))
            {
                _end ??= AppEnd.Hangup;
            }
        }

        if (_frameOwed)
        {
            _frameOwed = false;
            links.ToClient(FrameDrawn.Instance);
        }
    }

    private void TellWants()
    {
        var wants = state.Wants;
        if (wants != _wants)
        {
            _wants = wants;
            links.ToClient(wants);
        }
    }

    /// <summary>Waits a little for the answer to the last frame, or the shell would take it for typing.</summary>
    private async Task DrainAsync(ChannelReader<AppMessage> messages)
    {
        if (!_flow.Waiting || _end == AppEnd.Hangup)
        {
            return;
        }

        using var patience = new CancellationTokenSource(LateReplies, time);
        try
        {
            while (_flow.Waiting)
            {
                if (await messages.ReadAsync(patience.Token).ConfigureAwait(false) is KeyPressed { Key: var key } && FlowControl.IsAnswer(key))
                {
                    _flow.Answered();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // It does not answer; what comes later is dropped when the terminal's mode is set back.
        }
        catch (ChannelClosedException)
        {
            // Nothing more can come.
        }
    }
}

/// <summary>What the loop reaches the rest of the process by.</summary>
/// <param name="Post">Puts a message into the loop's own channel.</param>
/// <param name="ToClient">Sends to the client actor.</param>
/// <param name="Environment">Looks up environment variables.</param>
/// <param name="MaySuspend">False where stopping the process would stop more than the dashboard: in the seed.</param>
/// <param name="SuspendJob">Stops this job as the terminal would on Ctrl-Z.</param>
/// <param name="Stop">Stops this process.</param>
internal sealed record AppLinks(
    Action<AppMessage> Post,
    Action<object> ToClient,
    Func<string, string?> Environment,
    bool MaySuspend,
    Action SuspendJob,
    Action Stop);

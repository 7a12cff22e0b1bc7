using System.Threading.Channels;

namespace ClusterMonitor.Tui;

/// <summary>What a dashboard is started with.</summary>
internal sealed record DashboardOptions
{
    /// <summary>The seed as the person knows it: HOST:PORT.</summary>
    public required string SeedAddress { get; init; }

    /// <summary>user@host.</summary>
    public required string Who { get; init; }

    /// <summary>Of this program.</summary>
    public required string Version { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>Looks up environment variables.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Null: as the environment says.</summary>
    public ColourDepth? Depth { get; init; }

    /// <summary>Null: as the environment says.</summary>
    public GlyphTier? Tier { get; init; }

    /// <summary>Wheel and clicks; the terminal's own selection then needs Shift.</summary>
    public bool Mouse { get; init; } = true;

    /// <summary>
    /// Take INT, TERM, HUP and QUIT as a wish to end. The seed handles signals itself and says false: it cancels the token instead.
    /// </summary>
    public bool HandleSignals { get; init; } = true;

    /// <summary>Ctrl-Z stops the process. Not in the seed, which would stop watching.</summary>
    public bool MaySuspend { get; init; } = true;

    /// <summary>Asked when the person wants to quit; null: at once.</summary>
    public Func<QuitDecision>? AskBeforeQuit { get; init; }
}

/// <summary>The dashboard on the terminal of this process, from first frame to last.</summary>
internal static class Dashboard
{
    /// <summary>
    /// Draws until the person quits, the terminal goes away, or the token is cancelled; the terminal is left as it was found.
    /// </summary>
    /// <param name="system">Where the client lives.</param>
    /// <param name="door">The seed's door for dashboards.</param>
    /// <param name="options">How.</param>
    /// <param name="cancel">Ends the drawing.</param>
    /// <exception cref="IOException">There is no terminal.</exception>
    public static async Task<AppEnd> RunAsync(ActorSystem system, ICanTell door, DashboardOptions options, CancellationToken cancel)
    {
        var theme = Theme.Detect(options.Environment, options.Depth, options.Tier);
        var state = new AppState(new Clock(options.Time), options.SeedAddress, theme, options.AskBeforeQuit);
        var channel = Channel.CreateUnbounded<AppMessage>(new UnboundedChannelOptions { SingleReader = true });
        Action<AppMessage> post = message => channel.Writer.TryWrite(message);
        using var terminal = Terminal.Open(options.Mouse);
        using var safety = new TerminalSafety(terminal);
        using var signals = new TerminalSignals(terminal, options.HandleSignals, options.MaySuspend, post);
        using var cancelled = cancel.Register(() => post(new SignalArrived(TerminalSignal.End)));
        var settings = new ClientSettings(options.Who, options.Version, options.Time, state.Node.Charts);
        var client = system.ActorOf(Props.Create(() => new DashboardClient(door, settings, post)), "dashboard-client");
        var reports = system.ActorOf(Props.Create(() => new LinkReports(client)), "dashboard-link");
        using var ticks = new SecondTicks(options.Time, () => post(Ticked.Instance));
        var writer = new AnsiWriter(theme.Depth, Theme.IsUtf8(options.Environment));
        var links = new AppLinks(post, message => client.Tell(message, ActorRefs.NoSender), options.Environment, options.MaySuspend, TerminalSignals.SuspendJob, TerminalSignals.StopProcess);
        var app = new App(terminal, state, theme, writer, options.Time, links);
        using var keyboard = new Keyboard(terminal, Patience(options.Environment), post);

        // Starting a shell takes longer than drawing the first frame: it goes on beside.
        void Entered()
        {
            keyboard.Start();
            _ = Task.Run(safety.StartGuard, CancellationToken.None);
        }

        try
        {
            return await app.RunAsync(channel.Reader, Entered).ConfigureAwait(false);
        }
        finally
        {
            system.Stop(reports);
            system.Stop(client);
        }
    }

    /// <summary>How long a lone ESC waits for the rest of a sequence: over SSH the pieces come apart.</summary>
    private static TimeSpan Patience(Func<string, string?> environment) =>
        TimeSpan.FromMilliseconds(environment("SSH_TTY") is { Length: > 0 } ? 100 : 40);
}

/// <summary>A message at the beginning of each second, a little after it.</summary>
internal sealed class SecondTicks : IDisposable
{
    private readonly TimeProvider _time;
    private readonly Action _tick;
    private readonly ITimer _timer;

    public SecondTicks(TimeProvider time, Action tick)
    {
        _time = time;
        _tick = tick;
        _timer = time.CreateTimer(_ => Fire(), null, UntilNext(), Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Fire()
    {
        _tick();
        _timer.Change(UntilNext(), Timeout.InfiniteTimeSpan);
    }

    private TimeSpan UntilNext() => TimeSpan.FromMilliseconds(1002 - _time.GetUtcNow().Millisecond);
}

/// <summary>The one thread that reads the terminal.</summary>
internal sealed class Keyboard : IDisposable
{
    /// <summary>A sequence that began and does not end, other than a lone ESC, is given this long.</summary>
    private const int BrokenSequenceMs = 1000;

    private readonly Terminal _terminal;
    private readonly int _escapeMs;
    private readonly Action<AppMessage> _post;
    private readonly Thread _thread;
    private volatile bool _stop;

    public Keyboard(Terminal terminal, TimeSpan escapePatience, Action<AppMessage> post)
    {
        _terminal = terminal;
        _escapeMs = (int)escapePatience.TotalMilliseconds;
        _post = post;
        _thread = new Thread(Read) { IsBackground = true, Name = "keyboard" };
    }

    /// <summary>Only once the terminal is in raw mode: before, it would hold back what is typed.</summary>
    public void Start() => _thread.Start();

    public void Dispose()
    {
        _stop = true;
        _terminal.Wake();
        if (_thread.IsAlive)
        {
            _thread.Join();
        }
    }

    private void Read()
    {
        var decoder = new InputDecoder();
        Span<byte> buffer = stackalloc byte[4096];
        while (!_stop)
        {
            var wait = decoder.LoneEscape ? _escapeMs : decoder.Pending ? BrokenSequenceMs : Timeout.Infinite;
            var count = _terminal.Read(buffer, wait);
            if (count < 0)
            {
                _post(new SignalArrived(TerminalSignal.Hangup));
                return;
            }

            if (count == 0)
            {
                decoder.Flush();
            }
            else
            {
                decoder.Feed(buffer[..count]);
            }

            while (decoder.TryTake(out var key))
            {
                _post(new KeyPressed(key));
            }
        }
    }
}

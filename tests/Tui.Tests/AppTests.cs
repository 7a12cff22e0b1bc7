using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;

namespace ClusterMonitor.Tui.Tests;

/// <summary>The whole loop on a real pty, with a terminal emulator at the other end.</summary>
public sealed class AppTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Frames_follow_the_terminals_answers_and_quitting_restores_it()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        await using var run = new Running(pty);
        var emulator = new EmulatedTerminal(80, 24);
        var first = run.NextFrame(emulator);
        Assert.Contains("gpu-a000", emulator.Text());

        // Nothing more is drawn while the answer is out, whatever happens.
        run.Post(new KeyPressed(new Key(KeyKind.Enter)));
        Assert.Empty(pty.Receive(300));
        pty.Type("\e[0n"u8);
        run.NextFrame(emulator);
        Assert.Contains("availability", emulator.Text());

        pty.Type("\e[0nq"u8);
        Assert.Equal(AppEnd.Quit, await run.Ended.WaitAsync(Patience));
        Assert.Equal(before, pty.Attributes());
        Assert.True(first > 0);
    }

    [Fact]
    public async Task A_hangup_ends_it()
    {
        using var pty = new PseudoTerminal(80, 24);
        await using var run = new Running(pty);
        run.NextFrame(new EmulatedTerminal(80, 24));
        pty.HangUp();
        Assert.Equal(AppEnd.Hangup, await run.Ended.WaitAsync(Patience));
    }

    [Fact]
    public async Task A_signal_to_end_restores_the_terminal()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        await using var run = new Running(pty);
        run.NextFrame(new EmulatedTerminal(80, 24));
        run.Post(new SignalArrived(TerminalSignal.End));
        Assert.Equal(AppEnd.Ended, await run.Ended.WaitAsync(Patience));
        Assert.Equal(before, pty.Attributes());
    }

    [Fact]
    public async Task After_a_stop_and_continue_everything_is_drawn_anew()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        await using var run = new Running(pty);
        run.NextFrame(new EmulatedTerminal(80, 24));
        pty.Type("\e[0n"u8);
        pty.Type([0x1A]);
        await run.Until(() => run.Stopped == 1);
        Assert.Equal(before, pty.Attributes());

        run.Post(new SignalArrived(TerminalSignal.Continue));
        var emulator = new EmulatedTerminal(80, 24);
        run.NextFrame(emulator);
        Assert.Contains("gpu-a000", emulator.Text());
        Assert.NotEqual(before, pty.Attributes());
    }

    [Fact]
    public async Task The_next_frame_is_pulled_once_the_last_is_drawn()
    {
        using var pty = new PseudoTerminal(80, 24);
        await using var run = new Running(pty);
        run.NextFrame(new EmulatedTerminal(80, 24));
        await run.Until(() => run.ToClient.OfType<FrameDrawn>().Count() == 1);
        run.Post(new FleetArrived(SampleFleet.NextSecond(26, 1)));
        Assert.Empty(pty.Receive(200));
        Assert.Single(run.ToClient.OfType<FrameDrawn>());
        pty.Type("\e[0n"u8);
        run.NextFrame(null);
        await run.Until(() => run.ToClient.OfType<FrameDrawn>().Count() == 2);
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly PseudoTerminal _pty;
        private readonly Terminal _terminal;
        private readonly Keyboard _keyboard;
        private readonly Channel<AppMessage> _channel = Channel.CreateUnbounded<AppMessage>();

        public Running(PseudoTerminal pty)
        {
            _pty = pty;
            var theme = new Theme(ColourDepth.Xterm256, GlyphTier.Full);
            var state = new AppState(new Clock(TimeProvider.System), "seed:4053", theme);
            _terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
            _keyboard = new Keyboard(_terminal, TimeSpan.FromMilliseconds(40), Post);
            var links = new AppLinks(Post, ToClient.Enqueue, _ => null, MaySuspend: true, () => Post(new SignalArrived(TerminalSignal.Suspend)), () => Stopped++);
            var app = new App(_terminal, state, theme, new AnsiWriter(ColourDepth.Xterm256, utf8: true), TimeProvider.System, links);
            Post(new FleetArrived(SampleFleet.Frame(26)));
            Ended = Task.Run(() => app.RunAsync(_channel.Reader, _keyboard.Start));
        }

        public ConcurrentQueue<object> ToClient { get; } = new();

        public int Stopped { get; private set; }

        public Task<AppEnd> Ended { get; }

        public void Post(AppMessage message) => _channel.Writer.TryWrite(message);

        /// <summary>Takes bytes until a frame has ended with its question; shows them to the emulator.</summary>
        public int NextFrame(EmulatedTerminal? emulator)
        {
            var bytes = new List<byte>();
            while (!Encoding.Latin1.GetString([.. bytes]).EndsWith("\e[5n", StringComparison.Ordinal))
            {
                var more = _pty.Receive((int)Patience.TotalMilliseconds);
                Assert.True(more.Length > 0, "no frame came");
                bytes.AddRange(more);
            }

            var text = Encoding.Latin1.GetString([.. bytes]);
            var body = text[text.IndexOf("\e[?2026h", StringComparison.Ordinal)..^"\e[5n".Length];
            emulator?.Feed(Encoding.Latin1.GetBytes(body));
            return bytes.Count;
        }

        public async Task Until(Func<bool> condition)
        {
            for (var i = 0; !condition(); i++)
            {
                Assert.True(i < 1000, "the condition never came true");
                await Task.Delay(10);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Post(new SignalArrived(TerminalSignal.End));
            await Ended.WaitAsync(Patience);
            _keyboard.Dispose();
            _terminal.Dispose();
        }
    }
}

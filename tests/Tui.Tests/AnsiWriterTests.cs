using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace ClusterMonitor.Tui.Tests;

public sealed class AnsiWriterTests(ITestOutputHelper output)
{
    [Fact]
    public void What_the_terminal_shows_after_any_frames_is_what_was_drawn() =>
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed => Replay(seed)));

    [Fact]
    public void Tmux_shows_what_was_drawn()
    {
        if (!TmuxScreen.IsInstalled)
        {
            output.WriteLine("NOT RUN: tmux is not installed, so only the emulator in this project has checked the writer");
            return;
        }

        var dice = new Random(20261121);
        var screen = new Screen(64, 18);
        var writer = new AnsiWriter(ColourDepth.Xterm256, utf8: true);
        for (var frame = 0; frame < 40; frame++)
        {
            RandomScreens.Scribble(screen, dice, undisputed: true);
            writer.Frame(screen);
        }

        Assert.Equal(screen.Dump(trimRight: true).TrimEnd('\n'), TmuxScreen.Show(writer.Bytes, 64, 18).TrimEnd('\n'));
    }

    [Fact]
    public void A_frame_that_changes_nothing_is_no_bytes()
    {
        var screen = new Screen(20, 5);
        screen.Text(3, 2, "数据 x", new Style(Rgb.Hex(0xFF0000)));
        var writer = new AnsiWriter(ColourDepth.Xterm256, utf8: true);
        Assert.True(writer.Frame(screen));
        writer.Reset();

        Assert.False(writer.Frame(screen));
        Assert.Equal(0, writer.Bytes.Length);
    }

    [Fact]
    public void One_changed_cell_is_a_few_bytes_in_a_synchronized_frame()
    {
        var screen = new Screen(80, 24);
        screen.Text(0, 7, new string('x', 80), default);
        var writer = new AnsiWriter(ColourDepth.Xterm256, utf8: true);
        writer.Frame(screen);
        writer.Reset();
        screen.Put(40, 7, 'y', default);
        writer.Frame(screen);

        Assert.Equal("\e[?2026h\e[8;41Hy\e[?2026l", Encoding.UTF8.GetString(writer.Bytes));
    }

    [Fact]
    public void The_cursor_is_placed_anew_after_a_wide_or_doubtful_glyph()
    {
        foreach (var text in new[] { "数", "e\u0301", "❤️", "ש" })
        {
            var screen = new Screen(20, 1);
            var x = screen.Text(0, 0, text, default);
            screen.Put(x, 0, 'z', default);
            var writer = new AnsiWriter(ColourDepth.None, utf8: true);
            writer.Frame(screen);

            Assert.Contains($"{text}\e[1;{x + 1}Hz", Encoding.UTF8.GetString(writer.Bytes));
        }
    }

    [Fact]
    public void Without_utf8_nothing_but_ascii_is_sent()
    {
        var screen = new Screen(30, 1);
        screen.Text(0, 0, "é数e\u0301●", default);
        var writer = new AnsiWriter(ColourDepth.None, utf8: false);
        writer.Frame(screen);

        Assert.DoesNotContain(writer.Bytes.ToArray(), b => b >= 0x80);
    }

    [Theory]
    [InlineData(0xFF0000, 196, 1)]
    [InlineData(0x3B4261, 239, 8)]
    [InlineData(0x00FF00, 46, 2)]
    [InlineData(0xFFFFFF, 231, 15)]
    [InlineData(0x000000, 16, 0)]
    public void Colours_become_the_nearest_of_the_palette(int rgb, int of256, int of16)
    {
        Assert.Equal(of256, Palette.To256(Rgb.Hex((uint)rgb)));
        Assert.Equal(of16, Palette.To16(Rgb.Hex((uint)rgb)));
    }

    private static void Replay(int seed)
    {
        var dice = new Random(seed);
        var depth = (ColourDepth)dice.Next(4);
        var screen = new Screen(dice.Next(1, 40), dice.Next(1, 9));
        var writer = new AnsiWriter(depth, utf8: true);
        var terminal = new EmulatedTerminal(screen.Width, screen.Height);
        for (var frame = dice.Next(1, 9); frame > 0; frame--)
        {
            if (dice.Next(10) == 0)
            {
                screen.Resize(dice.Next(1, 40), dice.Next(1, 9));
                terminal = new EmulatedTerminal(screen.Width, screen.Height);
                writer.Invalidate();
            }

            RandomScreens.Scribble(screen, dice);
            writer.Reset();
            writer.Frame(screen);
            terminal.Feed(writer.Bytes);
            AssertSame(screen, terminal, depth, seed);
        }
    }

    private static void AssertSame(Screen screen, EmulatedTerminal terminal, ColourDepth depth, int seed)
    {
        Assert.True(screen.Dump() == terminal.Text(), $"seed {seed}:\n{screen.Dump()}\nbecame\n{terminal.Text()}");
        var palette = new Palette(depth);
        for (var y = 0; y < screen.Height; y++)
        {
            for (var x = 0; x < screen.Width; x++)
            {
                var (cell, spot) = (screen[x, y], terminal.At(x, y));
                if (cell.Glyph == 0)
                {
                    continue;
                }

                // On a blank neither foreground nor weight can be seen.
                var ink = cell.Glyph != ' ' || (cell.Attributes & (CellAttributes.Underline | CellAttributes.Reverse)) != 0;
                Assert.True(Name(cell.Background) == spot.Background, $"seed {seed}: background at {x},{y}: {Name(cell.Background)} became {spot.Background}");
                Assert.True(!ink || Name(cell.Foreground) == spot.Foreground, $"seed {seed}: foreground at {x},{y}: {Name(cell.Foreground)} became {spot.Foreground}");
                Assert.True(!ink || Attributes(cell.Attributes) == spot.Attributes, $"seed {seed}: attributes at {x},{y}: {cell.Attributes} became {spot.Attributes}");
            }
        }

        string Name(uint colour) => colour == Rgb.Default || depth == ColourDepth.None ? ""
            : depth == ColourDepth.TrueColour ? $"#{colour & 0xFFFFFF:x6}"
            : $"{palette.IndexOf(colour)}";

        static string Attributes(CellAttributes attributes) => string.Join(',',
            new[] { (CellAttributes.Bold, 1), (CellAttributes.Dim, 2), (CellAttributes.Italic, 3), (CellAttributes.Underline, 4), (CellAttributes.Reverse, 7) }
                .Where(a => (attributes & a.Item1) != 0)
                .Select(a => a.Item2));
    }
}

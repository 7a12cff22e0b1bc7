using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterMonitor.Tui.Tests;

public sealed class ScreenTests
{
    [Fact]
    public void No_control_character_of_any_name_reaches_the_terminal() =>
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(1000), Prop.ForAll(ArbMap.Default.ArbFor<string>(), ArbMap.Default.ArbFor<int>(), (text, seed) =>
        {
            var dice = new Random(seed);
            var hostile = new StringBuilder(text);
            for (var i = dice.Next(8); i > 0; i--)
            {
                // Anything from the places where the trouble is: C0, C1, direction marks, surrogates, separators, combining marks.
                int[] from = [0, 0x7F, 0x200B, 0x202A, 0x2066, 0x2028, 0xD800, 0x300, 0xFFF9];
                hostile.Insert(dice.Next(hostile.Length + 1), (char)(from[dice.Next(from.Length)] + dice.Next(33)));
            }

            var screen = new Screen(60, 1);
            screen.Text(dice.Next(-4, 60), 0, hostile.ToString(), default);
            var writer = new AnsiWriter(ColourDepth.None, utf8: true);
            writer.Frame(screen);

            // The emulator refuses what is no glyph.
            var terminal = new EmulatedTerminal(60, 1);
            terminal.Feed(writer.Bytes);
            Assert.Equal(screen.Dump(), terminal.Text());
        }));

    [Theory]
    [InlineData("abc", 3)]
    [InlineData("数据", 4)]
    [InlineData("e\u0301", 1)]
    [InlineData("👩‍👧", 2)]
    [InlineData("🇩🇪", 2)]
    [InlineData("❤️", 2)]
    [InlineData("한", 2)]
    [InlineData("…●█⣿", 4)]
    [InlineData("a\u001bb", 3)]
    [InlineData("ﾊ", 1)]
    [InlineData("", 0)]
    public void A_text_takes_this_many_columns(string text, int columns)
    {
        Assert.Equal(columns, Width.OfText(text));
        var screen = new Screen(20, 1);
        Assert.Equal(columns, screen.Text(0, 0, text, default));
    }

    [Fact]
    public void Half_of_a_wide_glyph_written_over_leaves_no_other_half()
    {
        var screen = new Screen(6, 1);
        screen.Text(1, 0, "数据", default);
        screen.Put(2, 0, 'x', default);
        Assert.Equal("  x据 \n", screen.Dump());
        screen.Put(3, 0, 'y', default);
        Assert.Equal("  xy  \n", screen.Dump());
    }

    [Fact]
    public void A_wide_glyph_that_does_not_fit_is_left_out()
    {
        var screen = new Screen(3, 1);
        screen.Text(0, 0, "ab数", default);
        Assert.Equal("ab \n", screen.Dump());
    }

    [Fact]
    public void A_field_is_cut_with_an_ellipsis_and_is_as_wide_as_asked()
    {
        var screen = new Screen(10, 1);
        Assert.Equal(6, screen.Field(0, 0, "数据中心", 6, default));
        Assert.Equal("数据…     \n", screen.Dump());
    }

    [Fact]
    public void Endless_combining_marks_are_one_replacement_character()
    {
        var screen = new Screen(10, 1);
        screen.Text(0, 0, "x" + new string('\u0301', 500) + "y", default);
        Assert.Equal("\uFFFDy        \n", screen.Dump());
    }

    [Fact]
    public void Clusters_are_interned_up_to_a_bound()
    {
        var clusters = new Clusters();
        for (var i = 0; i < 10_000; i++)
        {
            clusters.Intern($"{(char)(0x4E00 + i)}\u0301");
        }

        Assert.Equal(0xFFFDu, clusters.Intern("z\u0301"));
        Assert.Equal(Clusters.First, clusters.Intern("\u4E00\u0301"));
    }

    [Theory]
    [InlineData("xterm-256color", "", "en_US.UTF-8", "", nameof(ColourDepth.Xterm256), nameof(GlyphTier.Full))]
    [InlineData("xterm-256color", "truecolor", "C.UTF-8", "", nameof(ColourDepth.TrueColour), nameof(GlyphTier.Full))]
    [InlineData("xterm-256color", "truecolor", "C.UTF-8", "1", nameof(ColourDepth.None), nameof(GlyphTier.Full))]
    [InlineData("xterm-256color", "", "C", "", nameof(ColourDepth.Xterm256), nameof(GlyphTier.Ascii))]
    [InlineData("linux", "", "C.UTF-8", "", nameof(ColourDepth.Ansi16), nameof(GlyphTier.Basic))]
    [InlineData("dumb", "", "C.UTF-8", "", nameof(ColourDepth.None), nameof(GlyphTier.Ascii))]
    [InlineData("", "", "", "", nameof(ColourDepth.None), nameof(GlyphTier.Ascii))]
    [InlineData("screen", "", "C.UTF-8", "", nameof(ColourDepth.Ansi16), nameof(GlyphTier.Full))]
    [InlineData("tmux-256color", "", "C.UTF-8", "", nameof(ColourDepth.Xterm256), nameof(GlyphTier.Full))]
    [InlineData("xterm-kitty", "", "C.UTF-8", "", nameof(ColourDepth.Xterm256), nameof(GlyphTier.Full))]
    public void The_theme_goes_by_the_environment(string term, string colorterm, string lang, string noColor, string depth, string tier)
    {
        var theme = Theme.Detect(name => name switch { "TERM" => term, "COLORTERM" => colorterm, "LANG" => lang, "NO_COLOR" => noColor, _ => null });
        Assert.Equal((depth, tier), (theme.Depth.ToString(), theme.Tier.ToString()));
    }

    [Fact]
    public void Each_state_has_a_glyph_of_its_own_in_every_tier()
    {
        foreach (var tier in Enum.GetValues<GlyphTier>())
        {
            var theme = new Theme(ColourDepth.None, tier);
            var known = Enum.GetValues<Messages.AvailabilityState>().Where(s => s != 0).Select(theme.StateGlyph).ToArray();
            Assert.Equal(known.Length, known.Distinct().Count());
        }
    }
}

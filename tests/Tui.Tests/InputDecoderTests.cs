using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterMonitor.Tui.Tests;

public sealed class InputDecoderTests
{
    public static TheoryData<string, string> Sequences => new()
    {
        { "a", "Character a" },
        { "ä数😀", "Character ä, Character 数, Character 😀" },
        { "\u0003", "Character c Control" },
        { "\r", "Enter" },
        { "\t", "Tab" },
        { "\u007f", "Backspace" },
        { "\e[A\e[B\e[C\e[D", "Up, Down, Right, Left" },
        { "\eOA\eOH\eOF", "Up, Home, End" },
        { "\e[1;5C", "Right Control" },
        { "\e[1;2A", "Up Shift" },
        { "\e[5~\e[6~\e[1~\e[4~\e[3~", "PageUp, PageDown, Home, End, Delete" },
        { "\e[7~\e[8~", "Home, End" },
        { "\e[15~\e[24~\eOP\e[[A\e[[E", "F5, F12, F1, F1, F5" },
        { "\e[Z", "BackTab" },
        { "\ex", "Character x Alt" },
        { "\e\e[A", "Up Alt" },
        { "\e[a", "Up Shift" },
        { "\e[c", "Reply c" },
        { "\e[0n", "Reply 0n" },
        { "\e[?2026;2$y", "Reply ?2026;2$y" },
        { "\e[?62;22c", "Reply ?62;22c" },
        { "\e[12;40R", "Reply 12;40R" },
        { "\e[1;2R", "F3 Shift" },
        { "\e[<0;10;5M\e[<0;10;5m", "Press 9,4, Release 9,4" },
        { "\e[<64;1;1M\e[<65;1;1M", "WheelUp 0,0, WheelDown 0,0" },
        { "\e[<35;3;4M", "Move 2,3" },
        { "\e[M !!", "Press 0,0" },
        { "\e[I\e[O", "FocusIn, FocusOut" },
        { "\e[200~a\e[31mb\rc\e[201~x", "Paste ab\nc, Character x" },
        { "\e]11;rgb:0000/0000/0000\u0007q", "Reply ]11;rgb:0000/0000/0000, Character q" },
        { "\eP1$r0m\e\\q", "Reply P1$r0m, Character q" },
        { "\e[97;5u\e[27u", "Character a Control, Escape" },
        { "\e[999999999999zq", "Character q" },
        { "\e[38;5\e[A", "Up" },
    };

    [Theory]
    [MemberData(nameof(Sequences))]
    public void A_sequence_means_this(string bytes, string expected) => Assert.Equal(expected, Names(Whole(Encoding.UTF8.GetBytes(bytes))));

    [Theory]
    [MemberData(nameof(Sequences))]
    public void It_means_the_same_byte_by_byte(string bytes, string expected) => Assert.Equal(expected, Names(Pieces(Encoding.UTF8.GetBytes(bytes))));

    [Fact]
    public void Any_bytes_mean_the_same_whole_and_in_pieces() =>
        Check.One(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(ArbMap.Default.ArbFor<int>(), seed =>
        {
            var bytes = Hostile(new Random(seed));
            return Names(Whole(bytes)) == Names(Pieces(bytes));
        }));

    [Fact]
    public void A_lone_escape_is_the_key_once_nothing_follows()
    {
        var decoder = new InputDecoder();
        decoder.Feed("\e"u8);
        Assert.True(decoder.LoneEscape);
        Assert.False(decoder.TryTake(out _));
        decoder.Flush();

        Assert.True(decoder.TryTake(out var key));
        Assert.Equal(KeyKind.Escape, key.Kind);
        Assert.False(decoder.Pending);
    }

    [Fact]
    public void A_sequence_that_was_cut_off_never_spills_as_letters()
    {
        var decoder = new InputDecoder();
        decoder.Feed("\e[1;5"u8);
        decoder.Flush();
        decoder.Feed("q"u8);

        Assert.Equal("Character q", Names(Take(decoder)));
    }

    [Fact]
    public void A_byte_that_is_no_utf8_becomes_the_replacement_character_and_the_next_key_is_whole()
    {
        var decoder = new InputDecoder();
        decoder.Feed([0xE6, 0x95, (byte)'q']);

        Assert.Equal("Character \uFFFD, Character q", Names(Take(decoder)));
    }

    [Fact]
    public void An_endless_string_is_dropped_in_bounded_memory()
    {
        var decoder = new InputDecoder();
        decoder.Feed("\e]"u8);
        for (var i = 0; i < 100_000; i++)
        {
            decoder.Feed("x"u8);
        }

        decoder.Feed("\u0007q"u8);
        Assert.Equal("Character q", Names(Take(decoder)));
    }

    private static byte[] Hostile(Random dice)
    {
        string[] parts = ["\e", "[", "O", "\e[", "\e[200~", "\e[201~", "1;5", "~", "A", "M", "<0;3;4", "m", "é", "数", "\e]", "\u0007", "\\", "P", "$", "?", "0n", "q"];
        var bytes = new List<byte>();
        for (var i = dice.Next(1, 14); i > 0; i--)
        {
            bytes.AddRange(dice.Next(6) == 0 ? [(byte)dice.Next(256)] : Encoding.UTF8.GetBytes(parts[dice.Next(parts.Length)]));
        }

        return [.. bytes];
    }

    private static List<Key> Whole(byte[] bytes)
    {
        var decoder = new InputDecoder();
        decoder.Feed(bytes);
        return Take(decoder);
    }

    private static List<Key> Pieces(byte[] bytes)
    {
        var decoder = new InputDecoder();
        var keys = new List<Key>();
        foreach (var value in bytes)
        {
            decoder.Feed([value]);
            keys.AddRange(Take(decoder));
        }

        return keys;
    }

    private static List<Key> Take(InputDecoder decoder)
    {
        var keys = new List<Key>();
        while (decoder.TryTake(out var key))
        {
            keys.Add(key);
        }

        return keys;
    }

    private static string Names(IEnumerable<Key> keys) => string.Join(", ", keys.Select(k => k.Kind switch
    {
        KeyKind.Mouse => $"{k.Mouse} {k.X},{k.Y}",
        KeyKind.Paste or KeyKind.Reply => $"{k.Kind} {k.Text!.TrimEnd('\u0007', '\\').TrimEnd('\e')}",
        KeyKind.Character => $"{k.Kind} {k.Rune}{(k.Modifiers == 0 ? "" : " " + k.Modifiers)}",
        _ => $"{k.Kind}{(k.Modifiers == 0 ? "" : " " + k.Modifiers)}",
    }));
}

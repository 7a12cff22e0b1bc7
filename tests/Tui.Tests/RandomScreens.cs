namespace ClusterMonitor.Tui.Tests;

/// <summary>Screens that nobody would draw, for tests that compare.</summary>
internal static class RandomScreens
{
    private static readonly string[] Everything =
    [
        "x", "  ", "hello", "a b c", "│─╭╮", "▁▂▃█", "⣿⣀", "●▼", "数据", "한글", "😀", "👩‍👧", "🇩🇪", "e\u0301", "❤️", "\u001b[31m", "\r\n", "\u0085", "\u202Eabc", "\uD800", "\u200B", "Ω", "…",
    ];

    /// <summary>What all terminals draw alike.</summary>
    private static readonly string[] Undisputed = ["x", "  ", "hello", "a b c", "│─╭╮", "▁▂▃█", "⣿⣀", "数据", "é", "Ω", "…"];

    private static readonly uint[] Colours = [0, 0, Rgb.Hex(0xFF0000), Rgb.Hex(0x00FF00), Rgb.Hex(0x7AA2F7), Rgb.Hex(0x7AA2F6), Rgb.Hex(0x303030)];

    /// <summary>Draws a few random things over what is there.</summary>
    public static void Scribble(Screen screen, Random dice, bool undisputed = false)
    {
        var texts = undisputed ? Undisputed : Everything;
        if (dice.Next(4) == 0)
        {
            screen.Clear();
        }

        for (var i = dice.Next(1, 12); i > 0; i--)
        {
            var style = new Style(Pick(Colours), Pick(Colours), (CellAttributes)(dice.Next(3) == 0 ? dice.Next(32) : 0));
            var (x, y) = (dice.Next(-3, screen.Width + 3), dice.Next(-2, screen.Height + 2));
            switch (dice.Next(5))
            {
                case 0:
                    screen.Fill(new Rect(x, y, dice.Next(8), dice.Next(4)), style.Background, style.Attributes);
                    break;
                case 1:
                    screen.Field(x, y, Pick(texts) + Pick(texts), dice.Next(9), style);
                    break;
                default:
                    screen.Text(x, y, Pick(texts) + Pick(texts) + Pick(texts), style);
                    break;
            }
        }

        T Pick<T>(T[] of) => of[dice.Next(of.Length)];
    }
}

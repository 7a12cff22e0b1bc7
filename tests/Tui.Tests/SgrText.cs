using System.Text;

namespace ClusterMonitor.Tui.Tests;

/// <summary>A screen as lines of text with colours, as <c>tmux capture-pane -e</c> prints them.</summary>
internal static class SgrText
{
    public static string Of(Screen screen, ColourDepth depth)
    {
        var text = new StringBuilder();
        var palette = new Palette(depth);
        for (var y = 0; y < screen.Height; y++)
        {
            foreach (var cell in screen.Row(y))
            {
                if (cell.Glyph == 0)
                {
                    continue;
                }

                text.Append("\e[0");
                text.Append((cell.Attributes & CellAttributes.Bold) != 0 ? ";1" : "").Append((cell.Attributes & CellAttributes.Reverse) != 0 ? ";7" : "");
                Colour(cell.Foreground, 38);
                Colour(cell.Background, 48);
                text.Append('m').Append(cell.Glyph >= Clusters.First ? screen.Clusters.TextOf(cell.Glyph) : new Rune(cell.Glyph).ToString());
            }

            text.Append('\n');
        }

        return text.ToString();

        void Colour(uint colour, int code)
        {
            if (colour != Rgb.Default && depth != ColourDepth.None)
            {
                text.Append(depth == ColourDepth.TrueColour
                    ? $";{code};2;{Rgb.Red(colour)};{Rgb.Green(colour)};{Rgb.Blue(colour)}"
                    : $";{code};5;{palette.IndexOf(colour)}");
            }
        }
    }
}

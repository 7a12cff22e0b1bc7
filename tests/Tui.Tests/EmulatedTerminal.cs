using System.Globalization;
using System.Text;

namespace ClusterMonitor.Tui.Tests;

/// <summary>
/// Just enough of a terminal to check what the writer sends: cursor moves, erasing, colours, printing. It knows nothing of the
/// writer's state; what it does not understand is an error.
/// </summary>
internal sealed class EmulatedTerminal
{
    private readonly Spot[] _spots;
    private int _x;
    private int _y;
    private string _foreground = "";
    private string _background = "";
    private SortedSet<int> _attributes = [];

    public EmulatedTerminal(int width, int height)
    {
        (Width, Height) = (width, height);
        _spots = new Spot[width * height];
        Array.Fill(_spots, Spot.Empty);
    }

    public int Width { get; }

    public int Height { get; }

    public int SynchronizedFrames { get; private set; }

    public Spot At(int x, int y) => _spots[(y * Width) + x];

    public string Text()
    {
        var text = new StringBuilder();
        for (var y = 0; y < Height; y++)
        {
            for (var x = 0; x < Width; x++)
            {
                text.Append(At(x, y).Text);
            }

            text.Append('\n');
        }

        return text.ToString();
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes);
        for (var i = 0; i < text.Length;)
        {
            switch (text[i])
            {
                case '\e':
                    i = Sequence(text, i);
                    break;
                case '\r':
                    _x = 0;
                    i++;
                    break;
                case '\n':
                    Assert.True(_y + 1 < Height, "a line feed at the bottom would scroll");
                    _y++;
                    i++;
                    break;
                case < ' ' or '\u007F':
                    throw new InvalidOperationException($"control character {(int)text[i]:x2} on the wire");
                default:
                    var end = i;
                    while (end < text.Length && text[end] >= ' ')
                    {
                        end++;
                    }

                    Print(text.AsSpan(i, end - i));
                    i = end;
                    break;
            }
        }
    }

    private void Print(ReadOnlySpan<char> text)
    {
        while (text.Length > 0)
        {
            var length = StringInfo.GetNextTextElementLength(text);
            var cluster = text[..length];
            var columns = Tui.Width.OfCluster(cluster);
            Assert.True(columns is 1 or 2, $"cluster U+{(int)cluster[0]:X4} of width {columns} on the wire");

            // No wrapping: the last column is written again and again.
            var x = Math.Min(_x, Width - columns);
            Break(x);
            Break(x + columns - 1);
            Set(x, cluster.ToString());
            if (columns == 2)
            {
                Set(x + 1, "");
            }

            _x = Math.Min(Width - 1, x + columns);
            text = text[length..];
        }
    }

    /// <summary>Whoever writes over half of a wide glyph destroys the other half.</summary>
    private void Break(int x)
    {
        var spot = _spots[(_y * Width) + x];
        if (spot.Text.Length == 0 && x > 0)
        {
            _spots[(_y * Width) + x - 1] = _spots[(_y * Width) + x - 1] with { Text = " " };
            _spots[(_y * Width) + x] = spot with { Text = " " };
        }
        else if (x + 1 < Width && _spots[(_y * Width) + x + 1].Text.Length == 0)
        {
            _spots[(_y * Width) + x + 1] = _spots[(_y * Width) + x + 1] with { Text = " " };
        }
    }

    private void Set(int x, string text) => _spots[(_y * Width) + x] = new Spot(text, _foreground, _background, string.Join(',', _attributes));

    private int Sequence(string text, int i)
    {
        Assert.Equal('[', text[i + 1]);
        var end = i + 2;
        while (text[end] is (>= '0' and <= '?') or (>= ' ' and <= '/'))
        {
            end++;
        }

        var body = text[(i + 2)..end];
        var parameters = body.TrimStart('?').Split(';').Select(p => p.Length == 0 ? 0 : int.Parse(p, CultureInfo.InvariantCulture)).ToArray();
        switch (text[end])
        {
            case 'H':
                (_y, _x) = (Math.Max(1, parameters[0]) - 1, Math.Max(1, parameters.ElementAtOrDefault(1)) - 1);
                Assert.InRange(_y, 0, Height - 1);
                Assert.InRange(_x, 0, Width - 1);
                break;
            case 'C':
                _x += Math.Max(1, parameters[0]);
                Assert.InRange(_x, 0, Width - 1);
                break;
            case 'J' when parameters[0] == 2:
                Array.Fill(_spots, Spot.Empty with { Background = _background });
                break;
            case 'K' when parameters[0] == 0:
                Break(_x);
                for (var x = _x; x < Width; x++)
                {
                    _spots[(_y * Width) + x] = Spot.Empty with { Background = _background };
                }

                break;
            case 'm':
                Rendition(parameters);
                break;
            case 'h' or 'l' when body == "?2026":
                SynchronizedFrames += text[end] == 'h' ? 1 : 0;
                break;
            default:
                throw new InvalidOperationException($"unknown sequence CSI {body}{text[end]}");
        }

        return end + 1;
    }

    private void Rendition(int[] parameters)
    {
        for (var i = 0; i < parameters.Length; i++)
        {
            switch (parameters[i])
            {
                case 0:
                    (_foreground, _background, _attributes) = ("", "", []);
                    break;
                case 1 or 2 or 3 or 4 or 7:
                    _attributes = [.. _attributes, parameters[i]];
                    break;
                case 38:
                    _foreground = Colour(parameters, ref i);
                    break;
                case 48:
                    _background = Colour(parameters, ref i);
                    break;
                case 39:
                    _foreground = "";
                    break;
                case 49:
                    _background = "";
                    break;
                case (>= 30 and <= 37) or (>= 90 and <= 97):
                    _foreground = $"{(parameters[i] < 90 ? parameters[i] - 30 : parameters[i] - 82)}";
                    break;
                case (>= 40 and <= 47) or (>= 100 and <= 107):
                    _background = $"{(parameters[i] < 100 ? parameters[i] - 40 : parameters[i] - 92)}";
                    break;
                default:
                    throw new InvalidOperationException($"unknown rendition {parameters[i]}");
            }
        }
    }

    private static string Colour(int[] parameters, ref int i)
    {
        var rgb = parameters[i + 1] == 2;
        var colour = rgb ? $"#{parameters[i + 2]:x2}{parameters[i + 3]:x2}{parameters[i + 4]:x2}" : $"{parameters[i + 2]}";
        i += rgb ? 4 : 2;
        return colour;
    }

    /// <summary>One column: its glyph ("" for the right half of a wide one), colours and attributes.</summary>
    public sealed record Spot(string Text, string Foreground, string Background, string Attributes)
    {
        public static Spot Empty { get; } = new(" ", "", "", "");
    }
}

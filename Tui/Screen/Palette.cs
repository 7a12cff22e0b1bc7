namespace ClusterMonitor.Tui;

/// <summary>How many colours the terminal shows.</summary>
internal enum ColourDepth
{
    None,
    Ansi16,
    Xterm256,
    TrueColour,
}

/// <summary>RGB to the nearest colour of xterm's palettes. Answers are remembered: a screen uses few colours.</summary>
internal sealed class Palette(ColourDepth depth)
{
    private readonly Dictionary<uint, int> _cache = [];

    private static ReadOnlySpan<int> CubeLevels => [0, 95, 135, 175, 215, 255];

    /// <summary>xterm's defaults for colours 0 to 15, as 0xRRGGBB.</summary>
    private static ReadOnlySpan<int> Basic =>
    [
        0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x3C3CEE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
        0x7F7F7F, 0xFF5050, 0x50FF50, 0xFFFF50, 0x7878FF, 0xFF50FF, 0x50FFFF, 0xFFFFFF,
    ];

    /// <summary>The index of this colour in the palette of the depth.</summary>
    public int IndexOf(uint colour)
    {
        if (!_cache.TryGetValue(colour, out var index))
        {
            index = depth == ColourDepth.Ansi16 ? To16(colour) : To256(colour);
            _cache[colour] = index;
        }

        return index;
    }

    /// <summary>The nearest of the 6x6x6 cube and the 24 greys.</summary>
    public static int To256(uint colour)
    {
        int red = Rgb.Red(colour), green = Rgb.Green(colour), blue = Rgb.Blue(colour);
        int cubeRed = NearestLevel(red), cubeGreen = NearestLevel(green), cubeBlue = NearestLevel(blue);
        var cube = Distance(red - CubeLevels[cubeRed], green - CubeLevels[cubeGreen], blue - CubeLevels[cubeBlue]);
        var step = Math.Clamp((((red + green + blue) / 3) - 3) / 10, 0, 23);
        var level = 8 + (10 * step);
        var grey = Distance(red - level, green - level, blue - level);
        return grey < cube ? 232 + step : 16 + (36 * cubeRed) + (6 * cubeGreen) + cubeBlue;
    }

    /// <summary>Greys by brightness, other colours by distance; 7 and 8 are left to the greys.</summary>
    public static int To16(uint colour)
    {
        int red = Rgb.Red(colour), green = Rgb.Green(colour), blue = Rgb.Blue(colour);
        var brightest = Math.Max(red, Math.Max(green, blue));
        if (brightest - Math.Min(red, Math.Min(green, blue)) < 40)
        {
            return brightest switch { < 40 => 0, < 125 => 8, < 200 => 7, _ => 15 };
        }

        int best = 1, bestDistance = int.MaxValue;
        for (var i = 1; i < 15; i++)
        {
            var distance = Distance(red - (Basic[i] >> 16), green - ((Basic[i] >> 8) & 255), blue - (Basic[i] & 255));
            if (i is not (7 or 8) && distance < bestDistance)
            {
                (best, bestDistance) = (i, distance);
            }
        }

        return best;
    }

    private static int NearestLevel(int value)
    {
        var best = 0;
        for (var i = 1; i < CubeLevels.Length; i++)
        {
            if (Math.Abs(CubeLevels[i] - value) < Math.Abs(CubeLevels[best] - value))
            {
                best = i;
            }
        }

        return best;
    }

    private static int Distance(int red, int green, int blue) => (red * red) + (green * green) + (blue * blue);
}

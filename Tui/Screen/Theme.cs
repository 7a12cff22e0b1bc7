using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>What shapes the terminal's font has.</summary>
internal enum GlyphTier
{
    /// <summary>Braille, eighth blocks, rounded corners.</summary>
    Full,

    /// <summary>What a Linux console has: line drawing, half blocks, shades.</summary>
    Basic,

    /// <summary>Nothing beyond ASCII.</summary>
    Ascii,
}

/// <summary>Colours and shapes by their role. Every state has a glyph of its own: nothing is told by colour alone.</summary>
internal sealed class Theme
{
    private static readonly uint[] HeatStops =
        [Rgb.Hex(0x3D8FD1), Rgb.Hex(0x2AC3A2), Rgb.Hex(0x9ECE6A), Rgb.Hex(0xE0C068), Rgb.Hex(0xFF9E64), Rgb.Hex(0xF7506E)];

    // Few shades on purpose: each change of shade is some bytes on the wire.
    private readonly uint[] _heat = new uint[9];
    private readonly char[] _states;

    public Theme(ColourDepth depth, GlyphTier tier)
    {
        Depth = depth;
        Tier = tier;
        for (var i = 0; i < _heat.Length; i++)
        {
            _heat[i] = Gradient(i / (double)(_heat.Length - 1));
        }

        // unspecified joining up suspect unreachable down left expected-off unknown
        (var states, Spark, Box) = tier switch
        {
            GlyphTier.Full => ("?◌●◐▲▼○◇?", "▁▂▃▄▅▆▇█", "╭╮╰╯─│"),
            GlyphTier.Basic => ("?+•~▲▼○-?", "·░▒▓█", "┌┐└┘─│"),
            _ => ("?+*~!x-=?", "_.-=+*#", "++++-|"),
        };
        _states = states.ToCharArray();
    }

    public ColourDepth Depth { get; }

    public GlyphTier Tier { get; }

    public bool Mono => Depth == ColourDepth.None;

    public bool Ascii => Tier == GlyphTier.Ascii;

    /// <summary>From lowest to highest.</summary>
    public string Spark { get; }

    /// <summary>Top left, top right, bottom left, bottom right, horizontal, vertical.</summary>
    public string Box { get; }

    public char BarFull => Tier switch { GlyphTier.Full => '━', GlyphTier.Basic => '█', _ => '#' };

    /// <summary>Half a cell of bar, or the same as <see cref="BarTrack"/>.</summary>
    public char BarHalf => Tier switch { GlyphTier.Full => '╸', GlyphTier.Basic => '▌', _ => '-' };

    public char BarTrack => Tier switch { GlyphTier.Full => '─', GlyphTier.Basic => '·', _ => '-' };

    /// <summary>A box of history in the strip of states.</summary>
    public char Strip => Tier == GlyphTier.Ascii ? '=' : '■';

    public char Ellipsis => Ascii ? '~' : '…';

    public char Ascending => Ascii ? '^' : '▲';

    public char Descending => Ascii ? 'v' : '▼';

    public string Arrow => Ascii ? "->" : "→";

    public string Enter => Ascii ? "Enter" : Tier == GlyphTier.Basic ? "Enter" : "↵";

    public string UpDown => Ascii ? "Up/Dn" : "↑↓";

    public string LeftRight => Ascii ? "Lt/Rt" : "←→";

    public char Dot => Ascii ? '.' : '·';

    public char Degree => Ascii ? ' ' : '°';

    public char MemorySeparator => Ascii ? '/' : '⁄';

    public uint Text { get; } = Rgb.Hex(0xD5D9E6);

    public uint Muted { get; } = Rgb.Hex(0x7A83A3);

    public uint Faint { get; } = Rgb.Hex(0x3B4261);

    public uint Accent { get; } = Rgb.Hex(0x7AA2F7);

    public uint Selection { get; } = Rgb.Hex(0x283457);

    public uint Panel { get; } = Rgb.Hex(0x1F2335);

    public uint Good { get; } = Rgb.Hex(0x73DACA);

    public uint Warn { get; } = Rgb.Hex(0xE0AF68);

    public uint Serious { get; } = Rgb.Hex(0xFF9E64);

    public uint Bad { get; } = Rgb.Hex(0xF7768E);

    public uint Mauve { get; } = Rgb.Hex(0xBB9AF7);

    public uint Cyan { get; } = Rgb.Hex(0x7DCFFF);

    /// <summary>What a selected row is drawn with when there are no colours.</summary>
    public CellAttributes SelectionAttributes => Mono ? CellAttributes.Reverse : CellAttributes.None;

    public Style Heading => new(Muted, 0, CellAttributes.Bold);

    /// <summary>The colour of a fraction, 0 to 1: cool to hot.</summary>
    public uint Heat(double fraction) =>
        double.IsNaN(fraction) ? Muted : _heat[Math.Clamp((int)(fraction * _heat.Length), 0, _heat.Length - 1)];

    /// <summary>Plain text until it is worth a look: warn from 75 %, bad from 90 %.</summary>
    public uint Level(double fraction) => double.IsNaN(fraction) ? Muted : fraction >= 0.9 ? Bad : fraction >= 0.75 ? Warn : Text;

    public char StateGlyph(AvailabilityState state) => _states[(int)state < _states.Length ? (int)state : 0];

    public uint StateColour(AvailabilityState state) => state switch
    {
        AvailabilityState.AvailabilityUp => Good,
        AvailabilityState.AvailabilityJoining => Accent,
        AvailabilityState.AvailabilitySuspect => Warn,
        AvailabilityState.AvailabilityUnreachable => Serious,
        AvailabilityState.AvailabilityDown => Bad,
        AvailabilityState.AvailabilityExpectedOff => Mauve,
        _ => Muted,
    };

    /// <summary>Chooses colours and shapes from the environment, as far as it says.</summary>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="depth">What the user asked for, or null.</param>
    /// <param name="tier">What the user asked for, or null.</param>
    public static Theme Detect(Func<string, string?> environment, ColourDepth? depth = null, GlyphTier? tier = null)
    {
        var term = environment("TERM") ?? "";
        return new Theme(depth ?? DetectDepth(environment, term), tier ?? DetectTier(term, IsUtf8(environment)));
    }

    /// <summary>Whether the locale's encoding is UTF-8.</summary>
    public static bool IsUtf8(Func<string, string?> environment)
    {
        var locale = NotEmpty("LC_ALL") ?? NotEmpty("LC_CTYPE") ?? NotEmpty("LANG") ?? "";
        return locale.Contains("UTF-8", StringComparison.OrdinalIgnoreCase) || locale.Contains("UTF8", StringComparison.OrdinalIgnoreCase);

        string? NotEmpty(string name) => environment(name) is { Length: > 0 } value ? value : null;
    }

    private static ColourDepth DetectDepth(Func<string, string?> environment, string term)
    {
        if (!string.IsNullOrEmpty(environment("NO_COLOR")) || term is "" or "dumb" or "vt100" or "vt220")
        {
            return ColourDepth.None;
        }

        if (environment("COLORTERM") is "truecolor" or "24bit" || term.EndsWith("-direct", StringComparison.Ordinal))
        {
            return ColourDepth.TrueColour;
        }

        // sshd does not forward COLORTERM; every terminal of this century but a console has 256 colours.
        return term is "linux" or "xterm-color" or "ansi" or "screen" or "cygwin" ? ColourDepth.Ansi16 : ColourDepth.Xterm256;
    }

    private static GlyphTier DetectTier(string term, bool utf8) =>
        !utf8 || term is "" or "dumb" or "vt100" or "vt220" ? GlyphTier.Ascii : term == "linux" ? GlyphTier.Basic : GlyphTier.Full;

    /// <summary>Cool (0) to hot (1), without steps.</summary>
    public static uint Gradient(double t)
    {
        var at = Math.Clamp(t, 0, 1) * (HeatStops.Length - 1);
        var stop = Math.Min((int)at, HeatStops.Length - 2);
        return Rgb.Mix(HeatStops[stop], HeatStops[stop + 1], at - stop);
    }
}

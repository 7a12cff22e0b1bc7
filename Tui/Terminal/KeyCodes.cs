using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>What single codes mean, once <see cref="InputDecoder"/> has taken them out of their sequences.</summary>
internal static class KeyCodes
{
    /// <summary>One ASCII byte.</summary>
    public static Key Plain(byte value, KeyModifiers modifiers) => value switch
    {
        13 or 10 => new Key(KeyKind.Enter, Modifiers: modifiers),
        9 when (modifiers & KeyModifiers.Shift) != 0 => new Key(KeyKind.BackTab),
        9 => new Key(KeyKind.Tab, Modifiers: modifiers),
        127 or 8 => new Key(KeyKind.Backspace, Modifiers: modifiers),
        27 => new Key(KeyKind.Escape, Modifiers: modifiers),
        0 => new Key(KeyKind.Character, new Rune(' '), modifiers | KeyModifiers.Control),
        < 27 => new Key(KeyKind.Character, new Rune((char)(value + 96)), modifiers | KeyModifiers.Control),
        < 32 => new Key(KeyKind.Character, new Rune((char)(value + 64)), modifiers | KeyModifiers.Control),
        < 128 => new Key(KeyKind.Character, new Rune((char)value), modifiers),
        _ => new Key(KeyKind.Character, Rune.ReplacementChar, modifiers),
    };

    /// <summary>The final byte of a cursor or function key, after CSI or SS3.</summary>
    public static KeyKind CursorKey(byte final) => (char)final switch
    {
        'A' => KeyKind.Up,
        'B' => KeyKind.Down,
        'C' => KeyKind.Right,
        'D' => KeyKind.Left,
        'H' => KeyKind.Home,
        'F' => KeyKind.End,
        'P' => KeyKind.F1,
        'Q' => KeyKind.F2,
        'R' => KeyKind.F3,
        'S' => KeyKind.F4,
        _ => KeyKind.None,
    };

    /// <summary>A code point as the kitty keyboard protocol (CSI u) sends it.</summary>
    public static Key KittyKey(int code, KeyModifiers modifiers) => code switch
    {
        27 => new Key(KeyKind.Escape, Modifiers: modifiers),
        > 0 and < 128 when (modifiers & KeyModifiers.Control) != 0 => new Key(KeyKind.Character, new Rune(code), modifiers),
        > 0 and < 128 => Plain((byte)code, modifiers),
        _ => Rune.TryCreate(code, out var rune) ? new Key(KeyKind.Character, rune, modifiers) : default,
    };

    /// <summary>Button bits of X10 and SGR mouse reports; columns and rows from 0.</summary>
    public static Key MouseKey(int button, int x, int y, bool release)
    {
        var modifiers = ((button & 4) != 0 ? KeyModifiers.Shift : 0) | ((button & 8) != 0 ? KeyModifiers.Alt : 0)
            | ((button & 16) != 0 ? KeyModifiers.Control : 0);
        var action = (button & 0x60, button & 3) switch
        {
            (0x40, 0) => MouseAction.WheelUp,
            (0x40, 1) => MouseAction.WheelDown,
            (0x40, _) => MouseAction.None,
            (0x20, _) => MouseAction.Move,
            _ when release => MouseAction.Release,
            (0, 0) => MouseAction.Press,
            (0, 3) => MouseAction.Release,
            _ => MouseAction.None,
        };
        return x < 0 || y < 0 ? default : new Key(KeyKind.Mouse, Modifiers: modifiers, Mouse: action, X: x, Y: y);
    }
}

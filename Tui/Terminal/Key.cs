using System.Text;

namespace ClusterMonitor.Tui;

internal enum KeyKind
{
    None,
    Character,
    Enter,
    Tab,
    BackTab,
    Backspace,
    Escape,
    Up,
    Down,
    Left,
    Right,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
    Delete,
    F1,
    F2,
    F3,
    F4,
    F5,
    F6,
    F7,
    F8,
    F9,
    F10,
    F11,
    F12,
    Mouse,
    Paste,
    FocusIn,
    FocusOut,

    /// <summary>The terminal answers a question; <see cref="Key.Text"/> is the answer without its introducer.</summary>
    Reply,
}

[Flags]
internal enum KeyModifiers
{
    None = 0,
    Shift = 1,
    Alt = 2,
    Control = 4,
}

internal enum MouseAction
{
    None,
    Press,
    Release,
    Move,
    WheelUp,
    WheelDown,
}

/// <summary>One event of the keyboard, the mouse or the terminal itself.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Rune">The character, when it is one.</param>
/// <param name="Modifiers">What was held.</param>
/// <param name="Text">Pasted text, or a reply.</param>
/// <param name="Mouse">What the mouse did.</param>
/// <param name="X">Column of the mouse, from 0.</param>
/// <param name="Y">Row of the mouse, from 0.</param>
internal readonly record struct Key(
    KeyKind Kind,
    Rune Rune = default,
    KeyModifiers Modifiers = KeyModifiers.None,
    string? Text = null,
    MouseAction Mouse = MouseAction.None,
    int X = 0,
    int Y = 0)
{
    public static Key Of(char character) => new(KeyKind.Character, new Rune(character));

    public static Key Control(char character) => new(KeyKind.Character, new Rune(character), KeyModifiers.Control);

    /// <summary>This character, without Alt or Control.</summary>
    public bool Is(char character) => Kind == KeyKind.Character && Rune.Value == character && (Modifiers & ~KeyModifiers.Shift) == 0;

    /// <summary>This character with Control.</summary>
    public bool IsControl(char character) => Kind == KeyKind.Character && Rune.Value == character && Modifiers == KeyModifiers.Control;
}

using System.Globalization;
using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>
/// Bytes from a terminal to events, one byte at a time: an escape sequence may arrive in any number of pieces.
/// </summary>
/// <remarks>
/// Understands what xterm, the VT220 family, rxvt, the Linux console, tmux and the kitty protocol send (ctlseqs of xterm,
/// console_codes(4)). What it does not understand is swallowed as a whole and never spills as letters.
/// A lone ESC is only known as the Esc key when nothing follows for a while: the caller then says <see cref="Flush"/>.
/// </remarks>
internal sealed class InputDecoder
{
    private const int MaxSequence = 64;
    private const int MaxString = 4096;
    private const int MaxPaste = 64 * 1024;
    private const byte Esc = 0x1B;

    private readonly Queue<Key> _keys = new();
    private readonly StringBuilder _paste = new();
    private readonly byte[] _bytes = new byte[MaxString + 1];
    private int _count;
    private bool _pasting;
    private bool _overflow;

    /// <summary>A sequence has begun and not ended.</summary>
    public bool Pending => _count > 0;

    /// <summary>All that has come is ESC: the key, or the first byte of a sequence.</summary>
    public bool LoneEscape => _count == 1 && _bytes[0] == Esc;

    private ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _count);

    public bool TryTake(out Key key) => _keys.TryDequeue(out key);

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            Add(value);
        }
    }

    /// <summary>Nothing more has come: what has begun is all there is.</summary>
    public void Flush()
    {
        if (_count == 0)
        {
            return;
        }

        var first = _bytes[0];
        var rest = _bytes.AsSpan(1, _count - 1).ToArray();
        _count = 0;
        _overflow = false;
        if (first != Esc)
        {
            Emit(new Key(KeyKind.Character, Rune.ReplacementChar));
            return;
        }

        // ESC and an introducer without the rest is Alt with that character; anything longer was cut off and means nothing.
        if (rest.Length == 0)
        {
            Emit(new Key(KeyKind.Escape));
        }
        else if (rest.Length == 1 && rest[0] == Esc)
        {
            Emit(new Key(KeyKind.Escape));
            Emit(new Key(KeyKind.Escape));
        }
        else if (rest.Length == 1)
        {
            Emit(KeyCodes.Plain(rest[0], KeyModifiers.Alt));
        }
    }

    private void Add(byte value)
    {
        if (_count == _bytes.Length)
        {
            _overflow = true;
            _count--;
        }

        _bytes[_count++] = value;
        if (_bytes[0] != Esc)
        {
            Character(0, KeyModifiers.None);
        }
        else if (_count > 1)
        {
            Sequence();
        }
    }

    /// <summary>One ASCII byte or one UTF-8 sequence from <paramref name="from"/> on.</summary>
    private void Character(int from, KeyModifiers modifiers)
    {
        var lead = _bytes[from];
        if (lead < 0x80)
        {
            Complete(KeyCodes.Plain(lead, modifiers));
            return;
        }

        var have = _count - from;
        var need = lead switch { >= 0xF0 => 4, >= 0xE0 => 3, >= 0xC0 => 2, _ => 1 };
        if (have > 1 && (_bytes[_count - 1] & 0xC0) != 0x80)
        {
            // The sequence was cut off, and another byte begins.
            var next = _bytes[_count - 1];
            Complete(new Key(KeyKind.Character, Rune.ReplacementChar, modifiers));
            Add(next);
            return;
        }

        if (have < need)
        {
            return;
        }

        var ok = Rune.DecodeFromUtf8(_bytes.AsSpan(from, have), out var rune, out _) == System.Buffers.OperationStatus.Done;
        Complete(new Key(KeyKind.Character, ok ? rune : Rune.ReplacementChar, modifiers));
    }

    private void Sequence()
    {
        // ESC ESC [ A is Alt+Up on rxvt and in some modes of PuTTY.
        var extra = KeyModifiers.None;
        var at = 1;
        if (_bytes[1] == Esc)
        {
            if (_count == 2)
            {
                return;
            }

            extra = KeyModifiers.Alt;
            at = 2;
        }

        switch ((char)_bytes[at])
        {
            case '[':
                ControlSequence(at, extra);
                break;
            case 'O':
                SingleShift(at, extra);
                break;
            case 'P' or ']' or '_' or '^' or 'X' when at == 1:
                StringSequence();
                break;
            default:
                if (at == 2)
                {
                    // Esc, and then something with Alt.
                    var rest = Bytes[1..].ToArray();
                    Complete(new Key(KeyKind.Escape));
                    Feed(rest);
                }
                else
                {
                    Character(1, KeyModifiers.Alt);
                }

                break;
        }
    }

    private void SingleShift(int at, KeyModifiers extra)
    {
        if (_count == at + 1)
        {
            return;
        }

        var final = _bytes[at + 1];
        var kind = KeyCodes.CursorKey(final);
        if (kind != KeyKind.None)
        {
            Complete(new Key(kind, Modifiers: extra));
        }
        else if (final == 'M')
        {
            Complete(new Key(KeyKind.Enter, Modifiers: extra));
        }
        else if (final is >= (byte)'j' and <= (byte)'y')
        {
            Complete(new Key(KeyKind.Character, new Rune("*+,-./0123456789"[final - 'j'])));
        }
        else
        {
            Complete(default);
        }
    }

    private void ControlSequence(int at, KeyModifiers extra)
    {
        var body = Bytes[(at + 1)..];
        if (body.Length == 0)
        {
            return;
        }

        if (body[0] == '[')
        {
            // The Linux console's F1 to F5.
            if (body.Length == 2)
            {
                Complete(body[1] is >= (byte)'A' and <= (byte)'E' ? new Key(KeyKind.F1 + (body[1] - 'A'), Modifiers: extra) : default);
            }

            return;
        }

        if (body[0] == 'M')
        {
            // The oldest mouse protocol: three bytes, each 32 more than it means.
            if (body.Length == 4)
            {
                Complete(KeyCodes.MouseKey(body[1] - 32, body[2] - 33, body[3] - 33, release: false));
            }

            return;
        }

        var final = body[^1];
        if (final == Esc)
        {
            // A new sequence begins in the middle of one that was cut off.
            Complete(default);
            Add(Esc);
        }
        else if (final is >= 0x40 and <= 0x7E || (final == '$' && body.Length > 1 && body[0] != '?'))
        {
            Complete(ControlKey(Encoding.Latin1.GetString(body[..^1]), (char)final, extra));
        }
        else if (final is < 0x20 or > 0x7E || body.Length > MaxSequence)
        {
            Complete(default);
        }
    }

    private void StringSequence()
    {
        var end = _bytes[_count - 1] == 7 || (_count > 3 && _bytes[_count - 1] == '\\' && _bytes[_count - 2] == Esc);
        if (end)
        {
            Complete(_overflow ? default : new Key(KeyKind.Reply, Text: Encoding.Latin1.GetString(Bytes[1..])));
        }
    }

    private Key ControlKey(string body, char final, KeyModifiers extra)
    {
        if (body.StartsWith('<') && final is 'M' or 'm')
        {
            var parts = body[1..].Split(';');
            return parts.Length == 3 && Parse(parts[0], out var button) && Parse(parts[1], out var x) && Parse(parts[2], out var y)
                ? KeyCodes.MouseKey(button, x - 1, y - 1, final == 'm')
                : default;
        }

        if (body.StartsWith('?') || body.StartsWith('>') || final is 'n' or 'c' or 'y' or 't')
        {
            return new Key(KeyKind.Reply, Text: body + final);
        }

        var parameters = body.Split(';');
        var modifiers = extra | (KeyModifiers)(Math.Max(0, Number(parameters, 1) - 1) & 7);
        switch (final)
        {
            case 'R' when parameters.Length == 2 && Number(parameters, 0) > 1:
                return new Key(KeyKind.Reply, Text: body + final);
            case 'Z':
                return new Key(KeyKind.BackTab, Modifiers: extra);
            case 'I':
                return new Key(KeyKind.FocusIn);
            case 'O':
                return new Key(KeyKind.FocusOut);
            case '~' or '^' or '$' or '@':
                var held = final switch { '^' => KeyModifiers.Control, '$' => KeyModifiers.Shift, '@' => KeyModifiers.Control | KeyModifiers.Shift, _ => KeyModifiers.None };
                return NumberedKey(Number(parameters, 0), modifiers | held);
            case 'u':
                return KeyCodes.KittyKey(Number(parameters, 0), modifiers);
            case >= 'a' and <= 'd':
                return new Key(KeyCodes.CursorKey((byte)(final - 'a' + 'A')), Modifiers: modifiers | KeyModifiers.Shift);
            default:
                return new Key(KeyCodes.CursorKey((byte)final), Modifiers: modifiers);
        }
    }

    private Key NumberedKey(int number, KeyModifiers modifiers)
    {
        switch (number)
        {
            case 200:
                _pasting = true;
                _paste.Clear();
                return default;
            case 201:
                _pasting = false;
                return new Key(KeyKind.Paste, Text: _paste.ToString());
        }

        var kind = number switch
        {
            1 or 7 => KeyKind.Home,
            2 => KeyKind.Insert,
            3 => KeyKind.Delete,
            4 or 8 => KeyKind.End,
            5 => KeyKind.PageUp,
            6 => KeyKind.PageDown,
            >= 11 and <= 15 => KeyKind.F1 + (number - 11),
            >= 17 and <= 21 => KeyKind.F6 + (number - 17),
            23 or 24 => KeyKind.F11 + (number - 23),
            25 or 26 => KeyKind.F3 + (number - 25),
            28 or 29 => KeyKind.F5 + (number - 28),
            _ => KeyKind.None,
        };
        return new Key(kind, Modifiers: modifiers);
    }

    private static int Number(string[] parameters, int i) => i < parameters.Length && Parse(parameters[i].Split(':')[0], out var value) ? value : 0;

    private static bool Parse(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    /// <summary>The bytes so far were this key.</summary>
    private void Complete(Key key)
    {
        _count = 0;
        _overflow = false;
        Emit(key);
    }

    private void Emit(Key key)
    {
        if (_pasting)
        {
            var text = key.Kind switch
            {
                KeyKind.Character when key.Modifiers == KeyModifiers.None => key.Rune.ToString(),
                KeyKind.Enter => "\n",
                KeyKind.Tab => "\t",
                _ => "",
            };
            if (_paste.Length + text.Length <= MaxPaste)
            {
                _paste.Append(text);
            }
        }
        else if (key.Kind != KeyKind.None)
        {
            _keys.Enqueue(key);
        }
    }
}

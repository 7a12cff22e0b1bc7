using System.Globalization;
using System.Text;

namespace Hocon.Parsing;

/// <summary>Walks a text character by character, knows the line and column, and reads the smallest pieces: blanks, comments, quoted and bare words.</summary>
internal sealed class HoconScanner
{
    public const char End = '\0';

    private const string Forbidden = "$\"{}[]:=,+#`^?!@*&\\";

    private readonly string _text;
    private readonly string _source;
    private int _at;
    private int _line = 1;
    private int _lineStart;

    public HoconScanner(string text, string source)
    {
        _text = text;
        _source = source;
        if (text.Length > HoconLimits.TextLength)
        {
            throw new HoconException(new HoconOrigin(source, 0, 0), $"longer than {HoconLimits.TextLength} characters: is this a configuration?");
        }

        _at = text.StartsWith('\ufeff') ? 1 : 0;
        _lineStart = _at;
    }

    public HoconOrigin Origin => new(_source, _line, _at - _lineStart + 1);

    public bool AtEnd => _at >= _text.Length;

    public bool AtComment => Peek() == '#' || (Peek() == '/' && Peek(1) == '/');

    public static string Show(char c) => char.IsControl(c) || char.IsSurrogate(c)
        ? string.Create(CultureInfo.InvariantCulture, $"U+{(int)c:X4}")
        : $"'{c}'";

    public static bool IsBlank(char c) => c != '\n' && (char.IsWhiteSpace(c) || c is >= '\u001c' and <= '\u001f' or '\ufeff');

    /// <summary>The character ahead; <see cref="End"/> behind the text (a NUL inside it is told apart by <see cref="AtEnd"/>).</summary>
    public char Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : End;

    public bool Follows(string word) => string.CompareOrdinal(_text, _at, word, 0, word.Length) == 0;

    public void Skip(int count = 1)
    {
        for (; count > 0 && !AtEnd; count--)
        {
            if (_text[_at++] == '\n')
            {
                _line++;
                _lineStart = _at;
            }
        }
    }

    public bool TryTake(char c)
    {
        if (AtEnd || Peek() != c)
        {
            return false;
        }

        Skip();
        return true;
    }

    /// <summary>Blanks of this line.</summary>
    public string TakeBlanks()
    {
        var from = _at;
        while (!AtEnd && IsBlank(Peek()))
        {
            Skip();
        }

        return _text[from.._at];
    }

    /// <summary>Blanks, line ends and comments. True when a line ended.</summary>
    public bool SkipToNext()
    {
        var line = _line;
        while (!AtEnd)
        {
            if (AtComment)
            {
                while (!AtEnd && Peek() != '\n')
                {
                    Skip();
                }
            }
            else if (Peek() == '\n' || IsBlank(Peek()))
            {
                Skip();
            }
            else
            {
                break;
            }
        }

        return _line > line;
    }

    /// <summary>A bare word: up to a blank, a line end, a comment or a character that must be quoted. Empty when it would start with one.</summary>
    public string TakeWord(bool stopAtDot = false)
    {
        var from = _at;
        while (!AtEnd && !AtComment)
        {
            var c = Peek();
            var exponentSign = c == '+' && _at > from && _text[_at - 1] is 'e' or 'E' && IsNumberStart(_text[from]) && char.IsAsciiDigit(Peek(1));
            if (c == '\n' || IsBlank(c) || (stopAtDot && c == '.') || (Forbidden.Contains(c, StringComparison.Ordinal) && !exponentSign))
            {
                break;
            }

            Skip();
        }

        return _text[from.._at];
    }

    /// <summary>A text in quotes, single or triple; the scanner stands on the first quote.</summary>
    public string TakeQuoted()
    {
        var origin = Origin;
        if (Follows("\"\"\""))
        {
            Skip(3);
            return TakeTripleQuoted(origin);
        }

        Skip();
        var to = new StringBuilder();
        while (true)
        {
            var c = Peek();
            if (AtEnd || c == '\n')
            {
                throw new HoconException(origin, "the quote is not closed on its line; end it with \" (or use \"\"\" for text of several lines)");
            }

            if (c == '"')
            {
                Skip();
                return to.ToString();
            }

            if (c == '\\')
            {
                to.Append(TakeEscape());
                continue;
            }

            if (c < ' ' && c != '\t' && c != '\r')
            {
                throw new HoconException(Origin, $"the control character {Show(c)} must be written as \\u{(int)c:x4} inside quotes");
            }

            to.Append(c);
            Skip();
        }
    }

    private static bool IsNumberStart(char c) => c == '-' || char.IsAsciiDigit(c);

    private string TakeTripleQuoted(HoconOrigin origin)
    {
        var end = _text.IndexOf("\"\"\"", _at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw new HoconException(origin, "the text in \"\"\" is never closed; end it with \"\"\"");
        }

        // Quotes beyond the last three belong to the text.
        while (end + 3 < _text.Length && _text[end + 3] == '"')
        {
            end++;
        }

        var text = _text[_at..end];
        Skip(end + 3 - _at);
        return text;
    }

    private char TakeEscape()
    {
        var origin = Origin;
        var c = Peek(1);
        if (c == 'u')
        {
            if (_at + 6 > _text.Length || !ushort.TryParse(_text.AsSpan(_at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit))
            {
                throw new HoconException(origin, "\\u takes exactly four hexadecimal digits, as in \\u00e9");
            }

            Skip(6);
            return (char)unit;
        }

        Skip(2);
        return c switch
        {
            '"' or '\\' or '/' => c,
            'b' => '\b',
            'f' => '\f',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            _ => throw new HoconException(origin, "unknown escape; known are \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX (write \\\\ for a backslash)"),
        };
    }
}

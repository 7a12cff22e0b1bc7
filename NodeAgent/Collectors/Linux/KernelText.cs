using System.Buffers.Text;
using System.Text;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Reads the words and numbers of the kernel's text files, one after the other. What is not there reads as 0 or empty.</summary>
internal ref struct KernelText(ReadOnlySpan<byte> text)
{
    private ReadOnlySpan<byte> _rest = text;

    /// <summary>What has not been read.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next line without its end; false behind the last.</summary>
    public bool NextLine(out KernelText line)
    {
        if (_rest.IsEmpty)
        {
            line = default;
            return false;
        }

        var end = _rest.IndexOf((byte)'\n');
        line = new KernelText(end < 0 ? _rest : _rest[..end]);
        _rest = end < 0 ? default : _rest[(end + 1)..];
        return true;
    }

    /// <summary>The next word, between white space.</summary>
    public ReadOnlySpan<byte> NextWord()
    {
        SkipSpaces();
        var end = _rest.IndexOfAny((byte)' ', (byte)'\t', (byte)'\n');
        var word = end < 0 ? _rest : _rest[..end];
        _rest = _rest[word.Length..];
        return word;
    }

    /// <summary>The next number, which must be the next word; 0 if it is not, <see cref="long.MaxValue"/> if it is larger.</summary>
    public long NextNumber()
    {
        SkipSpaces();
        if (!Utf8Parser.TryParse(_rest, out ulong value, out var length))
        {
            NextWord();
            return 0;
        }

        _rest = _rest[length..];
        return value > long.MaxValue ? long.MaxValue : (long)value;
    }

    /// <summary>The next word as a decimal number times 10^<paramref name="decimals"/>: "1.25" is 125 for 2 decimals.</summary>
    public long NextDecimal(int decimals)
    {
        var word = NextWord();
        var negative = word.StartsWith("-"u8);
        var left = decimals;
        var behindPoint = false;
        long value = 0;
        foreach (var c in negative ? word[1..] : word)
        {
            if (c == '.')
            {
                behindPoint = true;
            }
            else if (c is < (byte)'0' or > (byte)'9' || value > long.MaxValue / 100)
            {
                return 0;
            }
            else if (!behindPoint || left > 0)
            {
                value = (value * 10) + (c - '0');
                left -= behindPoint ? 1 : 0;
            }
        }

        for (; left > 0; left--)
        {
            value *= 10;
        }

        return negative ? -value : value;
    }

    /// <summary>Reads up to a separator and passes it; false, and nothing read, when there is none.</summary>
    public bool NextUntil(byte separator, out ReadOnlySpan<byte> before)
    {
        var at = _rest.IndexOf(separator);
        before = at < 0 ? default : _rest[..at];
        _rest = at < 0 ? _rest : _rest[(at + 1)..];
        return at >= 0;
    }

    /// <summary>Passes words.</summary>
    public void Skip(int words)
    {
        for (; words > 0; words--)
        {
            NextWord();
        }
    }

    /// <summary>
    /// A name from the kernel as text that is safe to show and send: valid Unicode, without control characters, of bounded length.
    /// Anyone may name a process or a mount point, so nothing else can be taken for granted.
    /// </summary>
    public static string CleanName(ReadOnlySpan<byte> name, int maxChars = 200)
    {
        var text = Encoding.UTF8.GetString(name[..Math.Min(name.Length, 4 * maxChars)]);
        if (text.Length <= maxChars && !text.Any(IsUnsafe))
        {
            return text;
        }

        var clean = new StringBuilder(maxChars);
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length + rune.Utf16SequenceLength > maxChars)
            {
                break;
            }

            clean.Append(rune.Value < 0x10000 && IsUnsafe((char)rune.Value) ? "\uFFFD" : rune.ToString());
        }

        return clean.ToString();
    }

    // Control characters, and those that turn the direction of text.
    private static bool IsUnsafe(char c) =>
        char.IsControl(c) || c is '\u2028' or '\u2029' or '\u200E' or '\u200F' or (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private void SkipSpaces()
    {
        var start = _rest.IndexOfAnyExcept((byte)' ', (byte)'\t');
        _rest = start < 0 ? default : _rest[start..];
    }
}

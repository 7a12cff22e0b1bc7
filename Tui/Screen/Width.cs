using System.Globalization;
using System.Text;

namespace ClusterMonitor.Tui;

/// <summary>How many columns a code point takes, and whether terminals agree about it.</summary>
internal static class Width
{
    /// <summary>A control or format character, or no character at all: it is never sent to the terminal.</summary>
    public const int Unprintable = -1;

    /// <summary>
    /// First and last code points with East_Asian_Width W or F (Unicode 14, EastAsianWidth.txt; code points that are
    /// unassigned inside CJK blocks are wide too, as UAX #11 says).
    /// </summary>
    private static ReadOnlySpan<uint> WideRanges =>
    [
        0x1100, 0x115F, 0x231A, 0x231B, 0x2329, 0x232A, 0x23E9, 0x23EC, 0x23F0, 0x23F0, 0x23F3, 0x23F3, 0x25FD, 0x25FE, 0x2614, 0x2615,
        0x2648, 0x2653, 0x267F, 0x267F, 0x2693, 0x2693, 0x26A1, 0x26A1, 0x26AA, 0x26AB, 0x26BD, 0x26BE, 0x26C4, 0x26C5, 0x26CE, 0x26CE,
        0x26D4, 0x26D4, 0x26EA, 0x26EA, 0x26F2, 0x26F3, 0x26F5, 0x26F5, 0x26FA, 0x26FA, 0x26FD, 0x26FD, 0x2705, 0x2705, 0x270A, 0x270B,
        0x2728, 0x2728, 0x274C, 0x274C, 0x274E, 0x274E, 0x2753, 0x2755, 0x2757, 0x2757, 0x2795, 0x2797, 0x27B0, 0x27B0, 0x27BF, 0x27BF,
        0x2B1B, 0x2B1C, 0x2B50, 0x2B50, 0x2B55, 0x2B55, 0x2E80, 0x303E, 0x3041, 0x3247, 0x3250, 0x4DBF, 0x4E00, 0xA4C6, 0xA960, 0xA97C,
        0xAC00, 0xD7A3, 0xF900, 0xFAFF, 0xFE10, 0xFE19, 0xFE30, 0xFE6B, 0xFF01, 0xFF60, 0xFFE0, 0xFFE6, 0x16FE0, 0x18CD5, 0x18D00, 0x18D08,
        0x1AFF0, 0x1B122, 0x1B150, 0x1B2FB, 0x1F004, 0x1F004, 0x1F0CF, 0x1F0CF, 0x1F18E, 0x1F18E, 0x1F191, 0x1F19A, 0x1F200, 0x1F265,
        0x1F300, 0x1F320, 0x1F32D, 0x1F335, 0x1F337, 0x1F37C, 0x1F37E, 0x1F393, 0x1F3A0, 0x1F3CA, 0x1F3CF, 0x1F3D3, 0x1F3E0, 0x1F3F0,
        0x1F3F4, 0x1F3F4, 0x1F3F8, 0x1F43E, 0x1F440, 0x1F440, 0x1F442, 0x1F4FC, 0x1F4FF, 0x1F53D, 0x1F54B, 0x1F54E, 0x1F550, 0x1F567,
        0x1F57A, 0x1F57A, 0x1F595, 0x1F596, 0x1F5A4, 0x1F5A4, 0x1F5FB, 0x1F64F, 0x1F680, 0x1F6C5, 0x1F6CC, 0x1F6CC, 0x1F6D0, 0x1F6D2,
        0x1F6D5, 0x1F6DF, 0x1F6EB, 0x1F6EC, 0x1F6F4, 0x1F6FC, 0x1F7E0, 0x1F7F0, 0x1F90C, 0x1F93A, 0x1F93C, 0x1F945, 0x1F947, 0x1F9FF,
        0x1FA70, 0x1FAFF, 0x20000, 0x3FFFD,
    ];

    /// <summary>Columns of a code point standing alone: 0 (combining), 1, 2, or <see cref="Unprintable"/>.</summary>
    public static int Of(Rune rune)
    {
        var value = (uint)rune.Value;
        if (value < 0x300)
        {
            return value < 0x20 || value is (>= 0x7F and < 0xA0) or 0xAD ? Unprintable : 1;
        }

        switch (Rune.GetUnicodeCategory(rune))
        {
            case UnicodeCategory.NonSpacingMark:
            case UnicodeCategory.EnclosingMark:
                return 0;
            case UnicodeCategory.Format:
                // Joiners matter inside a cluster and are invisible alone; the rest (direction overrides, …) can make a name lie.
                return value is 0x200C or 0x200D ? 0 : Unprintable;
            case UnicodeCategory.Control:
            case UnicodeCategory.Surrogate:
            case UnicodeCategory.LineSeparator:
            case UnicodeCategory.ParagraphSeparator:
                return Unprintable;
            default:
                return value is >= 0x1160 and <= 0x11FF ? 0 : IsWide(value) ? 2 : 1;
        }
    }

    /// <summary>Columns of one grapheme cluster.</summary>
    public static int OfCluster(ReadOnlySpan<char> cluster)
    {
        if (Rune.DecodeFromUtf16(cluster, out var first, out var used) != System.Buffers.OperationStatus.Done)
        {
            return Unprintable;
        }

        var width = Of(first);
        if (width < 0 || used == cluster.Length)
        {
            return width;
        }

        // VS16 asks for the emoji form; a pair of regional indicators is a flag.
        var emoji = cluster[used..].Contains('\uFE0F') || first.Value is >= 0x1F1E6 and <= 0x1F1FF;
        return emoji && width == 1 ? 2 : width;
    }

    /// <summary>Columns of a text as <see cref="Screen.Text"/> draws it.</summary>
    public static int OfText(ReadOnlySpan<char> text)
    {
        var columns = 0;
        for (var i = 0; i < text.Length;)
        {
            if (IsPlain(text, i))
            {
                columns++;
                i++;
                continue;
            }

            var length = StringInfo.GetNextTextElementLength(text[i..]);
            var width = OfCluster(text.Slice(i, length));
            columns += width < 0 ? 1 : width;
            i += length;
        }

        return columns;
    }

    /// <summary>An ASCII character that nothing combines with: most text takes this way.</summary>
    public static bool IsPlain(ReadOnlySpan<char> text, int i) => text[i] < 0x7F && (i + 1 == text.Length || text[i + 1] < 0x300) && text[i] != '\r';

    /// <summary>Terminals may advance by another number of columns than <see cref="Of"/> says, so the cursor is placed anew after it.</summary>
    public static bool IsDoubtful(uint glyph) => glyph >= 0x300 && glyph is not (
        (>= 0x370 and < 0x483) or      // Greek, Cyrillic
        (>= 0x2010 and < 0x2028) or    // dashes, quotes, bullet, ellipsis
        (>= 0x2030 and < 0x205F) or
        (>= 0x20A0 and < 0x20D0) or    // currency
        (>= 0x2190 and < 0x231A) or    // arrows, mathematical operators
        (>= 0x2500 and < 0x25FD) or    // boxes, blocks, geometric shapes
        (>= 0x2800 and < 0x2900) or    // braille
        0xFFFD);

    private static bool IsWide(uint value)
    {
        var ranges = WideRanges;
        int low = 0, high = (ranges.Length / 2) - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            if (value < ranges[2 * middle])
            {
                high = middle - 1;
            }
            else if (value > ranges[(2 * middle) + 1])
            {
                low = middle + 1;
            }
            else
            {
                return true;
            }
        }

        return false;
    }
}

using System.Globalization;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>Text from outside on its way to a terminal or a log: one line, nothing that a terminal would obey.</summary>
public static class Printable
{
    /// <summary>Control, format and line-separating characters and lone surrogates become <c>\n</c>, <c>\t</c>, <c>\u001b</c> …; a backslash stays.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var to = (StringBuilder?)null;
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogatePair(text, i))
            {
                to?.Append(text, i, 2);
                i++;
            }
            else if (!IsHarmless(text[i]))
            {
                to ??= new StringBuilder(text, 0, i, text.Length + 16);
                to.Append(text[i] switch
                {
                    '\n' => "\\n",
                    '\r' => "\\r",
                    '\t' => "\\t",
                    var c => string.Create(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                });
            }
            else
            {
                to?.Append(text[i]);
            }
        }

        return to?.ToString() ?? text;
    }

    private static bool IsHarmless(char c) => c is >= ' ' and < '\u007f'
        || CharUnicodeInfo.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate);
}

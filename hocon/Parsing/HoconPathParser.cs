using System.Text;

namespace Hocon.Parsing;

/// <summary>Path expressions: words and quoted texts, dots between keys, blanks inside a key kept.</summary>
internal static class HoconPathParser
{
    /// <summary>Reads up to what can't belong to a path; blanks behind it are consumed.</summary>
    public static IReadOnlyList<string> Parse(HoconScanner scanner)
    {
        scanner.TakeBlanks();
        var origin = scanner.Origin;
        var keys = new List<string>();
        do
        {
            scanner.TakeBlanks();
            keys.Add(ParseKey(scanner));
            if (keys.Count > HoconLimits.Depth)
            {
                throw new HoconException(origin, $"a path has at most {HoconLimits.Depth} keys");
            }
        }
        while (scanner.TryTake('.'));

        return keys;
    }

    private static string ParseKey(HoconScanner scanner)
    {
        StringBuilder? key = null;
        var blanks = "";
        while (true)
        {
            string part;
            if (!scanner.AtEnd && scanner.Peek() == '"')
            {
                part = scanner.TakeQuoted();
            }
            else
            {
                part = scanner.TakeWord(stopAtDot: true);
                if (part.Length == 0)
                {
                    break;
                }
            }

            key = key is null ? new StringBuilder(part) : key.Append(blanks).Append(part);
            blanks = scanner.TakeBlanks();
        }

        if (key is not null)
        {
            return key.ToString();
        }

        throw new HoconException(scanner.Origin, scanner.AtEnd
            ? "a key is missing before the end"
            : $"a key is missing before {HoconScanner.Show(scanner.Peek())}; a key of other characters than letters, digits, - and _ stands in quotes");
    }
}

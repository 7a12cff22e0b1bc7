namespace ClusterMonitor.Tui;

/// <summary>Names as people order them: runs of digits by their value, so node-9 comes before node-10.</summary>
internal static class NaturalOrder
{
    public static int Compare(ReadOnlySpan<char> a, ReadOnlySpan<char> b)
    {
        int i = 0, j = 0;
        while (i < a.Length && j < b.Length)
        {
            if (char.IsAsciiDigit(a[i]) && char.IsAsciiDigit(b[j]))
            {
                var x = Digits(a, ref i);
                var y = Digits(b, ref j);
                var byLength = x.Length.CompareTo(y.Length);
                var byValue = byLength != 0 ? byLength : x.SequenceCompareTo(y);
                if (byValue != 0)
                {
                    return byValue;
                }

                continue;
            }

            var order = char.ToLowerInvariant(a[i]).CompareTo(char.ToLowerInvariant(b[j]));
            if (order != 0)
            {
                return order;
            }

            i++;
            j++;
        }

        var rest = (a.Length - i).CompareTo(b.Length - j);
        return rest != 0 ? rest : a.SequenceCompareTo(b);
    }

    /// <summary>The run of digits at i without leading zeros.</summary>
    private static ReadOnlySpan<char> Digits(ReadOnlySpan<char> text, ref int i)
    {
        while (i < text.Length - 1 && text[i] == '0' && char.IsAsciiDigit(text[i + 1]))
        {
            i++;
        }

        var start = i;
        while (i < text.Length && char.IsAsciiDigit(text[i]))
        {
            i++;
        }

        return text[start..i];
    }
}

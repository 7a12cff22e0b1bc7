namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>Patterns of names: <c>*</c> stands for any letters, <c>?</c> for one.</summary>
internal static class NamePattern
{
    /// <summary>Whether a name fits. Linear in their product at worst, whatever the pattern.</summary>
    public static bool Matches(string pattern, string name)
    {
        var (p, n) = (0, 0);
        var (star, mark) = (-1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && (pattern[p] == '?' || pattern[p] == name[n]))
            {
                p++;
                n++;
            }
            else if (star >= 0)
            {
                // The last star takes one letter more.
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).TrimStart('*').IsEmpty;
    }
}

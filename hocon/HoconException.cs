namespace Hocon;

/// <summary>Where a value or a mistake stands. Lines and columns count from 1; a column counts UTF-16 units, as editors do.</summary>
/// <param name="Source">A file's name, or a word for what is not a file (<c>MONITOR_SEED_PORT</c>).</param>
/// <param name="Line">0 when the source has no lines.</param>
/// <param name="Column">0 when the source has no lines.</param>
public readonly record struct HoconOrigin(string Source, int Line, int Column)
{
    /// <summary><c>file:line:column</c>, as compilers write it, so that editors and terminals can jump there.</summary>
    public override string ToString() => Line == 0 ? Source : $"{Source}:{Line}:{Column}";
}

/// <summary>The text is not HOCON, or goes past a limit. The message names the place, what is wrong and what to write instead; one line.</summary>
public sealed class HoconException : Exception
{
    /// <summary>A mistake at a place.</summary>
    /// <param name="origin">Where.</param>
    /// <param name="problem">What is wrong and the remedy, one line, without the place.</param>
    public HoconException(HoconOrigin origin, string problem)
        : base($"{origin}: {problem}")
    {
        Origin = origin;
        Problem = problem;
    }

    /// <summary>Where.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>The message without the place.</summary>
    public string Problem { get; }
}

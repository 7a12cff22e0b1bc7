using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>The span and step that a query is answered with, whole steps of the clock. Pure.</summary>
/// <param name="FromMs">First step's begin, inclusive.</param>
/// <param name="ToMs">Last step's end, exclusive.</param>
/// <param name="StepMs">At least a second.</param>
internal readonly record struct HistoryRange(long FromMs, long ToMs, long StepMs)
{
    /// <summary>The most points of all series of an answer: some 3 MB.</summary>
    public const long MostPoints = 100_000;

    /// <summary>The most series of an answer.</summary>
    public const int MostSeries = 64;

    private const long FinestMs = 1000;

    /// <summary>Steps in it.</summary>
    public int Steps => (int)((ToMs - FromMs) / StepMs);

    /// <summary>Checks a query and cuts it down to where there is something.</summary>
    /// <param name="query">As it was asked.</param>
    /// <param name="oldestMs">The oldest sample that there is.</param>
    /// <param name="newestMs">The newest sample that there is.</param>
    /// <param name="nowMs">The seed's clock.</param>
    /// <exception cref="QueryRefusedException">The range or step makes no sense, or the answer would be too large.</exception>
    public static HistoryRange Of(HistoryQuery query, long oldestMs, long newestMs, long nowMs)
    {
        if (query.FromMs >= query.ToMs)
        {
            throw QueryRefusedException.Because(QueryRefusal.BadRange, "the range ends before it begins");
        }

        if (query.StepMs < 0)
        {
            throw QueryRefusedException.Because(QueryRefusal.BadRange, "the step must be at least a second");
        }

        if (query.FromMs > Math.Max(nowMs, newestMs))
        {
            throw QueryRefusedException.Because(QueryRefusal.BadRange, "the range begins in the future");
        }

        if (query.Selectors.Count is 0 or > MostSeries)
        {
            throw QueryRefusedException.Because(QueryRefusal.TooLarge, $"a query names 1 to {MostSeries} metrics, not {query.Selectors.Count}");
        }

        // Beyond the first and the last sample there is nothing to put into steps; this also bounds absurd ranges.
        var step = Math.Max(query.StepMs, FinestMs);
        var from = Math.Clamp(query.FromMs, Math.Min(oldestMs, nowMs), Math.Max(newestMs, nowMs));
        var to = Math.Clamp(query.ToMs, from, Math.Max(newestMs, nowMs) + 1);
        step = Math.Min(step, long.MaxValue / 4);
        var first = Floor(from, step);
        var last = to == from ? first : Floor(to - 1, step) + step;
        var points = (double)(last - first) / step * query.Selectors.Count;
        if (points > MostPoints)
        {
            var enough = (long)Math.Ceiling((last - first) * (double)query.Selectors.Count / MostPoints / 1000);
            throw QueryRefusedException.Because(QueryRefusal.TooLarge, $"that would be {points:0} points, {MostPoints} are allowed: ask for a step of at least {enough}s, or a shorter range");
        }

        return new HistoryRange(first, last, step);
    }

    private static long Floor(long value, long step) => value - (((value % step) + step) % step);
}

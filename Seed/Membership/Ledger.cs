using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>A time in which a node was neither available nor excused.</summary>
/// <param name="FromMs">Unix milliseconds.</param>
/// <param name="ToMs">Unix milliseconds; the end of the window while it lasts.</param>
/// <param name="Reason">Why it began.</param>
internal readonly record struct Outage(long FromMs, long ToMs, string Reason);

/// <summary>Milliseconds of a window, by what they count as.</summary>
/// <param name="Available">Up or suspect.</param>
/// <param name="Missing">Neither available nor excused: the outages.</param>
/// <param name="Excused">Left, expected-off or unknown: not counted.</param>
internal readonly record struct Account(long Available, long Missing, long Excused)
{
    /// <summary>0..1; NaN when nothing in the window counts.</summary>
    public double Availability => Available + Missing == 0 ? double.NaN : (double)Available / (Available + Missing);
}

/// <summary>
/// The transitions of one node, in the order of time, and what follows from them. A node's account begins when it is
/// first more than joining: before that there was nothing to be available.
/// </summary>
internal sealed class Ledger
{
    /// <summary>Transitions older than this are dropped, but for the one that says the state at that time.</summary>
    public const long KeptMs = 31L * 24 * 3_600_000;

    /// <summary>A node that flaps for weeks must not fill the memory; the account then begins with the oldest one kept.</summary>
    public const int MaxTransitions = 20_000;

    /// <summary>The windows that are shown, in the order of <see cref="NodeStanding"/>.</summary>
    public static readonly long[] WindowsMs = [3_600_000, 24L * 3_600_000, 7L * 24 * 3_600_000, 30L * 24 * 3_600_000];

    private readonly List<StateChanged> _transitions = [];

    /// <summary>All that are kept, oldest first.</summary>
    public IReadOnlyList<StateChanged> Transitions => _transitions;

    /// <summary>The state after the last one.</summary>
    public AvailabilityState State => _transitions.Count == 0 ? AvailabilityState.AvailabilityUnspecified : _transitions[^1].To;

    /// <summary>Takes the next transition in.</summary>
    public void Add(StateChanged change)
    {
        if (_transitions.Count > 0 && change.TimeMs < _transitions[^1].TimeMs)
        {
            throw new ArgumentException($"a transition at {change.TimeMs} after one at {_transitions[^1].TimeMs}", nameof(change));
        }

        _transitions.Add(change);
    }

    /// <summary>Forgets what no window can reach any more.</summary>
    public void Compact(long nowMs)
    {
        var keepFrom = _transitions.FindIndex(t => t.TimeMs > nowMs - KeptMs);
        var drop = (keepFrom < 0 ? _transitions.Count : keepFrom) - 1;
        drop = Math.Max(drop, _transitions.Count - MaxTransitions);
        if (drop > 0)
        {
            _transitions.RemoveRange(0, drop);
        }
    }

    /// <summary>What the time from <paramref name="nowMs"/> − <paramref name="windowMs"/> to now counts as.</summary>
    public Account AccountOf(long windowMs, long nowMs)
    {
        long available = 0, missing = 0, excused = 0;
        foreach (var (state, from, to, _) in Spans(windowMs, nowMs))
        {
            switch (Weigh(state))
            {
                case Weight.Available:
                    available += to - from;
                    break;
                case Weight.Missing:
                    missing += to - from;
                    break;
                default:
                    excused += to - from;
                    break;
            }
        }

        return new Account(available, missing, excused);
    }

    /// <summary>The outages within the window, oldest first; what follows on one without a break is one.</summary>
    public IReadOnlyList<Outage> Outages(long windowMs, long nowMs)
    {
        var outages = new List<Outage>();
        foreach (var (state, from, to, reason) in Spans(windowMs, nowMs))
        {
            if (Weigh(state) != Weight.Missing || to == from)
            {
                continue;
            }

            if (outages.Count > 0 && outages[^1].ToMs == from)
            {
                outages[^1] = outages[^1] with { ToMs = to };
            }
            else
            {
                outages.Add(new Outage(from, to, reason));
            }
        }

        return outages;
    }

    private enum Weight
    {
        Available,
        Missing,
        Excused,
    }

    private static Weight Weigh(AvailabilityState state) => state switch
    {
        AvailabilityState.AvailabilityUp or AvailabilityState.AvailabilitySuspect => Weight.Available,
        AvailabilityState.AvailabilityLeft or AvailabilityState.AvailabilityExpectedOff or AvailabilityState.AvailabilityUnknown => Weight.Excused,
        _ => Weight.Missing,
    };

    private IEnumerable<(AvailabilityState State, long From, long To, string Reason)> Spans(long windowMs, long nowMs)
    {
        var first = _transitions.FindIndex(t => t.To != AvailabilityState.AvailabilityJoining);
        if (first < 0)
        {
            yield break;
        }

        var begin = nowMs - windowMs;
        for (var i = FirstWithin(first, begin); i < _transitions.Count; i++)
        {
            var from = Math.Max(begin, _transitions[i].TimeMs);
            var to = i + 1 < _transitions.Count ? Math.Min(nowMs, _transitions[i + 1].TimeMs) : nowMs;
            if (to > from)
            {
                yield return (_transitions[i].To, from, to, _transitions[i].Reason);
            }
        }
    }

    /// <summary>The transition whose state holds at <paramref name="timeMs"/>, but not before <paramref name="first"/>.</summary>
    private int FirstWithin(int first, long timeMs)
    {
        int low = first, high = _transitions.Count - 1;
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (_transitions[middle].TimeMs <= timeMs)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }

        return low;
    }
}

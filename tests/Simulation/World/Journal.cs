using Actors.Clustering;

namespace Simulation.World;

/// <summary>One thing worth telling.</summary>
/// <param name="At">Simulated time since the start.</param>
/// <param name="Host">Where; empty if it concerns the whole world.</param>
/// <param name="Life">Which start of the process on that host, 1 for the first; 0 if it concerns none.</param>
/// <param name="Text">What, for people.</param>
internal abstract record Entry(TimeSpan At, string Host, int Life, string Text)
{
    public sealed override string ToString() => $"{At.TotalSeconds,9:0.000} {Host,-4}{(Life > 0 ? $"#{Life}" : "  ")} {Text}";
}

/// <summary>A fault, or the end of one.</summary>
internal sealed record Deed(TimeSpan At, string Host, int Life, string Text) : Entry(At, Host, Life, Text);

/// <summary>What a process's cluster told its program.</summary>
internal sealed record ClusterHappening(TimeSpan At, string Host, int Life, ClusterEvent.IClusterDomainEvent Event) : Entry(At, Host, Life, $"{Event}");

/// <summary>A process's part in the cluster ended, whether it had been asked to leave, and whether it had ever been Up.</summary>
internal sealed record PartEnded(TimeSpan At, string Host, int Life, bool Asked, bool WasUp)
    : Entry(At, Host, Life, $"its part in the cluster has ended{(Asked ? ", as asked" : "")}{(WasUp ? "" : ", before it was Up")}");

/// <summary>An actor of the workload got a number from another.</summary>
internal sealed record Received(TimeSpan At, string Host, int Life, string From, long Number) : Entry(At, Host, Life, $"got {Number} from {From}");

/// <summary>An actor of the workload watches another, or heard of its end.</summary>
internal sealed record Watching(TimeSpan At, string Host, int Life, string Whom, bool Ended) : Entry(At, Host, Life, $"{(Ended ? "heard of the end of" : "watches")} {Whom}");

/// <summary>An actor of the workload did something after it was stopped.</summary>
internal sealed record RanAfterStop(TimeSpan At, string Host, int Life, string What) : Entry(At, Host, Life, $"after its stop: {What}");

/// <summary>What a process logged at level warning or above.</summary>
internal sealed record Logged(TimeSpan At, string Host, int Life, string Text) : Entry(At, Host, Life, Text);

/// <summary>All that happened in a run, in order: what checkers judge and people read.</summary>
internal sealed class Journal(SimulatedTime time)
{
    private readonly List<Entry> _entries = [];

    public IReadOnlyList<Entry> Entries => _entries;

    public TimeSpan Now => time.Elapsed;

    public void Add(Entry entry) => _entries.Add(entry);

    public void Say(string text) => Add(new Deed(Now, "", 0, text));

    /// <summary>Equal for equal runs.</summary>
    public int Fingerprint() => StableHash.Of(string.Join('\n', _entries));
}

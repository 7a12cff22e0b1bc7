namespace ClusterMonitor.Seed.Membership;

/// <summary>
/// One instant by both clocks of the seed. Silence and deadlines are measured on the steady one, so that a clock that is
/// stepped makes nobody look dead; the ledger is written in the other.
/// </summary>
/// <param name="WallMs">Unix milliseconds.</param>
/// <param name="MonoMs">Milliseconds of a clock that never steps.</param>
internal readonly record struct Moment(long WallMs, long MonoMs)
{
    /// <summary>Now, by <paramref name="clock"/>.</summary>
    public static Moment Of(TimeProvider clock) =>
        new(clock.GetUtcNow().ToUnixTimeMilliseconds(), clock.GetTimestamp() / (clock.TimestampFrequency / 1000));

    /// <summary>The wall time of an instant given on the steady clock.</summary>
    public long WallOf(long monoMs) => WallMs - (MonoMs - monoMs);
}

/// <summary>How long is too long. Milliseconds.</summary>
/// <param name="OverdueMs">Without any frame for longer than this a node is suspect: a frame is due every 0.5 s, and a pause of 2 s is forgiven.</param>
/// <param name="UnreachableAfterMs">A suspect that is no member of the cluster, so that no detector watches it, is unreachable after this.</param>
/// <param name="DownAfterMs">An unreachable node is taken out of the cluster after this; it is down when that is done.</param>
/// <param name="ReturnGraceMs">How long after the seed's own absence a node may take to come back before it is down.</param>
/// <param name="DownAgainMs">The cluster is asked again after this when the removal has not happened.</param>
internal sealed record AvailabilityTiming(
    long OverdueMs,
    long UnreachableAfterMs,
    long DownAfterMs,
    long ReturnGraceMs,
    long DownAgainMs)
{
    /// <summary>The timing for <c>monitor.cluster.overdue-after</c> and <c>monitor.cluster.down-after</c>.</summary>
    public static AvailabilityTiming Of(long overdueMs, long downAfterMs) =>
        new(overdueMs, UnreachableAfterMs: 2_300 + overdueMs, downAfterMs, ReturnGraceMs: 300 + overdueMs + downAfterMs, DownAgainMs: 5_000);
}

using ClusterMonitor.Messages;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Membership;

/// <summary>The rules that make a state of the facts, strongest evidence first.</summary>
internal static class Verdict
{
    /// <summary>The state, were no maintenance announced, and why.</summary>
    public static (AvailabilityState State, string Reason) Of(NodeFacts f, Moment now, AvailabilityTiming timing)
    {
        if (f.Goodbye)
        {
            return (AvailabilityLeft, "agent said goodbye");
        }

        if (f.IsAlive(now.MonoMs, timing))
        {
            return f.Confirmed ? (AvailabilityUp, UpReason(f, now)) : (AvailabilityJoining, f.Restarted ? "restarted: new incarnation" : "agent said hello");
        }

        if (f.Awaited)
        {
            return now.MonoMs - f.WatchedSinceMono >= timing.ReturnGraceMs || f.Judged == AvailabilityDown
                ? (AvailabilityDown, "not seen since the seed's start")
                : (AvailabilityUnknown, f.AbsenceReason);
        }

        return Away(f, now, timing);
    }

    /// <summary>What is shown: an announced absence is expected.</summary>
    public static (AvailabilityState State, string Reason) Show(NodeFacts f, Moment now)
    {
        var away = f.Judged is AvailabilitySuspect or AvailabilityUnreachable or AvailabilityDown or AvailabilityLeft
            || (f.Judged == AvailabilityUnknown && f.State == AvailabilityExpectedOff);
        if (away && f.InMaintenance(now.WallMs))
        {
            var why = f.MaintenanceWhy.Length > 0 ? ": " + f.MaintenanceWhy : "";
            return (AvailabilityExpectedOff, $"maintenance until {Words.Time(f.MaintenanceToMs)} UTC{why}");
        }

        return away && f.State == AvailabilityExpectedOff
            ? (f.Judged, "maintenance is over: " + f.JudgedReason)
            : (f.Judged, f.JudgedReason);
    }

    private static (AvailabilityState State, string Reason) Away(NodeFacts f, Moment now, AvailabilityTiming timing)
    {
        var silence = now.MonoMs - f.SilentSinceMono;
        if (f.Judged == AvailabilityDown || f.RemovedMono != NodeFacts.Never)
        {
            return (AvailabilityDown, $"removed from the cluster after {Words.Span(silence)} of silence");
        }

        // No detector speaks for one that is not in the cluster; its time runs here.
        var isMember = f.Member != MemberPhase.None;
        if (f.Judged == AvailabilityUnreachable)
        {
            return !isMember && now.MonoMs - f.JudgedMono >= timing.DownAfterMs
                ? (AvailabilityDown, $"silent for {Words.Span(silence)}, and no member of the cluster")
                : (AvailabilityUnreachable, f.JudgedReason);
        }

        // A detector that stays mute for three times as long is of no use either.
        var unreachable = f.UnreachableBy is not null || silence >= (isMember ? 3 * timing.UnreachableAfterMs : timing.UnreachableAfterMs);

        // Every step is shown: who is unreachable was suspect before, if only for a moment.
        return unreachable && f.Judged == AvailabilitySuspect
            ? (AvailabilityUnreachable, Gone(f, now, silence))
            : (AvailabilitySuspect, Because(f, silence));
    }

    private static string Gone(NodeFacts f, Moment now, long silence) =>
        f.BrokenMono != NodeFacts.Never ? $"not back after {Words.Span(now.MonoMs - f.BrokenMono)}: {f.LinkDetail}" : Because(f, silence);

    private static string Because(NodeFacts f, long silence) =>
        f.BrokenMono != NodeFacts.Never
            ? f.LinkDetail
            : f.Phi > 0 ? $"no frame for {Words.Span(silence)} (phi {Words.Number(f.Phi)})" : $"no frame for {Words.Span(silence)}";

    private static string UpReason(NodeFacts f, Moment now) => f.Judged switch
    {
        _ when f.Restarted => "restarted: new incarnation",
        AvailabilitySuspect or AvailabilityUnreachable => $"heard again after {Words.Span(now.MonoMs - f.JudgedMono)}",
        AvailabilityDown or AvailabilityUnknown => "samples arrive again",
        _ when f.SampleMono != NodeFacts.Never => "samples arrive",
        _ => "member of the cluster",
    };
}

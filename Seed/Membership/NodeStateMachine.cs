using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Membership;

/// <summary>What one input led to.</summary>
/// <param name="Facts">What is known now.</param>
/// <param name="Change">The transition, if the state changed.</param>
/// <param name="AskDown">The cluster shall remove the node.</param>
internal readonly record struct Step(NodeFacts Facts, StateChanged? Change, bool AskDown);

/// <summary>
/// Membership as availability, for one node. An input changes the facts; the state follows from the facts by
/// <see cref="Verdict"/>; a state that differs from the last one is a transition, with its reason and evidence.
/// Pure: time is in the arguments.
/// </summary>
/// <param name="seedName">Who observes, for the evidence.</param>
/// <param name="timing">How long is too long.</param>
internal sealed class NodeStateMachine(string seedName, AvailabilityTiming timing)
{
    /// <summary>
    /// A sample may have waited in a mailbox while its link broke. So for this long after the break it proves nothing
    /// about the link; a new link announces itself anyway.
    /// </summary>
    private const long StragglerMs = 500;

    /// <summary>How long is too long.</summary>
    public AvailabilityTiming Timing => timing;

    /// <summary>Takes one input in.</summary>
    public Step Step(NodeFacts facts, NodeInput input, Moment now)
    {
        if (input is NodeInput.SeedAbsent absent)
        {
            return Miss(facts, absent, now);
        }

        var known = Learn(facts, input, now);
        if (known.Incarnation == 0 && known.State == AvailabilityState.AvailabilityUnspecified)
        {
            return new Step(known, null, AskDown: false);
        }

        var (judged, reason) = Verdict.Of(known, now, timing);
        if (judged != known.Judged)
        {
            known = known with { JudgedMono = now.MonoMs, Judged = judged, JudgedReason = reason };
        }

        known = Settle(known);
        var (shown, shownReason) = Verdict.Show(known, now);
        var askDown = ShallAskDown(known, now);
        if (askDown)
        {
            known = known with { DownAskedMono = now.MonoMs };
        }

        return shown == known.State
            ? new Step(known, null, askDown)
            : Change(known, shown, shownReason, now, now.WallMs, askDown);
    }

    /// <summary>The evidence as it stands.</summary>
    public Evidence EvidenceOf(NodeFacts facts, long monoMs) => new()
    {
        Observer = facts.LastObserver.Length > 0 ? facts.LastObserver : seedName,
        Phi = facts.Phi,
        LastHeartbeatMs = facts.HeardMs,
        LastSampleMs = facts.SampleMs,
        Link = LinkOf(facts, monoMs),
        Detail = facts.BrokenMono != NodeFacts.Never ? facts.LinkDetail : "",
        MemberStatus = facts.Member == MemberPhase.None ? "" : facts.Member.ToString(),
    };

    private LinkState LinkOf(NodeFacts facts, long monoMs) =>
        facts.BrokenMono != NodeFacts.Never ? facts.Link
        : facts.HeardMono == NodeFacts.Never || facts.Awaited ? LinkState.LinkUnknown
        : monoMs - facts.SilentSinceMono > timing.OverdueMs ? LinkState.LinkSilent
        : LinkState.LinkAlive;

    /// <summary>What a verdict itself makes obsolete.</summary>
    private static NodeFacts Settle(NodeFacts f) => f.Judged switch
    {
        AvailabilityState.AvailabilityUp or AvailabilityState.AvailabilityJoining when f.Restarted || f.DownAskedMono != NodeFacts.Never =>
            f with { Restarted = false, DownAskedMono = NodeFacts.Never },
        AvailabilityState.AvailabilityDown or AvailabilityState.AvailabilityLeft when f.Confirmed => f with { Confirmed = false },
        _ => f,
    };

    private Step Change(NodeFacts facts, AvailabilityState to, string reason, Moment now, long atMs, bool askDown)
    {
        // A clock that was stepped back must not put a transition before the last one.
        var at = Math.Max(atMs, facts.SinceMs);
        var change = new StateChanged
        {
            NodeId = facts.NodeId,
            Name = facts.Name,
            TimeMs = at,
            From = facts.State,
            To = to,
            Reason = reason,
            Evidence = EvidenceOf(facts, now.MonoMs),
        };
        return new Step(facts with { State = to, SinceMs = at, Reason = reason }, change, askDown);
    }

    /// <summary>Also one that died while it was leaving blocks the cluster until it is removed.</summary>
    private bool ShallAskDown(NodeFacts facts, Moment now) =>
        (facts.Judged == AvailabilityState.AvailabilityUnreachable
            || (facts.UnreachableBy is not null && facts.Judged is (AvailabilityState.AvailabilityLeft or AvailabilityState.AvailabilityDown)))
        && facts.Member != MemberPhase.None
        && TimeIsUp(facts, now)
        && now.MonoMs - facts.DownAskedMono >= timing.DownAgainMs;

    private bool TimeIsUp(NodeFacts facts, Moment now) =>
        facts.DownAskedMono != NodeFacts.Never || now.MonoMs - facts.JudgedMono >= timing.DownAfterMs;

    /// <summary>
    /// No seed was watching: what was said before is neither true nor false now. Only a goodbye keeps its meaning.
    /// </summary>
    private Step Miss(NodeFacts facts, NodeInput.SeedAbsent absent, Moment now)
    {
        var left = facts.Judged == AvailabilityState.AvailabilityLeft;
        var reason = $"no seed was watching from {Words.Time(absent.FromMs)} to {Words.Time(absent.ToMs)} UTC";
        var known = facts with
        {
            Awaited = !left,
            AbsenceReason = reason,
            WatchedSinceMono = now.MonoMs,
            HeardMono = NodeFacts.Never,
            SampleMono = NodeFacts.Never,
            Phi = 0,
            Link = LinkState.LinkUnknown,
            BrokenMono = NodeFacts.Never,
            RemovedMono = NodeFacts.Never,
            UnreachableBy = null,
            LastObserver = "",
            Member = MemberPhase.None,
            Confirmed = false,
            Restarted = false,
            DownAskedMono = NodeFacts.Never,
        };
        if (left || facts.State == AvailabilityState.AvailabilityUnspecified)
        {
            return new Step(known, null, AskDown: false);
        }

        known = known with { Judged = AvailabilityState.AvailabilityUnknown, JudgedReason = reason, JudgedMono = now.MonoMs };
        var expected = facts.State == AvailabilityState.AvailabilityExpectedOff && facts.InMaintenance(now.WallMs);
        return expected || facts.State == AvailabilityState.AvailabilityUnknown
            ? new Step(known, null, AskDown: false)
            : Change(known, AvailabilityState.AvailabilityUnknown, reason, now, absent.FromMs, askDown: false);
    }

    private NodeFacts Learn(NodeFacts f, NodeInput input, Moment now) => input switch
    {
        NodeInput.Sample s when s.Incarnation == f.Incarnation && !f.Goodbye => LearnSample(f, now),
        NodeInput.Frame s when s.AtMonoMs > f.HeardMono && f.SameProcess => Heard(f, s.AtMonoMs, now) with { Phi = s.Phi },
        NodeInput.Frame s => f with { Phi = s.Phi },
        NodeInput.Hello h => LearnHello(f, h.Incarnation, now),
        NodeInput.LinkOpened => f with { Link = LinkState.LinkAlive },
        NodeInput.LinkClosed c => f with { BrokenMono = now.MonoMs, LinkDetail = c.Detail, Link = LinkState.LinkBroken },
        NodeInput.Member m => LearnMember(f, m.Phase),
        NodeInput.MemberGone g => LearnGone(f, g.Previous, now),
        NodeInput.Unreachable u => f with { UnreachableBy = u.Observer, LastObserver = u.Observer },
        NodeInput.Reachable => f.SameProcess
            ? Heard(f, now.MonoMs, now) with { UnreachableBy = null, LastObserver = "" }
            : f with { UnreachableBy = null, LastObserver = "" },
        NodeInput.Maintenance m => f with { MaintenanceFromMs = m.FromMs, MaintenanceToMs = m.ToMs, MaintenanceWhy = m.Why },
        NodeInput.WatchResumed => f with { WatchedSinceMono = now.MonoMs },
        _ => f,
    };

    private static NodeFacts Heard(NodeFacts f, long monoMs, Moment now) => f with
    {
        HeardMono = monoMs,
        HeardMs = now.WallOf(monoMs),
        Awaited = false,
        Link = LinkState.LinkAlive,
        BrokenMono = NodeFacts.Never,
        LinkDetail = "",
        Phi = 0,
    };

    private static NodeFacts LearnSample(NodeFacts f, Moment now)
    {
        if (f.BrokenMono != NodeFacts.Never && now.MonoMs - f.BrokenMono < StragglerMs)
        {
            return f with { SampleMs = now.WallMs };
        }

        return Heard(f, now.MonoMs, now) with { SampleMono = now.MonoMs, SampleMs = now.WallMs, Confirmed = true, RemovedMono = NodeFacts.Never };
    }

    private static NodeFacts LearnHello(NodeFacts f, ulong incarnation, Moment now)
    {
        var same = incarnation == f.Incarnation;
        var returns = f.Judged is AvailabilityState.AvailabilityDown or AvailabilityState.AvailabilityLeft or AvailabilityState.AvailabilityUnknown;
        return Heard(f, now.MonoMs, now) with
        {
            Incarnation = incarnation,
            Confirmed = f.Confirmed && same && !returns,
            Restarted = f.Restarted || (!same && f.Incarnation != 0),
            Goodbye = false,
            RemovedMono = NodeFacts.Never,
            UnreachableBy = same ? f.UnreachableBy : null,
        };
    }

    private static NodeFacts LearnMember(NodeFacts f, MemberPhase phase) => phase switch
    {
        MemberPhase.Joining => f with { Member = phase, UnreachableBy = null },
        MemberPhase.Up => f with { Member = phase, Confirmed = true },
        MemberPhase.Leaving or MemberPhase.Exiting => f with { Member = phase, Goodbye = true },
        _ => f with { Member = phase },
    };

    private NodeFacts LearnGone(NodeFacts f, MemberPhase previous, Moment now)
    {
        var gone = f with { Member = MemberPhase.None, UnreachableBy = null };
        return previous switch
        {
            MemberPhase.Exiting => gone with { Goodbye = true },

            // Removed before its time: a newer incarnation took its place. That ends no outage and begins none.
            MemberPhase.Down when f.Judged == AvailabilityState.AvailabilityUnreachable && TimeIsUp(f, now) => gone with { RemovedMono = now.MonoMs },
            _ => gone,
        };
    }
}

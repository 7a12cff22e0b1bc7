using ClusterMonitor.Messages;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Membership;

/// <summary>
/// Brings what comes from agents, cluster and transport to the node it is about, and collects what follows.
/// Pure but for its own memory: the actor around it has the clock, the journal and the cluster.
/// </summary>
/// <param name="book">Nodes and ledgers.</param>
/// <param name="machine">The rules.</param>
internal sealed class FleetWatch(MembershipBook book, NodeStateMachine machine)
{
    /// <summary>When nothing at all was done for this long, the seed itself was held up.</summary>
    private const long HeldUpMs = 1_500;

    /// <summary>When it was held up for this long, nobody was watching.</summary>
    private const long BlindMs = 10_000;

    /// <summary>The same refusal is written down again only after this.</summary>
    private const long RefusalAgainMs = 600_000;

    private readonly MemberTable _members = new();
    private readonly Dictionary<(string Id, string Name, string Reason), long> _refusedMono = [];
    private Moment _last;

    /// <summary>Nodes and ledgers.</summary>
    public MembershipBook Book => book;

    /// <summary>After recovery: the time since a seed last watched is unknown.</summary>
    public MembershipEffects Start(Moment now)
    {
        _last = now;
        var effects = new MembershipEffects();
        foreach (var node in book.Nodes.Values)
        {
            node.Recall();
            if (node.Address is { } address)
            {
                _members.Bind(address, node.Hello.NodeId);
            }

            Feed(node, new NodeInput.SeedAbsent(book.LastWatchedMs, Math.Max(now.WallMs, book.LastWatchedMs)), now, effects);
            effects.IdentityChanged(node.Hello.NodeId);
        }

        return effects;
    }

    /// <summary>An agent says who it is, from <paramref name="address"/>.</summary>
    /// <returns>Null in <paramref name="refusal"/>: it may stream.</returns>
    public MembershipEffects Hello(NodeHello hello, Address address, Moment now, out HelloRefused? refusal)
    {
        var effects = Enter(now);
        var known = book.Find(hello.NodeId);
        refusal = ClaimDecisions.Refusal(hello, Claimant(known, now), Claimant(book.FindByName(hello.Name), now))
            ?? (known is not null && IsAlive(known, now) ? ClaimDecisions.CopiedKey(hello, known.Facts.Incarnation, known.Address, address) : null);
        if (refusal is not null)
        {
            Refuse(hello, address, refusal, now, effects);
            return effects;
        }

        var (before, from) = (known?.Hello, known?.Address);
        var kept = Stripped(hello, address);
        if (before is null || !before.Equals(kept))
        {
            Registered(kept, before, from, now, effects);
        }

        var node = book.Find(hello.NodeId)!;
        _members.Bind(address, hello.NodeId);
        Feed(node, new NodeInput.Hello(hello.Incarnation), now, effects);
        HandOver(node, _members.Of(address), now, effects);
        return effects;
    }

    /// <summary>A live sample arrived.</summary>
    public MembershipEffects Sample(SampleSeen sample, Moment now)
    {
        var effects = Enter(now);
        if (book.Find(sample.NodeId) is { } node)
        {
            node.SkewMs = sample.SkewMs;
            Feed(node, new NodeInput.Sample(sample.Incarnation), now, effects);
        }

        return effects;
    }

    /// <summary>The cluster's word on an address.</summary>
    /// <param name="address">Whose.</param>
    /// <param name="phase">The member's phase now.</param>
    /// <param name="isSeed">Seeds are never taken out by another.</param>
    /// <param name="now">When.</param>
    public MembershipEffects Member(Address address, MemberPhase phase, bool isSeed, Moment now)
    {
        var entry = _members.Of(address) with { Phase = phase, MayBeDowned = !isSeed };
        _members.Set(address, phase == MemberPhase.Joining ? entry with { UnreachableBy = null, DownAskedMono = NodeFacts.Never } : entry);
        return About(address, new NodeInput.Member(phase), now);
    }

    /// <summary>The cluster forgot an address.</summary>
    public MembershipEffects MemberGone(Address address, MemberPhase previous, Moment now)
    {
        _members.Set(address, new MemberTable.Entry());
        return About(address, new NodeInput.MemberGone(previous), now);
    }

    /// <summary>A failure detector gave an address up.</summary>
    public MembershipEffects Unreachable(Address address, string observer, Moment now)
    {
        _members.Set(address, _members.Of(address) with { UnreachableBy = observer, UnreachableMono = now.MonoMs });
        return About(address, new NodeInput.Unreachable(observer), now);
    }

    /// <summary>The failure detectors hear an address again.</summary>
    public MembershipEffects Reachable(Address address, Moment now)
    {
        _members.Set(address, _members.Of(address) with { UnreachableBy = null });
        return About(address, new NodeInput.Reachable(), now);
    }

    /// <summary>A link to an address stands.</summary>
    public MembershipEffects LinkOpened(Address address, Moment now) => About(address, new NodeInput.LinkOpened(), now);

    /// <summary>The link to an address broke.</summary>
    public MembershipEffects LinkClosed(Address address, string detail, Moment now) => About(address, new NodeInput.LinkClosed(detail), now);

    /// <summary>Time passes. <paramref name="evidence"/> tells what the engine last heard.</summary>
    public MembershipEffects Tick(IPeerEvidence evidence, Moment now)
    {
        var effects = Enter(now);
        foreach (var node in book.Nodes.Values)
        {
            // Who sampled a moment ago needs no other witness.
            var sampled = now.MonoMs - node.Facts.SampleMono <= machine.Timing.OverdueMs / 2;
            if (sampled && node.Facts is { State: AvailabilityState.AvailabilityUp, SameProcess: true })
            {
                continue;
            }

            if (!sampled
                && node.Address is { } address
                && evidence.Of(address) is { } sign)
            {
                Feed(node, new NodeInput.Frame(now.MonoMs - sign.SilentMs, sign.Phi), now, effects);
            }
            else
            {
                Feed(node, NodeInput.Tick.Now, now, effects);
            }
        }

        foreach (var orphan in _members.Orphans(now.MonoMs, machine.Timing))
        {
            _members.Set(orphan, _members.Of(orphan) with { DownAskedMono = now.MonoMs });
            effects.Down(orphan);
        }

        return effects;
    }

    /// <summary>An operator announces an absence; 0 ends it.</summary>
    public MembershipEffects Maintenance(NodeRecord node, SetMaintenance set, Moment now)
    {
        var effects = Enter(now);
        var announced = new MaintenanceSet
        {
            NodeId = node.Hello.NodeId,
            FromMs = now.WallMs,
            ToMs = set.ForMs == 0 ? 0 : now.WallMs + set.ForMs,
            Why = set.Why,
            Who = set.Who,
        };
        Write(announced, effects);
        Feed(node, new NodeInput.Maintenance(announced.FromMs, announced.ToMs, announced.Why), now, effects);
        return effects;
    }

    /// <summary>An operator removes a node and all that is known of it.</summary>
    public MembershipEffects Forget(NodeRecord node, string who, Moment now)
    {
        var effects = Enter(now);
        _members.Unbind(node.Hello.NodeId);
        Write(new NodeForgotten { NodeId = node.Hello.NodeId, TimeMs = now.WallMs, Who = who }, effects);
        return effects;
    }

    /// <summary>Is its link alive?</summary>
    public bool IsAlive(NodeRecord node, Moment now) => node.Facts.IsAlive(now.MonoMs, machine.Timing);

    /// <summary>The evidence as it stands.</summary>
    public Evidence EvidenceOf(NodeRecord node, Moment now) => machine.EvidenceOf(node.Facts, now.MonoMs);

    /// <summary>The schema stays with the aggregate; the rest that changes with every hello is no news.</summary>
    private static NodeHello Stripped(NodeHello hello, Address address)
    {
        var kept = hello.Clone();
        kept.Schema = null;
        kept.ClockMs = 0;
        kept.OldestUnackedSequence = 0;
        kept.Address = address.ToString();
        return kept;
    }

    private MembershipEffects Enter(Moment now)
    {
        var effects = new MembershipEffects();
        var heldUp = now.MonoMs - _last.MonoMs;
        if (heldUp > HeldUpMs)
        {
            NodeInput input = heldUp > BlindMs ? new NodeInput.SeedAbsent(_last.WallMs, Math.Max(_last.WallMs, now.WallMs)) : new NodeInput.WatchResumed();
            foreach (var node in book.Nodes.Values)
            {
                Feed(node, input, now, effects);
            }
        }

        _last = now;
        return effects;
    }

    private MembershipEffects About(Address address, NodeInput input, Moment now)
    {
        var effects = Enter(now);
        if (_members.NodeOf(address) is { } id && book.Find(id) is { } node)
        {
            Feed(node, input, now, effects);
        }

        return effects;
    }

    private void Feed(NodeRecord node, NodeInput input, Moment now, MembershipEffects effects)
    {
        var step = machine.Step(node.Facts, input, now);
        node.Facts = step.Facts;
        if (step.Change is { } change)
        {
            Write(change, effects);
            if (change.To is AvailabilityState.AvailabilityDown or AvailabilityState.AvailabilityLeft)
            {
                effects.AgentGone(change.NodeId, node.Facts.Incarnation);
            }
            else if (change.To is AvailabilityState.AvailabilitySuspect)
            {
                // It may be worse than that already.
                Feed(node, NodeInput.Tick.Now, now, effects);
            }
        }

        if (step.AskDown && node.Address is { } address && _members.Of(address).MayBeDowned)
        {
            effects.Down(address);
        }
    }

    private void Registered(NodeHello hello, NodeHello? before, Address? from, Moment now, MembershipEffects effects)
    {
        var loser = book.FindByName(hello.Name) is { } owner && owner.Hello.NodeId != hello.NodeId ? owner : null;
        Write(new NodeRegistered { Hello = hello, TimeMs = now.WallMs }, effects);
        effects.IdentityChanged(hello.NodeId);
        if (loser is not null)
        {
            effects.IdentityChanged(loser.Hello.NodeId);
        }

        if (before is null || before.Incarnation == hello.Incarnation)
        {
            return;
        }

        effects.AgentGone(before.NodeId, before.Incarnation);
        if (before.Address != hello.Address && from is { } old && _members.Of(old) is { Phase: not MemberPhase.None, MayBeDowned: true })
        {
            // The old process will not be heard of again; its member would block the cluster until it is removed.
            effects.Down(old);
        }
    }

    /// <summary>What cluster and detectors said of the address before its node was known.</summary>
    private void HandOver(NodeRecord node, MemberTable.Entry entry, Moment now, MembershipEffects effects)
    {
        if (entry.Phase != node.Facts.Member)
        {
            Feed(node, new NodeInput.Member(entry.Phase), now, effects);
        }

        if (entry.UnreachableBy is { } observer)
        {
            Feed(node, new NodeInput.Unreachable(observer), now, effects);
        }
    }

    /// <summary>A peer was refused for what its certificate does not let it do.</summary>
    public MembershipEffects Refused(PeerRefused refused, Moment now)
    {
        var effects = Enter(now);
        Refuse((refused.Who, refused.Name, refused.Reason), refused.Who, now, effects);
        return effects;
    }

    private void Refuse(NodeHello hello, Address address, HelloRefused refusal, Moment now, MembershipEffects effects) =>
        Refuse((hello.NodeId, hello.Name, refusal.Text), $"{hello.NodeId} at {address}", now, effects);

    private void Refuse((string Id, string Name, string Text) key, string claimedBy, Moment now, MembershipEffects effects)
    {
        if (now.MonoMs - _refusedMono.GetValueOrDefault(key, NodeFacts.Never) < RefusalAgainMs)
        {
            return;
        }

        // Claims come from anybody with a certificate: what is remembered of them stays bounded.
        if (_refusedMono.Count >= MembershipBook.MaxRefusals)
        {
            _refusedMono.Clear();
        }

        _refusedMono[key] = now.MonoMs;
        Write(
            new ClaimRefused { TimeMs = now.WallMs, Name = key.Name, ClaimedBy = claimedBy, Reason = key.Text },
            effects);
    }

    private Claimant? Claimant(NodeRecord? node, Moment now)
    {
        if (node is null)
        {
            return null;
        }

        var holds = IsAlive(node, now) || (node.Facts.Awaited && node.Facts.Judged == AvailabilityState.AvailabilityUnknown);
        return new Claimant(node.Hello.NodeId, node.Hello.Address, node.Facts.Incarnation, node.Hello.StartedMs, holds, node.Replaced);
    }

    private void Write(IMessage e, MembershipEffects effects)
    {
        book.Apply(e);
        effects.Persist(e);
    }
}

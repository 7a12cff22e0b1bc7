using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using static ClusterMonitor.Messages.AvailabilityState;

namespace ClusterMonitor.Seed.Tests.Membership;

public sealed class FleetWatchTests
{
    private static readonly Address AtB = new("akka.ssl.tcp", "clustermonitor", "10.0.0.2", 4100);
    private static readonly Address AtC = new("akka.ssl.tcp", "clustermonitor", "10.0.0.3", 4100);

    private readonly FleetWatch _watch;
    private readonly List<StateChanged> _changes = [];
    private readonly List<Address> _downs = [];
    private Moment _now = new(1_700_000_000_000, 5_000);

    public FleetWatchTests()
        : this(new MembershipBook())
    {
    }

    private FleetWatchTests(MembershipBook book)
    {
        _watch = new FleetWatch(book, new NodeStateMachine("seed-1", AvailabilityTiming.Of(2_700, 20_000)));
        Take(_watch.Start(_now));
    }

    private static NodeHello Hello(string id, string name, ulong incarnation = 1, long started = 1_000) => new()
    {
        NodeId = id,
        Name = name,
        Incarnation = incarnation,
        StartedMs = started,
        ClockMs = 77,
        Schema = new SchemaAnnounced { Hash = 5 },
    };

    private AvailabilityState StateOf(string id) => _watch.Book.Find(id)!.Facts.State;

    private MembershipEffects Take(MembershipEffects effects)
    {
        _changes.AddRange(effects.Events.OfType<StateChanged>());
        _downs.AddRange(effects.Downs);
        return effects;
    }

    private HelloRefused? Claim(NodeHello hello, Address address)
    {
        Take(_watch.Hello(hello, address, _now, out var refusal));
        return refusal;
    }

    private void Sample(string id, ulong incarnation = 1, long skew = 0) =>
        Take(_watch.Sample(new SampleSeen(id, incarnation, _now.WallMs, skew), _now));

    private void Wait(long ms, Action? eachTick = null)
    {
        for (var left = ms; left > 0; left -= 200)
        {
            _now = new Moment(_now.WallMs + 200, _now.MonoMs + 200);
            eachTick?.Invoke();
            Take(_watch.Tick(new NoPeerEvidence(), _now));
        }
    }

    [Fact]
    public void A_hello_is_written_down_without_what_changes_each_time()
    {
        var effects = Take(_watch.Hello(Hello("id-b", "b"), AtB, _now, out var refusal));
        Assert.Null(refusal);
        var registered = Assert.Single(effects.Events.OfType<NodeRegistered>());
        Assert.Null(registered.Hello.Schema);
        Assert.Equal(0, registered.Hello.ClockMs);
        Assert.Equal(AtB.ToString(), registered.Hello.Address);

        var again = Hello("id-b", "b");
        again.ClockMs = 99;
        Assert.Empty(_watch.Hello(again, AtB, _now, out _).Events.OfType<NodeRegistered>());
    }

    [Fact]
    public void What_the_cluster_said_before_the_hello_counts_for_the_node()
    {
        Take(_watch.Member(AtB, MemberPhase.Up, isSeed: false, _now));
        Claim(Hello("id-b", "b"), AtB);
        Assert.Equal(AvailabilityUp, StateOf("id-b"));
    }

    [Fact]
    public void News_of_an_address_is_news_of_the_node_there_and_of_no_other()
    {
        Claim(Hello("id-b", "b"), AtB);
        Claim(Hello("id-c", "c"), AtC);
        Sample("id-b");
        Sample("id-c");
        Take(_watch.LinkClosed(AtB, "link closed", _now));
        Assert.Equal(AvailabilitySuspect, StateOf("id-b"));
        Assert.Equal(AvailabilityUp, StateOf("id-c"));
    }

    [Fact]
    public void A_name_is_refused_while_its_owner_is_connected_and_the_refusal_is_written_down_once()
    {
        Claim(Hello("id-b", "b"), AtB);
        Assert.NotNull(Claim(Hello("id-c", "b"), AtC));
        Assert.NotNull(Claim(Hello("id-c", "b"), AtC));
        var refused = Assert.Single(_watch.Book.Refusals);
        Assert.Contains("id-c", refused.ClaimedBy, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_whose_owner_is_gone_passes_on_and_the_old_owner_keeps_its_history_under_another()
    {
        Claim(Hello("id-b-0123456", "b"), AtB);
        Sample("id-b-0123456");
        Take(_watch.LinkClosed(AtB, "link closed", _now));
        Assert.Null(Claim(Hello("id-c", "b"), AtC));
        Assert.Equal("id-c", _watch.Book.FindByName("b")!.Hello.NodeId);
        Assert.Equal("b~id-b-012", _watch.Book.Find("id-b-0123456")!.Hello.Name);
        Assert.NotEmpty(_watch.Book.Find("id-b-0123456")!.Ledger.Transitions);
    }

    [Fact]
    public void A_renamed_host_keeps_its_ledger()
    {
        Claim(Hello("id-b", "b"), AtB);
        Sample("id-b");
        Assert.Null(Claim(Hello("id-b", "new-name", incarnation: 2, started: 2_000), AtB));
        Assert.Null(_watch.Book.FindByName("b"));
        Assert.Equal(3, _watch.Book.FindByName("new-name")!.Ledger.Transitions.Count);
    }

    [Fact]
    public void A_newer_incarnation_elsewhere_seals_the_old_one_and_takes_its_member_out()
    {
        Claim(Hello("id-b", "b"), AtB);
        Take(_watch.Member(AtB, MemberPhase.Up, isSeed: false, _now));
        Take(_watch.LinkClosed(AtB, "link closed", _now));
        var effects = Take(_watch.Hello(Hello("id-b", "b", incarnation: 2, started: 2_000), AtC, _now, out var refusal));
        Assert.Null(refusal);
        Assert.Equal([new AgentGone("id-b", 1)], effects.Gone);
        Assert.Equal([AtB], effects.Downs);
    }

    [Fact]
    public void A_copied_key_on_another_machine_is_refused_while_the_first_one_is_connected_and_both_are_shown()
    {
        Claim(Hello("id-b", "b"), AtB);
        Sample("id-b");
        var effects = Take(_watch.Hello(Hello("id-b", "b", incarnation: 2, started: 2_000), AtC, _now, out var refusal));
        Assert.Equal(HelloRefusal.NotAuthorized, refusal?.Reason);
        var shown = Assert.Single(effects.Events.OfType<ClaimRefused>());
        Assert.Contains("10.0.0.3", shown.ClaimedBy, StringComparison.Ordinal);
        Assert.Contains("is connected from 10.0.0.2", shown.Reason, StringComparison.Ordinal);
        Assert.Contains("Seed cert revoke b", shown.Reason, StringComparison.Ordinal);
        Assert.Equal(AvailabilityUp, StateOf("id-b"));
        Assert.Empty(_downs);
    }

    [Fact]
    public void The_same_refusal_of_a_peer_is_written_down_once()
    {
        var refused = new PeerRefused("web-1", "agent at 10.0.0.3", "the certificate of web-1 was revoked");
        Assert.Single(_watch.Refused(refused, _now).Events);
        Assert.Empty(_watch.Refused(refused, _now).Events);
        Assert.Single(_watch.Refused(refused with { Name = "web-2" }, _now).Events);
    }

    [Fact]
    public void A_dead_node_is_taken_out_of_the_cluster_once_its_time_is_up()
    {
        Claim(Hello("id-b", "b"), AtB);
        Take(_watch.Member(AtB, MemberPhase.Up, isSeed: false, _now));
        Sample("id-b");
        Take(_watch.LinkClosed(AtB, "link closed", _now));
        Take(_watch.Unreachable(AtB, "seed-1", _now));
        Wait(19_800);
        Assert.Empty(_downs);
        Wait(400);
        Assert.Equal([AtB], _downs);
        Take(_watch.MemberGone(AtB, MemberPhase.Down, _now));
        Assert.Equal(AvailabilityDown, StateOf("id-b"));
    }

    [Fact]
    public void Who_becomes_unreachable_was_suspect_before_even_when_the_detector_speaks_first()
    {
        Claim(Hello("b", "b"), AtB);
        Sample("b");
        Wait(2_600);
        _now = new Moment(_now.WallMs + 150, _now.MonoMs + 150);

        Take(_watch.Unreachable(AtB, "seed-1", _now));

        Assert.Equal([AvailabilityJoining, AvailabilityUp, AvailabilitySuspect, AvailabilityUnreachable], _changes.Select(c => c.To));
    }

    [Fact]
    public void An_unreachable_member_that_never_said_hello_is_taken_out_as_well()
    {
        Take(_watch.Member(AtB, MemberPhase.Joining, isSeed: false, _now));
        Take(_watch.Unreachable(AtB, "seed-1", _now));
        Wait(20_200);
        Assert.Equal([AtB], _downs);
    }

    [Fact]
    public void A_seed_is_never_taken_out()
    {
        Claim(Hello("id-s", "s"), AtB);
        Take(_watch.Member(AtB, MemberPhase.Up, isSeed: true, _now));
        Take(_watch.Unreachable(AtB, "seed-1", _now));
        Wait(60_000);
        Assert.Empty(_downs);
    }

    [Fact]
    public void A_seed_that_was_held_up_for_a_moment_blames_nobody()
    {
        Claim(Hello("id-b", "b"), AtB);
        Sample("id-b");
        _now = new Moment(_now.WallMs + 6_000, _now.MonoMs + 6_000);
        Take(_watch.Tick(new NoPeerEvidence(), _now));
        Assert.Equal(AvailabilityUp, StateOf("id-b"));
    }

    [Fact]
    public void A_seed_that_was_stopped_for_long_did_not_watch()
    {
        Claim(Hello("id-b", "b"), AtB);
        Sample("id-b");
        var stopped = _now.WallMs;
        _now = new Moment(_now.WallMs + 60_000, _now.MonoMs + 60_000);
        Sample("id-b");
        Assert.Equal([AvailabilityUnknown, AvailabilityUp], _changes.TakeLast(2).Select(c => c.To));
        Assert.Equal(stopped, _changes[^2].TimeMs);
    }

    [Fact]
    public void After_a_restart_the_book_is_the_same_and_the_absence_is_unknown()
    {
        Claim(Hello("id-b", "b"), AtB);
        Claim(Hello("id-c", "c"), AtC);
        Sample("id-b");
        Take(_watch.Member(AtC, MemberPhase.Leaving, isSeed: false, _now));

        var book = new MembershipBook();
        book.Load(_watch.Book.ToSnapshot(_now.WallMs));
        var after = new FleetWatchTests(book);
        Assert.Equal(AvailabilityUnknown, after.StateOf("id-b"));
        Assert.Equal(AvailabilityLeft, after.StateOf("id-c"));
        Assert.Equal(_watch.Book.Find("id-b")!.Hello, book.Find("id-b")!.Hello);
    }

    [Fact]
    public void A_name_is_kept_for_its_owner_while_it_may_still_come_back_after_a_restart()
    {
        Claim(Hello("id-b", "b"), AtB);
        var book = new MembershipBook();
        book.Load(_watch.Book.ToSnapshot(_now.WallMs));
        var after = new FleetWatchTests(book);
        Assert.Equal(HelloRefusal.NameTaken, after.Claim(Hello("id-c", "b"), AtC)?.Reason);
        after.Wait(24_000);
        Assert.Null(after.Claim(Hello("id-c", "b"), AtC));
    }

    [Fact]
    public void Replaying_the_events_gives_the_same_book()
    {
        var book = new MembershipBook();
        var events = new List<Google.Protobuf.IMessage>();
        events.AddRange(_watch.Hello(Hello("id-b", "b"), AtB, _now, out _).Events);
        events.AddRange(_watch.LinkClosed(AtB, "link closed", _now).Events);
        events.AddRange(_watch.Hello(Hello("id-c", "b"), AtC, _now, out _).Events);
        events.AddRange(_watch.Maintenance(_watch.Book.Find("id-c")!, new SetMaintenance { ForMs = 5_000, Why = "disk" }, _now).Events);
        events.AddRange(_watch.Hello(Hello("id-d", "b"), AtB, _now, out _).Events);
        events.ForEach(book.Apply);
        Assert.Equal(_watch.Book.ToSnapshot(_now.WallMs), book.ToSnapshot(_now.WallMs));
    }

    [Fact]
    public void A_forgotten_node_is_gone_with_its_name()
    {
        Claim(Hello("id-b", "b"), AtB);
        Take(_watch.Forget(_watch.Book.Find("id-b")!, "ops", _now));
        Assert.Null(_watch.Book.Find("id-b"));
        Assert.Null(_watch.Book.FindByName("b"));
        Take(_watch.LinkClosed(AtB, "link closed", _now));
    }
}

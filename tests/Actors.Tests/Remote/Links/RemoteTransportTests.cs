using Actors.Core;
using Actors.Remoting;

namespace EngineTests.Remote.Links;

/// <summary>Links between systems, in one thread under virtual time.</summary>
public sealed class RemoteTransportTests
{
    private static readonly TimeSpan Gate = new RemoteSettings().RetryGate;
    private readonly VirtualTime _time = new();
    private readonly MemoryNetwork _network;

    public RemoteTransportTests() => _network = new MemoryNetwork(_time, _time.Post);

    private TestSystem Make(string host, long uid = 1, RemoteSettings? settings = null) => new(_time, _network, host, uid, settings: settings);

    [Fact]
    public void A_message_dials_and_the_answer_goes_back_over_the_same_link()
    {
        var (a, b) = (Make("a"), Make("b"));
        a.Tell(b, "hello");
        _time.Settle();
        b.Tell(a, "hello yourself");
        _time.Settle();

        Assert.Equal(["a:hello"], b.Received);
        Assert.Equal(["b:hello yourself"], a.Received);
        Assert.Equal(("dialled", "accepted"), (a.LinkState(b), b.LinkState(a)));
        Assert.Equal(["AssociatedEvent"], a.EventNames);
        Assert.Equal(["AssociatedEvent"], b.EventNames);
    }

    [Fact]
    public void A_peer_that_cannot_be_dialled_is_answered_over_the_link_it_made()
    {
        var (seed, agent) = (Make("seed"), Make("agent"));
        agent.Transport.EnsureHeartbeat(seed.Address, TimeSpan.FromMilliseconds(500), keepDialling: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        var listener = new HostPort("agent", 4053);
        _network.StopListening(listener);

        seed.Tell(agent, "over your link");
        _time.Settle();

        Assert.Equal(["seed:over your link"], agent.Received);
    }

    [Fact]
    public void Messages_sent_while_dialling_arrive_in_order_before_later_ones()
    {
        var (a, b) = (Make("a"), Make("b"));
        for (var i = 0; i < 50; i++)
        {
            a.Tell(b, $"{i}");
        }

        _time.Settle();
        a.Tell(b, "50");
        _time.Settle();
        Assert.Equal(Enumerable.Range(0, 51).Select(i => $"a:{i}"), b.Received);
    }

    [Fact]
    public void When_nobody_answers_messages_are_dead_letters_and_the_gate_closes_for_a_while()
    {
        var a = Make("a");
        var nowhere = new Address("akka.ssl.tcp", "test", "nowhere", 1);
        a.Tell(nowhere, "first");
        _time.Settle();
        Assert.Equal(["first"], a.Dead);
        Assert.Equal(["AssociationErrorEvent"], a.EventNames);

        a.Tell(nowhere, "gated");
        Assert.Equal(["first", "gated"], a.Dead);

        _time.Advance(Gate);
        a.Tell(nowhere, "dialled again");
        Assert.Equal(2, a.Dead.Count);
        _time.Settle();
        Assert.Equal(3, a.Dead.Count);
        Assert.Equal(["no answer from nowhere:1: connection refused, nothing listens there"], a.Logged);
    }

    [Fact]
    public void A_peer_that_was_restarted_takes_its_place_at_once_and_its_old_life_is_over()
    {
        var (a, old) = (Make("a"), Make("b", 1));
        old.Tell(a, "old");
        _time.Settle();
        a.TellSystem(old, "/lost?");
        _network.StopListening(new HostPort("b", 4053));

        // Nothing tells a that the old one died: its link still looks open.
        var young = Make("b", 2);
        young.Tell(a, "young");
        _time.Settle();

        Assert.Equal(["b:old", "b:young"], a.Received);
        Assert.Equal([young.Address], a.Terminated);
        Assert.Equal(2, a.Transport.Uid(young.Address));
        Assert.Equal(["AssociatedEvent", "DisassociatedEvent", "AssociatedEvent"], a.EventNames);
        Assert.Empty(young.System);
    }

    [Fact]
    public void A_life_that_is_over_does_not_come_back()
    {
        var (a, old) = (Make("a"), Make("b", 1));
        old.Tell(a, "old");
        _time.Settle();
        _network.StopListening(new HostPort("b", 4053));
        var young = Make("b", 2);
        young.Tell(a, "young");
        _time.Settle();
        _network.Reset("a", "b");
        _time.Advance(Gate * 2);

        old.Tell(a, "ghost");
        _time.Settle();

        Assert.Equal(["b:old", "b:young"], a.Received);
        Assert.Contains("ThisActorSystemQuarantinedEvent", old.EventNames);
    }

    [Fact]
    public void An_address_in_use_is_not_given_to_another_certificate()
    {
        var (a, b) = (Make("a"), Make("b", 1));
        b.Tell(a, "mine");
        _time.Settle();
        _network.StopListening(new HostPort("b", 4053));

        var thief = new TestSystem(_time, _network, "b", 2) { };
        var impostor = new RemoteTransport(thief, _network.Transport("b", TestSystem.Identity("thief")), new RemoteSettings { Hostname = "b", Port = 4054, PublicPort = 4053 });
        impostor.Start("test");
        impostor.Send(impostor.Associate(a.Address), new WaitingMessage("stolen", ActorRefs.Nobody, null));
        _time.Settle();

        Assert.Equal(["b:mine"], a.Received);
        Assert.Contains(a.Logged, l => l.Contains("is in use by CN=b", StringComparison.Ordinal));
        Assert.Equal("accepted", a.LinkState(b));
    }

    [Fact]
    public void System_messages_survive_a_broken_link_and_arrive_once()
    {
        var (a, b) = (Make("a"), Make("b"));
        for (var i = 0; i < 20; i++)
        {
            a.TellSystem(b, $"/{i}");
            if (i % 3 == 0)
            {
                _time.Settle();
            }

            if (i % 5 == 2)
            {
                _network.Reset("a", "b");
                _time.Advance(TimeSpan.FromMilliseconds(100 * i));
            }
        }

        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(Enumerable.Range(0, 20).Select(i => $"a:/{i}"), b.System);
    }

    [Fact]
    public void Too_many_undelivered_system_messages_quarantine_the_peer()
    {
        var (a, b) = (Make("a", settings: new RemoteSettings { SystemMessages = 5 }), Make("b"));
        a.Tell(b, "hello");
        _time.Settle();
        _network.Block("b", "a");
        for (var i = 0; i < 6; i++)
        {
            a.TellSystem(b, $"/{i}");
        }

        _time.Settle();
        Assert.Contains("QuarantinedEvent", a.EventNames);
        Assert.Equal([b.Address], a.Terminated);
    }

    [Fact]
    public void A_quarantined_peer_is_told_and_refused_until_it_restarts()
    {
        var (a, b) = (Make("a"), Make("b", 1));
        b.Tell(a, "hello");
        _time.Settle();
        a.Transport.Quarantine(b.Address, 1, "it was removed");
        a.Tell(b, "no more");
        _time.Settle();
        Assert.Equal(["no more"], a.Dead);
        Assert.Equal(["AssociatedEvent", "ThisActorSystemQuarantinedEvent", "DisassociatedEvent"], b.EventNames);

        _time.Advance(Gate);
        b.Tell(a, "please");
        _time.Settle();
        Assert.Equal(["b:hello"], a.Received);

        b.Transport.CloseAsync("restart");
        _time.Settle();
        var young = Make("b", 2);
        young.Tell(a, "here I am");
        _time.Settle();
        a.Tell(young, "welcome");
        _time.Settle();
        Assert.Equal(["b:hello", "b:here I am"], a.Received);
        Assert.Equal(["a:welcome"], young.Received);
    }

    [Fact]
    public void A_promised_heartbeat_comes_in_time_and_only_when_nothing_else_does()
    {
        var (seed, agent) = (Make("seed"), Make("agent"));
        var interval = TimeSpan.FromMilliseconds(500);
        agent.Transport.EnsureHeartbeat(seed.Address, interval, keepDialling: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        var longest = TimeSpan.Zero;
        var last = _time.GetTimestamp();
        seed.Transport.FrameReceived += (from, uid) =>
        {
            Assert.Equal((agent.Address, 1L), (from, uid));
            var gap = _time.GetElapsedTime(last);
            longest = gap > longest ? gap : longest;
            last = _time.GetTimestamp();
        };
        _time.Advance(TimeSpan.FromSeconds(20));
        Assert.InRange(longest, TimeSpan.FromMilliseconds(200), interval);

        var link = seed.Transport.OpenLink(agent.Address)!;
        var before = link.Counters.FramesIn;
        for (var i = 0; i < 100; i++)
        {
            agent.Tell(seed, "busy");
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal(100, link.Counters.FramesIn - before);
        Assert.Equal(0, seed.Transport.OpenLink(agent.Address)!.Counters.FramesOut - 1);
    }

    [Fact]
    public void Who_keeps_dialling_is_back_soon_after_the_peer_is()
    {
        var (seed, agent) = (Make("seed"), Make("agent"));
        agent.Transport.EnsureHeartbeat(seed.Address, TimeSpan.FromMilliseconds(500), keepDialling: true);
        _time.Advance(TimeSpan.FromSeconds(1));
        seed.Transport.CloseAsync("killed");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal("none", agent.LinkState(seed));
        Assert.InRange(agent.Logged.Count, 1, 3);

        var young = Make("seed", 2);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("dialled", agent.LinkState(young));
        Assert.Equal([young.Address], agent.Terminated);
    }

    [Fact]
    public void A_peer_dialled_by_another_name_is_one_peer_under_the_name_it_gives_itself()
    {
        var (a, b) = (Make("a"), new TestSystem(_time, _network, "b", 1, settings: new RemoteSettings { PublicHostname = "b.example" }));
        var alias = new Address("akka.ssl.tcp", "test", "b", 4053);
        a.Tell(alias, "by its alias");
        _time.Settle();
        a.Tell(b.Address, "by its name");
        _time.Settle();
        Assert.Equal(["a:by its alias", "a:by its name"], b.Received);
        Assert.Single(a.Transport.OpenLinks());

        _network.Reset("a", "b");
        _time.Advance(Gate * 2);
        a.Tell(b.Address, "again by its name");
        _time.Settle();
        a.Tell(alias, "again by its alias");
        _time.Settle();
        Assert.Equal(["a:again by its name", "a:again by its alias"], b.Received.Skip(2));
        Assert.Single(b.Transport.OpenLinks());
    }

    [Fact]
    public void Another_actor_system_name_at_that_port_is_refused_with_the_reason()
    {
        var a = Make("a");
        var b = new TestSystem(_time, _network, "b", 1, system: "other");
        a.Tell(new Address("akka.ssl.tcp", "test", "b", 4053), "hello");
        _time.Settle();
        Assert.Equal(["hello"], a.Dead);
        Assert.Equal(["no answer from b:4053: refused by the peer: this is the actor system 'other', not 'test'"], a.Logged);
        Assert.Empty(b.Received);
    }

    [Fact]
    public void A_policy_refuses_at_the_handshake_and_later_on_a_live_link()
    {
        var (a, b) = (Make("a"), Make("b"));
        b.Tell(a, "welcome");
        _time.Settle();
        a.Policy = peer => peer.CommonName == "b" ? "its certificate is revoked" : null;
        a.Transport.RecheckPeers();
        _time.Settle();
        Assert.Equal("none", b.LinkState(a));
        Assert.Contains(b.Logged, l => l.EndsWith("closed: its certificate is revoked", StringComparison.Ordinal));

        _time.Advance(Gate);
        b.Tell(a, "again");
        _time.Settle();
        Assert.Equal(["b:welcome"], a.Received);
        Assert.Contains("no answer from a:4053: refused by the peer: its certificate is revoked", b.Logged);
    }

    [Fact]
    public void A_message_larger_than_a_frame_may_be_is_a_dead_letter_and_the_link_lives_on()
    {
        var (a, b) = (Make("a", settings: new RemoteSettings { MaximumFrameSize = 5_000 }), Make("b"));
        a.Tell(b, "small");
        a.Tell(b, new string('x', 6_000));
        a.Tell(b, "small again");
        _time.Settle();
        Assert.Equal(["a:small", "a:small again"], b.Received);
        Assert.Single(a.Dead);
        Assert.Equal(1, a.Transport.DroppedMessages);
    }

    [Fact]
    public void What_does_not_fit_into_the_queue_is_counted_and_a_dead_letter()
    {
        var (a, b) = (Make("a", settings: new RemoteSettings { QueueBytes = 10_000, WaitingMessages = 10 }), Make("b"));
        for (var i = 0; i < 15; i++)
        {
            a.Tell(b, "waits for the dial");
        }

        Assert.Equal(5, a.Dead.Count);
        _time.Settle();
        for (var i = 0; i < 100; i++)
        {
            a.Tell(b, new string('x', 1_000));
        }

        _time.Settle();
        Assert.Equal(100 + 15, a.Dead.Count + b.Received.Count);
        Assert.Equal(a.Dead.Count, a.Transport.DroppedMessages);
        Assert.InRange(a.Dead.Count, 90, 98);
    }

    [Fact]
    public void Those_who_are_watched_and_silent_are_reported_once_the_pause_is_over()
    {
        var (a, b) = (Make("a"), Make("b"));
        a.Tell(b, "hello");
        _time.Settle();
        a.Transport.SetWatches(b.Address, watching: true, watchedByPeer: false);
        b.Transport.SetWatches(a.Address, watching: false, watchedByPeer: true);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.Empty(a.SilentOnes);

        _network.Block("b", "a");
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Empty(a.SilentOnes);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(b.Address, a.SilentOnes.First());
    }

    [Fact]
    public void An_address_nobody_uses_any_more_is_forgotten_and_works_again_when_used()
    {
        var (a, b) = (Make("a"), Make("b"));
        b.Tell(a, "hello");
        _time.Settle();
        var held = a.Transport.Associate(b.Address);
        b.Transport.CloseAsync("gone");
        _time.Advance(TimeSpan.FromMinutes(30));
        Assert.True(held.Forgotten);

        var back = Make("b", 1);
        a.Transport.Send(held, new WaitingMessage("still there?", ActorRefs.Nobody, null));
        _time.Settle();
        Assert.Equal(["a:still there?"], back.Received);
    }

    [Fact]
    public async Task Closing_the_system_says_goodbye_to_all()
    {
        var (a, b) = (Make("a"), Make("b"));
        a.Tell(b, "hello");
        _time.Settle();
        var closed = a.Transport.CloseAsync("the system is shutting down");
        _time.Settle();
        await closed.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["AssociatedEvent", "DisassociatedEvent"], b.EventNames);
        Assert.Contains(b.Logged, l => l.EndsWith("closed: the system is shutting down", StringComparison.Ordinal));
    }

    [Fact]
    public void The_smaller_of_both_frame_sizes_counts()
    {
        var (a, b) = (Make("a"), Make("b", settings: new RemoteSettings { MaximumFrameSize = 5_000 }));
        a.Tell(b, "hello");
        _time.Settle();
        a.Tell(b, new string('x', 6_000));
        a.Tell(b, "still linked");
        _time.Settle();
        Assert.Equal(["a:hello", "a:still linked"], b.Received);
        Assert.Single(a.Dead);
    }

    [Fact]
    public void A_peer_that_takes_no_system_messages_for_minutes_is_given_up_unless_it_is_dialled_for_ever()
    {
        var (agent, seed, dashboard) = (Make("agent"), Make("seed"), Make("dashboard"));
        agent.Transport.EnsureHeartbeat(seed.Address, TimeSpan.FromMilliseconds(500), keepDialling: true);
        agent.Tell(dashboard, "hello");
        _time.Advance(TimeSpan.FromSeconds(1));
        seed.Transport.CloseAsync("");
        dashboard.Transport.CloseAsync("");
        _time.Settle();
        agent.TellSystem(seed, "/patient");
        agent.TellSystem(dashboard, "/in vain");
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal([dashboard.Address], agent.Terminated);
        Assert.Equal([dashboard.Address], agent.Events.OfType<QuarantinedEvent>().Select(e => e.Address));

        var back = Make("seed");
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(["agent:/patient"], back.System);
    }

    [Fact]
    public void A_network_as_slow_as_the_time_outs_never_leaves_a_dead_link_in_use()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var dice = new Random(seed);
            var time = new VirtualTime();
            var slow = true;
            var network = new MemoryNetwork(time, time.Post) { Latency = (_, _) => slow ? TimeSpan.FromMilliseconds(dice.Next(0, 7) * 500) : TimeSpan.Zero };
            var (a, b) = (new TestSystem(time, network, "a", 1), new TestSystem(time, network, "b", 2));
            for (var i = 0; i < 20; i++)
            {
                a.Tell(b, "slow");
                time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 3) * 500));
                b.Tell(a, "slow");
                time.Advance(TimeSpan.FromMilliseconds(dice.Next(0, 4) * 500));
            }

            slow = false;
            time.Advance(TimeSpan.FromSeconds(20));
            a.Tell(b, "fast");
            time.Advance(TimeSpan.FromSeconds(1));
            b.Tell(a, "fast");
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.True((a.Received.LastOrDefault(), b.Received.LastOrDefault()) == ("b:fast", "a:fast"), $"seed {seed}");
        }
    }

    [Fact]
    public void A_hello_on_a_link_that_was_closed_in_the_same_moment_opens_nothing()
    {
        var (a, b) = (Make("a"), Make("b"));
        Link? link = null;
        _network.Transport("stranger").Connect(new HostPort("b", 4053), TimeSpan.FromSeconds(1), CancellationToken.None, (connection, _) =>
            link = new Link(connection!, false, a.Transport, new LinkSettings(10_000, 10_000), _time, a.Post));
        _time.Settle();
        link!.Close(DisassociateCode.Refused, "no hello in time");
        ((ILinkOwner)a.Transport).Greeted(link, new Hello("akka.ssl.tcp://test@stranger:1", 9, a.Address.ToString(), 10_000));
        Assert.Empty(a.Transport.OpenLinks());
        Assert.Equal("none", a.LinkState(b));
    }
}

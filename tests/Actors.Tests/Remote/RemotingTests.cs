using Actors.Core;
using Actors.Remoting;

namespace EngineTests.Remote;

/// <summary>Real actor systems over loopback TLS.</summary>
public sealed class RemotingTests : IAsyncDisposable
{
    private readonly RemoteSystems _systems = new();

    public ValueTask DisposeAsync() => _systems.DisposeAsync();

    private static (IActorRef Probe, Inbox Inbox) Probe(ActorSystem system)
    {
        var inbox = new Inbox();
        return (system.ActorOf(Props.Create(() => new ProbeActor(inbox))), inbox);
    }

    private static Inbox Listen<T>(ActorSystem system)
    {
        var (probe, inbox) = Probe(system);
        system.EventStream.Subscribe(probe, typeof(T));
        return inbox;
    }

    [Fact]
    public async Task A_message_reaches_an_actor_of_another_system_and_its_answer_the_sender()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var (probe, inbox) = Probe(a);
        var echo = await a.FindAsync(b, "/user/echo");
        echo.Tell("hello", probe);
        Assert.Equal("hello", await inbox.NextAsync());
        Assert.Equal("akka.ssl.tcp", a.AddressOf().Protocol);
        Assert.Equal(b.AddressOf(), echo.Path.Address);
    }

    [Fact]
    public async Task Ask_is_answered_across_systems_in_both_directions_over_one_link()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        foreach (var system in new[] { a, b })
        {
            system.ActorOf(Props.Create(() => new EchoActor()), "echo");
        }

        var (there, back) = (await a.FindAsync(b, "/user/echo"), await b.FindAsync(a, "/user/echo"));
        for (var i = 0; i < 200; i++)
        {
            Assert.Equal(i, await there.Ask<int>(i, RemoteSystems.Patience));
            Assert.Equal(i, await back.Ask<int>(i, RemoteSystems.Patience));
        }

        Assert.Single(a.Remoting().Transport.OpenLinks());
        Assert.Single(b.Remoting().Transport.OpenLinks());
    }

    [Fact]
    public async Task A_reference_sent_in_a_message_works_where_it_arrives()
    {
        var (a, b, c) = (_systems.Start("a"), _systems.Start("b"), _systems.Start("c"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var itself = await echo.Ask<IActorRef>("me", RemoteSystems.Patience);
        Assert.Equal(echo, itself);

        // From a over c: a third system's actor, seen from a fourth place.
        c.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var relay = await a.FindAsync(c, "/user/echo");
        var returned = await relay.Ask<IActorRef>(itself, RemoteSystems.Patience);
        Assert.Equal(7L, await returned.Ask<long>(7L, RemoteSystems.Patience));
        var (probe, inbox) = Probe(a);
        relay.Tell("from a third one", itself);
        Assert.Equal(9, await itself.Ask<int>(9, RemoteSystems.Patience));
        Assert.True(inbox.IsEmpty);
        probe.Tell(PoisonPill.Instance);
    }

    [Fact]
    public async Task Messages_of_one_sender_to_one_receiver_keep_their_order()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        var (probe, inbox) = Probe(b);
        var there = await a.FindAsync(b, probe.Path.ToStringWithoutAddress());
        for (var i = 0; i < 20_000; i++)
        {
            there.Tell(i, ActorRefs.NoSender);
        }

        for (var i = 0; i < 20_000; i++)
        {
            Assert.Equal(i, await inbox.NextAsync());
        }
    }

    [Fact]
    public async Task A_watcher_hears_when_a_remote_actor_stops_and_when_it_was_never_there()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var (probe, inbox) = Probe(a);
        probe.Tell(echo);
        probe.Tell((echo, (object)"ping"));
        Assert.Equal("ping", await inbox.NextAsync());
        echo.Tell("stop");
        var ended = await inbox.NextAsync<Terminated>();
        Assert.Equal((echo, true, false), (ended.ActorRef, ended.ExistenceConfirmed, ended.AddressTerminated));

        probe.Tell(echo);
        var again = await inbox.NextAsync<Terminated>();
        Assert.Equal((echo, false), (again.ActorRef, again.ExistenceConfirmed));
    }

    [Fact]
    public async Task An_actor_no_longer_watched_may_end_unheard()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "one");
        b.ActorOf(Props.Create(() => new EchoActor()), "two");
        var (one, two) = (await a.FindAsync(b, "/user/one"), await a.FindAsync(b, "/user/two"));
        var (probe, inbox) = Probe(a);
        probe.Tell(one);
        probe.Tell(two);
        probe.Tell(("unwatch", one));
        Assert.Equal("unwatched", await inbox.NextAsync());
        one.Tell("stop");
        two.Tell("stop");
        Assert.Equal(two, (await inbox.NextAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task Poison_and_kill_and_stop_work_from_afar()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        var (probe, inbox) = Probe(a);
        foreach (var (name, end) in new (string, Action<IActorRef>)[]
        {
            ("poison", r => r.Tell(PoisonPill.Instance)),
            ("kill", r => r.Tell(Kill.Instance)),
            ("stop", r => a.Stop(r)),
        })
        {
            b.ActorOf(Props.Create(() => new EchoActor()), name);
            var actor = await a.FindAsync(b, $"/user/{name}");
            probe.Tell(actor);
            probe.Tell((actor, (object)"ready?"));
            Assert.Equal("ready?", await inbox.NextAsync());
            end(actor);
            Assert.Equal(actor, (await inbox.NextAsync<Terminated>()).ActorRef);
        }
    }

    [Fact]
    public async Task A_system_that_ends_is_disassociated_and_one_that_returns_on_its_port_ends_the_old_watches()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        var events = Listen<RemotingLifecycleEvent>(a);
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        await events.FishAsync<AssociatedEvent>();
        var (probe, inbox) = Probe(a);
        probe.Tell(echo);
        probe.Tell((echo, (object)"ready?"));
        Assert.Equal("ready?", await inbox.NextAsync());

        // As a crash: nobody says that the actors end.
        await b.Remoting().Transport.CloseAsync("crash");
        Assert.Equal(echo.Path.Address, (await events.FishAsync<DisassociatedEvent>()).RemoteAddress);
        Assert.True(inbox.IsEmpty);

        var young = _systems.Start("b", port: echo.Path.Address.Port!.Value);
        var ended = await inbox.NextAsync<Terminated>();
        Assert.Equal((echo, true), (ended.ActorRef, ended.AddressTerminated));

        young.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var fresh = await a.FindAsync(young, "/user/echo");
        Assert.Equal("alive", await fresh.Ask<string>("alive", RemoteSystems.Patience));
        Assert.NotEqual(echo, fresh);
    }

    [Fact]
    public async Task A_stale_incarnation_gets_nothing_though_its_name_is_taken_again()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        var first = b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var stale = await a.FindAsync(b, "/user/echo");
        Assert.True(await first.GracefulStop(RemoteSystems.Patience));
        var dead = Listen<DeadLetter>(b);
        await b.ActorOfOnceFreeAsync(Props.Create(() => new EchoActor()), "echo");
        stale.Tell("for the first one", ActorRefs.NoSender);
        Assert.Equal("for the first one", (await dead.NextAsync<DeadLetter>()).Message);
        Assert.Equal("hello", await (await a.FindAsync(b, "/user/echo")).Ask<string>("hello", RemoteSystems.Patience));
    }

    [Fact]
    public async Task Identify_across_systems_finds_who_is_there_and_says_when_nobody_is()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var found = await a.ActorSelection($"{b.AddressOf()}/user/echo").Ask<ActorIdentity>(new Identify("q1"), RemoteSystems.Patience);
        Assert.Equal(("q1", $"{b.AddressOf()}/user/echo"), (found.MessageId, found.Subject.Path.ToString()));
        var nobody = await a.ActorSelection($"{b.AddressOf()}/user/nobody").Ask<ActorIdentity>(new Identify(2), RemoteSystems.Patience);
        Assert.Equal(2, nobody.MessageId);
        Assert.Null(nobody.Subject);
        var all = await a.ActorSelection($"{b.AddressOf()}/user/e*").Ask<string>("to all of them", RemoteSystems.Patience);
        Assert.Equal("to all of them", all);
    }

    [Fact]
    public async Task A_failure_status_travels_with_its_text()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var error = await Assert.ThrowsAsync<RemoteFailureException>(() => echo.Ask<string>(new Status.Failure(new InvalidOperationException("no way")), RemoteSystems.Patience));
        Assert.Equal(("System.InvalidOperationException", "no way"), (error.OriginalType, error.Message));
    }

    [Fact]
    public async Task A_message_without_serializer_fails_its_ask_at_once_and_is_logged()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var errors = Listen<Error>(a);
        var error = await Assert.ThrowsAnyAsync<Exception>(() => echo.Ask<string>(new Version(1, 2), RemoteSystems.Patience));
        Assert.Contains("no serializer is registered for System.Version", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("can't serialize System.Version", (await errors.NextAsync<Error>()).Message.ToString(), StringComparison.Ordinal);
        Assert.Equal("still fine", await echo.Ask<string>("still fine", RemoteSystems.Patience));
    }

    [Fact]
    public async Task An_unknown_manifest_is_logged_once_and_costs_only_that_message()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var warnings = Listen<Warning>(b);
        var link = a.Remoting().Transport.OpenLink(b.AddressOf())!;
        for (var i = 0; i < 3; i++)
        {
            link.Send(echo, null, new SerializedMessage(4711, "future", [1, 2, 3]), link.Association!.Texts);
        }

        Assert.Contains("serializer 4711, manifest 'future'", (await warnings.NextAsync<Warning>()).Message.ToString(), StringComparison.Ordinal);
        Assert.Equal("still fine", await echo.Ask<string>("still fine", RemoteSystems.Patience));
        Assert.Equal(3, b.Remoting().UnreadableMessages);
        Assert.True(warnings.IsEmpty);
        Assert.Same(link, a.Remoting().Transport.OpenLink(b.AddressOf()));
    }

    [Fact]
    public async Task An_oversized_message_is_dropped_with_a_clear_error_and_the_link_lives_on()
    {
        var (a, b) = (_systems.Start("a", more: "akka.remote.dot-netty.tcp.maximum-frame-size = 64KiB"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var (errors, dead) = (Listen<Error>(a), Listen<DeadLetter>(a));
        echo.Tell(new byte[70_000], ActorRefs.NoSender);
        Assert.Contains("larger than maximum-frame-size here (65536)", (await errors.NextAsync<Error>()).Message.ToString(), StringComparison.Ordinal);
        Assert.IsType<byte[]>((await dead.NextAsync<DeadLetter>()).Message);
        Assert.Equal(60_000, (await echo.Ask<byte[]>(new byte[60_000], RemoteSystems.Patience)).Length);
    }

    [Fact]
    public async Task A_system_of_another_cluster_gets_no_link_and_both_are_told_why()
    {
        using var theirs = new Transports.TestCertificates();
        var (a, b) = (_systems.Start("a"), _systems.Start("b", signer: theirs));
        var events = Listen<AssociationErrorEvent>(a);
        a.ActorSelection($"{b.AddressOf()}/user/echo").Tell("hello", ActorRefs.NoSender);
        var error = await events.NextAsync<AssociationErrorEvent>();
        Assert.Equal($"no answer from {b.AddressOf().HostPort()[(b.AddressOf().HostPort().IndexOf('@', StringComparison.Ordinal) + 1)..]}: TCP connected, TLS refused: certificate not signed by this cluster's CA", error.Cause.Message);
    }

    [Fact]
    public void A_port_in_use_fails_the_creation_of_the_system_with_address_and_remedy()
    {
        var port = _systems.Start("a").AddressOf().Port!.Value;
        var error = Assert.Throws<RemoteTransportException>(() => _systems.Start("b", port: port));
        Assert.Equal($"can't listen on 127.0.0.1:{port}: the port is in use; stop what listens there or choose another port (0 takes a free one)", error.Message);
    }

    [Fact]
    public async Task Evidence_of_a_peer_names_its_certificate_and_follows_its_link()
    {
        var (seed, agent) = (_systems.Start("seed-1", "seed"), _systems.Start("agent-7", "agent"));
        seed.ActorOf(Props.Create(() => new EchoActor()), "echo");
        Assert.Null(PeerEvidence.LastReceived(seed, agent.AddressOf()));
        Assert.Equal("hi", await (await agent.FindAsync(seed, "/user/echo")).Ask<string>("hi", RemoteSystems.Patience));

        var identity = PeerEvidence.PeerIdentity(seed, agent.AddressOf())!;
        Assert.Equal(("agent-7", "agent", "127.0.0.1"), (identity.CommonName, identity.Role, $"{identity.RemoteAddress}"));
        Assert.Equal("seed", PeerEvidence.PeerIdentity(agent, seed.AddressOf())!.Role);
        Assert.True(PeerEvidence.IsLinkAlive(seed, agent.AddressOf()));
        Assert.InRange(DateTimeOffset.UtcNow - PeerEvidence.LastReceived(seed, agent.AddressOf())!.Value, TimeSpan.FromSeconds(-1), TimeSpan.FromSeconds(10));
        Assert.True(PeerEvidence.Traffic(seed, agent.AddressOf())!.FramesIn >= 2);

        var events = Listen<DisassociatedEvent>(seed);
        PeerEvidence.SetPeerPolicy(seed, peer => peer.CommonName == "agent-7" ? "its certificate is revoked" : null);
        await events.NextAsync();
        Assert.False(PeerEvidence.IsLinkAlive(seed, agent.AddressOf()));
    }

    [Fact]
    public async Task An_agent_cannot_stop_actors_of_the_seed_nor_speak_in_the_name_of_another()
    {
        var seed = _systems.Start("seed-1", "seed", serverRole: "seed");
        var (agent, other) = (_systems.Start("agent-1", "agent", serverRole: "seed"), _systems.Start("agent-2", "agent", serverRole: "seed"));
        seed.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await agent.FindAsync(seed, "/user/echo");
        echo.Tell(PoisonPill.Instance);
        agent.ActorSelection($"{seed.AddressOf()}/user/*").Tell(Kill.Instance);
        agent.Stop(echo);
        Assert.Equal("alive", await echo.Ask<string>("alive", RemoteSystems.Patience));

        var dead = Listen<DeadLetter>(seed);
        echo.Tell("forged", new RemoteActorRef(agent.Remoting(), agent.Remoting().Transport.Associate(other.AddressOf()), ActorPath.Parse($"{other.AddressOf()}/user/victim")));
        Assert.Equal("forged", (await dead.NextAsync<DeadLetter>()).Message);
        Assert.Equal(4, seed.Remoting().RefusedMessages);

        // The seed may do all of that to the agent.
        agent.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var (probe, inbox) = Probe(seed);
        var there = await seed.FindAsync(agent, "/user/echo");
        probe.Tell(there);
        there.Tell(PoisonPill.Instance, probe);
        Assert.Equal(there, (await inbox.NextAsync<Terminated>()).ActorRef);
    }

    [Fact]
    public async Task A_message_nested_too_deeply_is_refused_without_harm()
    {
        var (a, b) = (_systems.Start("a"), _systems.Start("b"));
        b.ActorOf(Props.Create(() => new EchoActor()), "echo");
        var echo = await a.FindAsync(b, "/user/echo");
        var warnings = Listen<Warning>(b);
        object nested = "core";
        for (var i = 0; i < 100; i++)
        {
            nested = new Status.Success(nested);
        }

        echo.Tell(nested, ActorRefs.NoSender);
        Assert.Contains("nested too deeply", (await warnings.NextAsync<Warning>()).Message.ToString(), StringComparison.Ordinal);
        Assert.Equal("still fine", await echo.Ask<string>("still fine", RemoteSystems.Patience));
    }
}

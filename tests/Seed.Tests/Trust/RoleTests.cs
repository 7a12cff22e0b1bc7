using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using ClusterMonitor.Seed.Trust;
using ClusterMonitor.Seed.Trust.Enrolment;

namespace ClusterMonitor.Seed.Tests.Trust;

/// <summary>What a certificate lets its holder say, and for how long, over real links.</summary>
public sealed class RoleTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private TrustedSeed _seed = null!;

    public async Task InitializeAsync() => _seed = await TrustedSeed.StartAsync();

    public async Task DisposeAsync() => await _seed.DisposeAsync();

    [Fact]
    public async Task An_agent_speaks_for_its_own_node_and_what_it_sends_of_another_is_dropped_and_shown()
    {
        var (one, _) = await _seed.JoinedAsync("web-1", "id-1", PeerRoles.Agent);
        var (two, _) = await _seed.JoinedAsync("web-2", "id-2", PeerRoles.Agent);
        await HelloAsync(one, "web-1", "id-1");
        await HelloAsync(two, "web-2", "id-2");

        one.ActorSelection(_seed.PathOf("nodes/id-2")).Tell(new LiveSample { NodeId = "id-2", TimeMs = 1 }, ActorRefs.NoSender);
        one.ActorSelection(_seed.PathOf("nodes/id-2")).Tell(new SchemaAnnounced { Hash = 1 }, ActorRefs.NoSender);
        one.ActorSelection(_seed.PathOf("nodes/*")).Tell(new LiveSample { NodeId = "id-1", TimeMs = 2 }, ActorRefs.NoSender);
        one.ActorSelection(_seed.PathOf("nodes/id-1")).Tell(new LiveSample { NodeId = "id-1", TimeMs = 3 }, ActorRefs.NoSender);

        await _seed.SeenAsync<LiveSample>(s => s.TimeMs == 3);
        Assert.DoesNotContain(_seed.Seen, m => m is LiveSample { TimeMs: not 3 } or SchemaAnnounced);
        var shown = await _seed.SeenAsync<PeerRefused>(r => r.Reason == "an agent may not send a LiveSample of another node");
        Assert.Equal(("web-1", "agent at 127.0.0.1"), (shown.Name, shown.Who));
        Assert.True(PeerEvidence.RefusedMessages(_seed.System) >= 3);
    }

    [Fact]
    public async Task An_agent_that_says_hello_as_another_node_is_told_what_its_certificate_is_for()
    {
        var (agent, _) = await _seed.JoinedAsync("web-1", "id-1", PeerRoles.Agent);
        foreach (var (name, id) in new[] { ("web-1", "id-2"), ("web-2", "id-1") })
        {
            var answer = await agent.ActorSelection(_seed.PathOf("nodes")).Ask<HelloRefused>(new NodeHello { Name = name, NodeId = id }, Patience);
            Assert.Equal(HelloRefusal.NotAuthorized, answer.Reason);
            Assert.Contains("the certificate is for node \"web-1\" (id-1)", answer.Text, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(_seed.Seen, m => m is NodeHello);
    }

    [Fact]
    public async Task An_agent_reads_nothing_and_commands_nothing()
    {
        var (agent, _) = await _seed.JoinedAsync("web-1", "id-1", PeerRoles.Agent);
        foreach (var (door, message) in new (string, object)[]
        {
            (SeedPaths.Dashboards, new FleetPull()),
            (SeedPaths.Dashboards, new HistoryQuery()),
            (SeedPaths.Nodes, new HistoryQuery { Node = "id-2" }),
            (SeedPaths.Membership, new ForgetNode { Node = "id-2" }),
            (SeedPaths.Membership, new EventsQuery()),
        })
        {
            var answer = await agent.ActorSelection(_seed.PathOf(door)).Ask<QueryRefused>(message, Patience);
            Assert.Equal(QueryRefusal.NotAuthorized, answer.Reason);
        }

        Assert.All(_seed.Seen, m => Assert.IsType<PeerRefused>(m));
    }

    [Fact]
    public async Task A_dashboard_reads_and_its_operators_commands_are_refused_with_the_way_to_give_them()
    {
        var (dashboard, _) = await _seed.JoinedAsync("ada", "", PeerRoles.Dashboard);
        var door = dashboard.ActorSelection(_seed.PathOf(SeedPaths.Dashboards));
        Assert.Equal("ada", (await door.Ask<DashboardWelcome>(new DashboardHello { Who = "ada" }, Patience)).Seed.Name);
        var answer = await door.Ask<QueryRefused>(new SetMaintenance { Node = "web-1" }, Patience);
        Assert.Equal(QueryRefusal.NotAuthorized, answer.Reason);
        Assert.Contains("--role operator", answer.Text, StringComparison.Ordinal);

        // Past the door it may not go at all.
        await dashboard.ActorSelection(_seed.PathOf(SeedPaths.Membership)).Ask<QueryRefused>(new SetMaintenance { Node = "web-1" }, Patience);
        Assert.DoesNotContain(_seed.Seen, m => m is SetMaintenance);
        await _seed.SeenAsync<PeerRefused>(r => r is { Name: "ada", Reason: "a dashboard may not send SetMaintenance" });
    }

    [Fact]
    public async Task An_operator_may_set_maintenance()
    {
        var (person, _) = await _seed.JoinedAsync("ada", "", PeerRoles.Operator);
        var door = person.ActorSelection(_seed.PathOf(SeedPaths.Dashboards));
        Assert.Equal("done", (await door.Ask<OperatorDone>(new SetMaintenance { Node = "web-1" }, Patience)).Text);
    }

    [Fact]
    public async Task Nobody_but_a_seed_stops_actors_of_the_seed()
    {
        var (agent, _) = await _seed.JoinedAsync("web-1", "id-1", PeerRoles.Agent);
        agent.ActorSelection(_seed.PathOf(SeedPaths.Dashboards)).Tell(PoisonPill.Instance, ActorRefs.NoSender);
        await HelloAsync(agent, "web-1", "id-1");
        var local = await _seed.System.ActorSelection("/user/" + SeedPaths.Dashboards).Ask<DashboardWelcome>(new DashboardHello { Who = "me" }, Patience);
        Assert.Equal("me", local.Seed.Name);
    }

    [Fact]
    public async Task A_revoked_certificate_ends_its_link_within_a_second_and_does_not_come_back()
    {
        var (agent, _) = await _seed.JoinedAsync("web-1", "id-1", PeerRoles.Agent);
        await HelloAsync(agent, "web-1", "id-1");
        var closed = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        var refused = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        agent.ActorOf(Props.Create(() => new LinkEars(closed, refused)));
        await agent.ActorSelection(_seed.PathOf("nodes")).Ask<HelloAccepted>(new NodeHello { Name = "web-1", NodeId = "id-1" }, Patience);

        var clock = TimeProvider.System.GetTimestamp();
        await _seed.Store.UpdateAsync(book => book.RevokeCertificates("web-1", DateTimeOffset.UtcNow));
        Assert.Contains("the certificate of web-1 was revoked", await closed.Task.WaitAsync(Patience), StringComparison.Ordinal);

        // One second is promised; the machine that tests run on may be busy.
        Assert.True(TimeProvider.System.GetElapsedTime(clock) < TimeSpan.FromSeconds(5));
        var why = await TrustedSeed.WaitAsync(() =>
        {
            // Nothing is dialled right after a link was lost; an agent tries again as well.
            agent.ActorSelection(_seed.PathOf("nodes")).Tell(new NodeHello { Name = "web-1", NodeId = "id-1" }, ActorRefs.NoSender);
            return refused.Task.IsCompletedSuccessfully ? [refused.Task.Result] : Array.Empty<string>();
        });
        Assert.Contains("join anew with a token of this seed", why, StringComparison.Ordinal);
        await _seed.SeenAsync<PeerRefused>(r => r.Name == "web-1" && r.Reason.Contains("revoked", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_certificate_near_its_end_is_renewed_over_its_own_link()
    {
        var files = _seed.NewFiles("web-1");
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var authority = AuthorityFiles.Open(_seed.Folder, TimeProvider.System, _ => { });
        using var old = authority.Issue(new PublicKey(key), "web-1", PeerRoles.Agent, TimeSpan.FromHours(2), "id-1");
        HeldCertificate.Write(files, old, key, authority.Certificate, FileModes.OwnerFile);
        var agent = _seed.StartPeer(files, PeerRoles.Agent);
        var renewed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var plan = new RenewalPlan(files, FileModes.OwnerFile, [_seed.PathOf(RenewalPlan.DoorName)], TimeProvider.System);
        Action done = () => renewed.TrySetResult();
        agent.ActorOf(Props.Create(() => new CertificateRenewal(plan, done)));
        await renewed.Task.WaitAsync(Patience);
        using var now = HeldCertificate.TryRead(files);
        Assert.NotNull(now);
        Assert.NotEqual(old.SerialNumber, now.SerialNumber);
        Assert.True(now.HasPrivateKey);
        Assert.False(HeldCertificate.IsDue(now, DateTimeOffset.UtcNow));
        Assert.Equal("id-1", CertificateNames.NodeId(PeerIdentity.Of(now, null).Uri));
        Assert.Contains(_seed.Store.Read().Certificates.Values, c => c.Serial == now.SerialNumber && c.NodeId == "id-1");
    }

    private async Task HelloAsync(ActorSystem agent, string name, string id) =>
        await agent.ActorSelection(_seed.PathOf("nodes")).Ask<HelloAccepted>(new NodeHello { Name = name, NodeId = id }, Patience);

    private sealed class LinkEars : ReceiveActor
    {
        public LinkEars(TaskCompletionSource<string> closed, TaskCompletionSource<string> refused)
        {
            Receive<DisassociatedEvent>(e => closed.TrySetResult(PeerEvidence.WhyBroken(e)));
            Receive<AssociationErrorEvent>(e => refused.TrySetResult(e.Cause.Message));
        }

        protected override void PreStart()
        {
            Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
            Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        }
    }
}

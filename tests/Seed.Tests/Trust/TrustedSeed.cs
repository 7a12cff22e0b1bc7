using System.Collections.Concurrent;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;
using ClusterMonitor.Seed.Trust;
using ClusterMonitor.Seed.Trust.Enrolment;
using Hocon;

namespace ClusterMonitor.Seed.Tests.Trust;

/// <summary>A seed on loopback that guards its port, with a recorder where its actors would be.</summary>
internal sealed class TrustedSeed : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _path = Directory.CreateTempSubdirectory("trust-").FullName;
    private readonly List<ActorSystem> _systems = [];
    private readonly ConcurrentQueue<object> _seen = new();
    private readonly ConcurrentQueue<string> _notes = new();

    private TrustedSeed(TimeProvider time)
    {
        Time = time;
        Folder = new DataFolder(Path.Combine(_path, "data"));
        Store = new EnrolmentStore(Folder, time);
    }

    public TimeProvider Time { get; }

    public DataFolder Folder { get; }

    public EnrolmentStore Store { get; }

    public ActorSystem System { get; private set; } = null!;

    public HostPort Address { get; private set; }

    /// <summary>What actors and membership were told.</summary>
    public IEnumerable<object> Seen => _seen;

    /// <summary>What the seed's log would hold.</summary>
    public IEnumerable<string> Notes => _notes;

    public static async Task<TrustedSeed> StartAsync(TimeProvider? time = null)
    {
        var seed = new TrustedSeed(time ?? TimeProvider.System);
        await SeedTrust.PrepareAsync(seed.Folder, "north", seed.Time, seed._notes.Enqueue);
        var system = seed.System = seed.Start(EngineConfig.ForSeed(Settings(), seed.Folder));
        var recorder = system.ActorOf(Props.Create(() => new Recorder(seed._seen)), SeedPaths.Membership);
        var trust = SeedTrust.Start(system, seed.Folder, seed.Time, recorder, seed._notes.Enqueue);
        system.RegisterOnTermination(trust.Dispose);
        system.ActorOf(Props.Create(() => new Recorder(seed._seen)), SeedPaths.Nodes);
        system.ActorOf(Props.Create(() => new Recorder(seed._seen)), SeedPaths.Dashboards);
        var self = Cluster.Get(system).SelfAddress;
        Cluster.Get(system).Join(self);
        seed.Address = new HostPort(self.Host!, self.Port!.Value);
        return seed;
    }

    /// <summary>A token that the seed knows.</summary>
    public async Task<JoinToken> TokenAsync(string role = PeerRoles.Agent, string pattern = "*", int uses = 1, DateTimeOffset? made = null)
    {
        using var authority = AuthorityFiles.Open(Folder, Time, _ => { });
        var token = JoinToken.Create(authority.Fingerprint);
        await Store.UpdateAsync(book => (book.Add(token, role, pattern, uses, TimeSpan.FromHours(1), made ?? Time.GetUtcNow()), true));
        return token;
    }

    public Task<Enrolled> JoinAsync(JoinToken token, string name = "web-1", string nodeId = "id-1", string role = PeerRoles.Agent, TimeProvider? clock = null, HostPort? at = null) =>
        SeedEnrolment.RunAsync(new EnrolmentWish(at ?? Address, token, name, nodeId, role), clock ?? TimeProvider.System, CancellationToken.None);

    /// <summary>Joins and starts a system with what was got.</summary>
    public async Task<(ActorSystem System, CertificateFiles Files)> JoinedAsync(string name, string nodeId, string role)
    {
        var files = NewFiles(name);
        using var enrolled = await JoinAsync(await TokenAsync(role), name, nodeId, role == PeerRoles.Agent ? role : PeerRoles.Dashboard);
        HeldCertificate.Write(files, enrolled.Certificate, enrolled.Key, enrolled.Authority, FileModes.OwnerFile);
        return (StartPeer(files, role), files);
    }

    public CertificateFiles NewFiles(string name)
    {
        var folder = Directory.CreateDirectory(Path.Combine(_path, name)).FullName;
        return new CertificateFiles(Path.Combine(folder, "own.pfx"), Path.Combine(folder, "ca.crt"));
    }

    public ActorSystem StartPeer(CertificateFiles files, string role) => Start(role == PeerRoles.Agent
        ? EngineConfig.ForAgent(Settings(), files, "127.0.0.1", 0)
        : EngineConfig.ForDashboard(Settings(), files, "127.0.0.1"));

    public string PathOf(string actor) => $"{Cluster.Get(System).SelfAddress}/user/{actor}";

    /// <summary>Waits until something was seen.</summary>
    public Task<T> SeenAsync<T>(Func<T, bool>? which = null) => WaitAsync(() => _seen.OfType<T>().Where(which ?? (_ => true)));

    /// <summary>Waits for a line of the log.</summary>
    public Task<string> NotedAsync(string part) => WaitAsync(() => _notes.Where(n => n.Contains(part, StringComparison.Ordinal)));

    public static async Task<T> WaitAsync<T>(Func<IEnumerable<T>> found)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            foreach (var item in found())
            {
                return item;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20), late.Token);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_systems.Select(s => s.Terminate()));
        Directory.Delete(_path, recursive: true);
    }

    private static MonitorSettings Settings() =>
        SettingsLoader.Load(new Dictionary<string, string> { ["MONITOR_SEED_PORT"] = "0" }, HoconObject.Empty);

    private ActorSystem Start(Config config)
    {
        var system = MonitorSystem.Start(config, null);
        _systems.Add(system);
        return system;
    }

    /// <summary>Keeps what it is told, answers hellos, and has a child for every node.</summary>
    private sealed class Recorder : ReceiveActor
    {
        public Recorder(ConcurrentQueue<object> seen)
        {
            ReceiveAny(message =>
            {
                seen.Enqueue(message);
                switch (message)
                {
                    case NodeHello hello:
                        if (Context.Child(hello.NodeId).IsNobody())
                        {
                            Context.ActorOf(Props.Create(() => new Recorder(seen)), hello.NodeId);
                        }

                        Sender.Tell(new HelloAccepted { SeedName = "north" });
                        break;
                    case DashboardHello hello:
                        Sender.Tell(new DashboardWelcome { Seed = new SeedInfo { Name = hello.Who } });
                        break;
                    case SetMaintenance:
                        Sender.Tell(new OperatorDone { Text = "done" });
                        break;
                }
            });
        }

    }
}

/// <summary>The machine's clock, so much off; its timers run as they should.</summary>
internal sealed class WrongClock(TimeSpan off) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + off;
}

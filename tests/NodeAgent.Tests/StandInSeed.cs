using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;

namespace ClusterMonitor.NodeAgent.Tests;

/// <summary>
/// As much of a seed as an agent can tell: a cluster of its own over TLS on loopback, and a registry that accepts every hello and acks every block.
/// It can be stopped and started again on its port, with another incarnation, as a real one.
/// </summary>
internal sealed class StandInSeed : IAsyncDisposable
{
    private readonly DataFolder _data;
    private readonly TaskCompletionSource<NodeHello>[] _hellos = [.. Enumerable.Range(0, 8).Select(_ => new TaskCompletionSource<NodeHello>())];
    private readonly SortedSet<long> _seconds = [];
    private ActorSystem? _system;
    private int _helloCount;
    private ulong _incarnation;

    public StandInSeed(string folder)
    {
        _data = new DataFolder(folder);
        MakeCertificates();
    }

    public int Port { get; private set; }

    public DataFolder Data => _data;

    /// <summary>Settings as the command line would give them.</summary>
    public MonitorSettings Settings => SettingsLoader.Load(
        new Dictionary<string, string> { ["MONITOR_SEED_PORT"] = $"{Port}", ["MONITOR_DATA"] = _data.Path, ["MONITOR_AGENT_SEEDS"] = $"127.0.0.1:{Port}", ["MONITOR_NAME"] = "n1" },
        Hocon.HoconObject.Empty);

    public List<long> CommittedSeconds
    {
        get
        {
            lock (_seconds)
            {
                return [.. _seconds];
            }
        }
    }

    public Task<NodeHello> Hello(int number) => _hellos[number].Task.WaitAsync(TimeSpan.FromSeconds(60));

    public void Start()
    {
        _incarnation++;
        _system = MonitorSystem.Start(EngineConfig.ForSeed(Settings, _data), null);
        var cluster = Cluster.Get(_system);
        Port = cluster.SelfAddress.Port!.Value;
        cluster.JoinSeedNodes([cluster.SelfAddress]);
        var seed = this;
        var incarnation = _incarnation;
        _system.ActorOf(Props.Create(() => new Registry(seed, incarnation)), "nodes");
    }

    /// <summary>Whether the cluster has an agent that is up.</summary>
    public bool SeesAgentUp => _system is not null && Cluster.Get(_system).State.Members.Any(m => m.HasRole("agent") && m.Status == MemberStatus.Up);

    /// <summary>As if it were killed: no goodbye.</summary>
    public Task Kill() => _system!.Terminate();

    public void DownAgents()
    {
        var cluster = Cluster.Get(_system!);
        foreach (var member in cluster.State.Members.Where(m => m.HasRole("agent")))
        {
            cluster.Down(member.Address);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_system is not null)
        {
            await _system.Terminate();
        }
    }

    private void MakeCertificates()
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=test CA", authorityKey, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, to) = (DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var authority = request.CreateSelfSigned(from, to);
        Write(_data.SeedCertificate, "seed");
        Write(_data.LocalAgentCertificate, "agent");

        void Write(CertificateFiles files, string role)
        {
            using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var certificate = new CertificateRequest($"CN={role}, OU={role}, O=ClusterMonitor", key, HashAlgorithmName.SHA256);
            var serial = BitConverter.GetBytes(role.Length + 1);
            using var signed = certificate.Create(authority, from.AddMinutes(1), to.AddMinutes(-1), serial);
            using var whole = signed.CopyWithPrivateKey(key);
            Directory.CreateDirectory(Path.GetDirectoryName(files.Certificate)!);
            File.WriteAllBytes(files.Certificate, whole.Export(X509ContentType.Pkcs12));
            File.WriteAllText(files.Authority, authority.ExportCertificatePem());
        }
    }

    private sealed class Registry : ReceiveActor
    {
        public Registry(StandInSeed seed, ulong incarnation)
        {
            Receive<NodeHello>(hello =>
            {
                var accepted = new HelloAccepted { SeedIncarnation = incarnation, SeedName = "stand-in", Window = 16 };
                Sender.Tell(accepted, Self);
                if (seed._helloCount < seed._hellos.Length)
                {
                    seed._hellos[seed._helloCount++].TrySetResult(hello);
                }
            });
            Receive<LiveSample>(_ => { });
            Receive<SchemaAnnounced>(_ => { });
            Receive<BlockOffered>(block =>
            {
                lock (seed._seconds)
                {
                    seed._seconds.UnionWith(Messages.Metrics.SampleBlock.Open(block.Block.Memory).Times.ToArray());
                }

                Sender.Tell(new BlockAcked { Incarnation = block.Incarnation, Sequence = block.Sequence }, Self);
            });
        }
    }
}

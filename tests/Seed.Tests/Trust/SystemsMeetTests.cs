using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Trust;
using Hocon;

namespace ClusterMonitor.Seed.Tests.Trust;

/// <summary>Real systems on loopback with the configuration and certificates that the programs use.</summary>
public sealed class SystemsMeetTests : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("meet-").FullName;
    private readonly List<ActorSystem> _systems = [];

    private DataFolder Folder => new(Path.Combine(_path, "data"));

    public void Dispose()
    {
        Task.WaitAll([.. _systems.Select(s => s.Terminate())], TimeSpan.FromSeconds(30));
        Directory.Delete(_path, recursive: true);
    }

    [Fact]
    public async Task An_agent_with_the_local_certificate_becomes_a_member_of_its_seeds_cluster()
    {
        var seed = StartSeed();
        var agent = Start(EngineConfig.ForAgent(Settings(), Folder.LocalAgentCertificate, "127.0.0.1", 0));
        var seedAddress = Cluster.Get(seed).SelfAddress;
        Assert.Equal("akka.ssl.tcp", seedAddress.Protocol);
        var up = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.Get(agent).RegisterOnMemberUp(up.SetResult);
        Cluster.Get(agent).JoinSeedNodes([seedAddress]);
        await up.Task.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.Contains(EngineConfig.AgentRole, Cluster.Get(agent).SelfRoles);
    }

    [Fact]
    public async Task A_dashboard_asks_and_is_answered_over_the_registry_of_messages()
    {
        var seed = StartSeed();
        seed.ActorOf(Props.Create(() => new Greeter()), "dashboards");
        var dashboard = Start(EngineConfig.ForDashboard(Settings(), Folder.DashboardCertificate, "127.0.0.1"));
        var door = dashboard.ActorSelection($"{Cluster.Get(seed).SelfAddress}/user/dashboards");
        var answer = await door.Ask<DashboardWelcome>(new DashboardHello { Who = "me" }, TimeSpan.FromSeconds(20));
        Assert.Equal("me", answer.Seed.Name);
    }

    [Fact]
    public async Task A_dashboard_of_another_cluster_gets_no_answer()
    {
        var seed = StartSeed();
        seed.ActorOf(Props.Create(() => new Greeter()), "dashboards");
        var other = new DataFolder(Path.Combine(_path, "other"));
        LocalCertificates.Prepare(other, "other", TimeProvider.System, _ => { });
        var dashboard = Start(EngineConfig.ForDashboard(Settings(), other.DashboardCertificate, "127.0.0.1"));
        var door = dashboard.ActorSelection($"{Cluster.Get(seed).SelfAddress}/user/dashboards");
        await Assert.ThrowsAnyAsync<Exception>(() => door.Ask<DashboardWelcome>(new DashboardHello(), TimeSpan.FromSeconds(2)));
    }

    private static MonitorSettings Settings() =>
        SettingsLoader.Load(new Dictionary<string, string> { ["MONITOR_SEED_PORT"] = "0" }, HoconObject.Empty);

    private ActorSystem StartSeed()
    {
        LocalCertificates.Prepare(Folder, "north", TimeProvider.System, _ => { });
        var seed = Start(EngineConfig.ForSeed(Settings(), Folder));
        Cluster.Get(seed).Join(Cluster.Get(seed).SelfAddress);
        return seed;
    }

    private ActorSystem Start(Config config)
    {
        var system = MonitorSystem.Start(config, null);
        _systems.Add(system);
        return system;
    }

    private sealed class Greeter : ReceiveActor
    {
        public Greeter() => Receive<DashboardHello>(h => Sender.Tell(new DashboardWelcome { Seed = new SeedInfo { Name = h.Who } }));
    }
}

using System.Data.Common;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class EngineConfigTests
{
    private const string Tcp = "akka.remote.dot-netty.tcp.";

    private static readonly DataFolder Folder = new("/srv/with \"quotes\"; and = signs");

    [Fact]
    public void A_seed_is_a_persistent_member_of_the_cluster()
    {
        var config = EngineConfig.ForSeed(Settings(), Folder);
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
        Assert.Equal("127.0.0.1", config.GetString(Tcp + "hostname"));
        Assert.Equal(4053, config.GetInt(Tcp + "port"));
        Assert.Equal(["seed"], config.GetStringList("akka.cluster.roles"));
        Assert.Equal("akka.persistence.journal.sql", config.GetString("akka.persistence.journal.plugin"));
        Assert.Equal("akka.persistence.snapshot-store.sql", config.GetString("akka.persistence.snapshot-store.plugin"));
        var connection = new DbConnectionStringBuilder { ConnectionString = config.GetString("akka.persistence.journal.sql.connection-string") };
        Assert.Equal(Folder.SeedDatabase, connection["Data Source"]);
        Assert.False(config.HasPath(Tcp + "ssl.embedded.server-role"));
    }

    [Fact]
    public void An_agent_is_a_member_that_trusts_seeds_only()
    {
        var config = EngineConfig.ForAgent(Settings(), Folder.LocalAgentCertificate, "::1", 1234);
        Assert.Equal("cluster", config.GetString("akka.actor.provider"));
        Assert.Equal("::1", config.GetString(Tcp + "hostname"));
        Assert.Equal(1234, config.GetInt(Tcp + "port"));
        Assert.Equal(["agent"], config.GetStringList("akka.cluster.roles"));
        Assert.Equal("seed", config.GetString(Tcp + "ssl.embedded.server-role"));
        Assert.False(config.HasPath("akka.persistence"));
    }

    [Fact]
    public void A_dashboard_is_no_member()
    {
        var config = EngineConfig.ForDashboard(Settings(), Folder.DashboardCertificate, "127.0.0.1");
        Assert.Equal("remote", config.GetString("akka.actor.provider"));
        Assert.False(config.HasPath("akka.cluster"));
        Assert.Equal(Folder.DashboardCertificate.Certificate, config.GetString(Tcp + "ssl.certificate.path"));
        Assert.Equal(Folder.DashboardCertificate.Authority, config.GetString(Tcp + "ssl.embedded.ca-path"));
    }

    [Fact]
    public void Every_program_speaks_tls_and_logs_nothing_by_itself()
    {
        foreach (var config in new[]
        {
            EngineConfig.ForSeed(Settings(), Folder),
            EngineConfig.ForAgent(Settings(), Folder.LocalAgentCertificate, "h", 0),
            EngineConfig.ForDashboard(Settings(), Folder.DashboardCertificate, "h"),
        })
        {
            Assert.True(config.GetBoolean(Tcp + "enable-ssl"));
            Assert.True(config.HasPath("akka.loggers"));
            Assert.Empty(config.GetStringList("akka.loggers"));
            Assert.Equal("OFF", config.GetString("akka.stdout-loglevel"));
            Assert.False(config.GetBoolean("akka.coordinated-shutdown.exit-clr", true));
        }
    }

    [Fact]
    public void A_pause_of_2_s_is_forgiven_and_one_of_3_s_is_not()
    {
        var config = EngineConfig.ForSeed(Settings(), Folder).GetConfig("akka.cluster.failure-detector")!;
        var suspicious = config.GetTimeSpan("heartbeat-interval") + config.GetTimeSpan("acceptable-heartbeat-pause")
            + (5.6 * config.GetTimeSpan("min-std-deviation"));

        // The last heartbeat may be a whole interval old when the pause begins.
        Assert.InRange(suspicious, TimeSpan.FromSeconds(2) + config.GetTimeSpan("heartbeat-interval"), TimeSpan.FromSeconds(3));
    }

    [Fact]
    public void What_the_user_says_to_the_engine_wins()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.conf"), "akka.cluster { gossip-interval = 9s, own = 1 }\nmonitor.cluster.heartbeat-interval = 1s");
        var config = EngineConfig.ForSeed(Settings(("MONITOR_CONFIG", folder.File("x.conf"))), Folder);
        Assert.Equal(TimeSpan.FromSeconds(9), config.GetTimeSpan("akka.cluster.gossip-interval"));
        Assert.Equal(1, config.GetInt("akka.cluster.own"));
        Assert.Equal(TimeSpan.FromSeconds(1), config.GetTimeSpan("akka.cluster.failure-detector.heartbeat-interval"));
        Assert.Equal(["seed"], config.GetStringList("akka.cluster.roles"));
    }

    private static MonitorSettings Settings(params (string Name, string Value)[] environment) =>
        SettingsLoader.Load(environment.ToDictionary(e => e.Name, e => e.Value), HoconObject.Empty);
}

using System.Data.Common;
using System.Globalization;
using System.Text;
using Hocon;

namespace ClusterMonitor.Hosting;

/// <summary>
/// The engine's configuration of each program: Akka.NET's keys, plus the few <c>embedded</c> ones that only the embedded engine reads.
/// The user's own <c>akka { … }</c> goes over all of it.
/// </summary>
public static class EngineConfig
{
    /// <summary>Every program's actor system has this name: it is part of all addresses.</summary>
    public const string SystemName = "clustermonitor";

    /// <summary>Cluster role of seeds, and the organisational unit of their certificates.</summary>
    public const string SeedRole = "seed";

    /// <summary>Cluster role of agents, and the organisational unit of their certificates.</summary>
    public const string AgentRole = "agent";

    /// <summary>The organisational unit of dashboards' certificates.</summary>
    public const string DashboardRole = "dashboard";

    /// <summary>The organisational unit of the certificates of dashboards that may also set maintenance and forget.</summary>
    public const string OperatorRole = "operator";

    /// <summary>A seed: cluster, persistence.</summary>
    /// <param name="settings">Timings, storage.</param>
    /// <param name="folder">Certificates, database.</param>
    public static Config ForSeed(MonitorSettings settings, DataFolder folder)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(folder);
        var host = settings.Host("monitor.seed.host");
        var keys = Common(settings, "cluster", host, settings.Port("monitor.seed.port"), folder.SeedCertificate);
        if (settings.OptionalText("monitor.seed.public-host") is not null)
        {
            keys.Add("akka.remote.dot-netty.tcp.public-hostname", settings.Host("monitor.seed.public-host"));
        }
        else if (MonitorAddresses.IsWildcard(host))
        {
            // It listens on all, and calls itself by one of them; whoever dials another one finds out by its hello.
            keys.Add("akka.remote.dot-netty.tcp.public-hostname", MonitorAddresses.Own() ?? "127.0.0.1");
        }

        keys.Add("akka.remote.dot-netty.tcp.ssl.embedded.trusted-role", SeedRole);
        AddCluster(keys, settings, SeedRole);
        AddStorage(keys, settings, folder);
        return Build(keys, settings);
    }

    /// <summary>An agent: cluster, no persistence.</summary>
    /// <param name="settings">Timings.</param>
    /// <param name="certificate">Who it is.</param>
    /// <param name="host">The local address from which it reaches its seed.</param>
    /// <param name="port">0 = any; a restart in the same process passes the port it had.</param>
    public static Config ForAgent(MonitorSettings settings, CertificateFiles certificate, string host, int port)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(certificate);
        var keys = Common(settings, "cluster", host, port, certificate);
        keys.Add("akka.remote.dot-netty.tcp.ssl.embedded.server-role", SeedRole);
        AddCluster(keys, settings, AgentRole);
        return Build(keys, settings);
    }

    /// <summary>A dashboard: no member of the cluster, it only talks to seeds.</summary>
    /// <param name="settings">Timings.</param>
    /// <param name="certificate">Who it is.</param>
    /// <param name="host">The local address from which it reaches the seed.</param>
    public static Config ForDashboard(MonitorSettings settings, CertificateFiles certificate, string host)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(certificate);
        var keys = Common(settings, "remote", host, 0, certificate);
        keys.Add("akka.remote.dot-netty.tcp.ssl.embedded.server-role", SeedRole);
        return Build(keys, settings);
    }

    private static Keys Common(MonitorSettings settings, string provider, string host, int port, CertificateFiles certificate)
    {
        var keys = new Keys();
        keys.Add("akka.actor.provider", provider);

        // The programs subscribe to LogEvent and write their own logs, so nothing lands on stdout.
        keys.AddList("akka.loggers");
        keys.Add("akka.stdout-loglevel", "OFF");
        keys.Add("akka.loglevel", settings.Word(ProgramLogging.LevelKey, ProgramLogging.Levels).ToUpperInvariant());

        // The programs handle signals themselves and decide themselves when the process ends.
        keys.Add("akka.coordinated-shutdown.run-by-clr-shutdown-hook", "off");
        keys.Add("akka.coordinated-shutdown.exit-clr", "off");

        const string Tcp = "akka.remote.dot-netty.tcp.";
        keys.Add(Tcp + "hostname", host);
        keys.Add(Tcp + "port", port);
        keys.Add(Tcp + "maximum-frame-size", settings.Size("monitor.cluster.maximum-frame-size", 64 << 10));
        keys.Add(Tcp + "enable-ssl", "on");
        keys.Add(Tcp + "ssl.certificate.path", certificate.Certificate);
        keys.Add(Tcp + "ssl.certificate.password", "");
        keys.Add(Tcp + "ssl.embedded.ca-path", certificate.Authority);
        keys.Add("akka.remote.retry-gate-closed-for", settings.Duration("monitor.cluster.retry-after", TimeSpan.FromMilliseconds(10)));
        AddDetector(keys, settings, "akka.remote.watch-failure-detector.");
        return keys;
    }

    private static void AddCluster(Keys keys, MonitorSettings settings, string role)
    {
        const string Cluster = "akka.cluster.";
        keys.AddList(Cluster + "roles", role);

        // Nobody downs by himself: only the seed's membership supervisor calls Cluster.Down.
        keys.Add(Cluster + "downing-provider-class", "");
        keys.Add(Cluster + "run-coordinated-shutdown-when-down", "off");
        keys.Add(Cluster + "embedded.observer-role", SeedRole);
        keys.Add(Cluster + "allow-weakly-up-members", "on");
        keys.Add(Cluster + "retry-unsuccessful-join-after", TimeSpan.FromSeconds(1));
        keys.Add(Cluster + "seed-node-timeout", TimeSpan.FromSeconds(2));
        keys.Add(Cluster + "gossip-interval", TimeSpan.FromMilliseconds(500));
        keys.Add(Cluster + "leader-actions-interval", TimeSpan.FromMilliseconds(250));
        keys.Add(Cluster + "unreachable-nodes-reaper-interval", TimeSpan.FromMilliseconds(250));
        AddDetector(keys, settings, Cluster + "failure-detector.");
    }

    // Phi reaches the threshold after: the mean interval + the pause forgiven + about 5.6 deviations.
    // 0.5 s + 1.7 s + 5.6 * 0.1 s = 2.8 s: past a pause of 2 s, short of 3 s.
    private static void AddDetector(Keys keys, MonitorSettings settings, string prefix)
    {
        keys.Add(prefix + "heartbeat-interval", settings.Duration("monitor.cluster.heartbeat-interval", TimeSpan.FromMilliseconds(50)));
        keys.Add(prefix + "acceptable-heartbeat-pause", settings.Duration("monitor.cluster.acceptable-pause"));
        keys.Add(prefix + "threshold", "8.0");
        keys.Add(prefix + "min-std-deviation", TimeSpan.FromMilliseconds(100));
        keys.Add(prefix + "max-sample-size", 200);
        keys.Add(prefix + "expected-response-after", TimeSpan.FromSeconds(1));
    }

    private static void AddStorage(Keys keys, MonitorSettings settings, DataFolder folder)
    {
        var connection = settings.OptionalText("monitor.seed.storage.connection-string")
            ?? new DbConnectionStringBuilder { ["Data Source"] = folder.SeedDatabase }.ConnectionString;
        var provider = settings.Text("monitor.seed.storage.provider");
        foreach (var (part, type) in new[] { ("journal", "Journal.SqlWriteJournal"), ("snapshot-store", "Snapshot.SqlSnapshotStore") })
        {
            var prefix = $"akka.persistence.{part}.";
            keys.Add(prefix + "plugin", prefix + "sql");
            keys.Add(prefix + "sql.class", $"Akka.Persistence.Sql.{type}, Akka.Persistence.Sql");
            keys.Add(prefix + "sql.connection-string", connection);
            keys.Add(prefix + "sql.provider-name", provider);
            keys.Add(prefix + "sql.auto-initialize", "on");
        }
    }

    private static Config Build(Keys keys, MonitorSettings settings) =>
        settings.EngineOverrides.WithFallback(ConfigurationFactory.ParseString(keys.ToString()));

    /// <summary>Keys and values, every value quoted: nothing in a path or name can be mistaken for syntax.</summary>
    private sealed class Keys
    {
        private readonly StringBuilder _text = new();

        public void Add(string key, string value) => Line(key, Quoted(value));

        public void Add(string key, long value) => Line(key, value.ToString(CultureInfo.InvariantCulture));

        public void Add(string key, TimeSpan value) => Line(key, string.Create(CultureInfo.InvariantCulture, $"{value.TotalMilliseconds}ms"));

        public void AddList(string key, params ReadOnlySpan<string> values)
        {
            var items = new List<string>();
            foreach (var value in values)
            {
                items.Add(Quoted(value));
            }

            Line(key, $"[{string.Join(", ", items)}]");
        }

        public override string ToString() => _text.ToString();

        private static string Quoted(string value) => new HoconScalar(value, quoted: true, default).ToHocon();

        private void Line(string key, string value) => _text.Append(key).Append(" = ").Append(value).Append('\n');
    }
}

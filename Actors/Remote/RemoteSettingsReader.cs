using Actors.Configuration;

namespace Actors.Remoting;

/// <summary>Reads <see cref="RemoteSettings"/> from configuration.</summary>
internal static class RemoteSettingsReader
{
    public static RemoteSettings Read(Config config)
    {
        var defaults = new RemoteSettings();
        var remote = config.GetConfig("akka.remote") ?? ConfigurationFactory.Empty;
        var tcp = remote.GetConfig("dot-netty.tcp") ?? ConfigurationFactory.Empty;
        var watch = remote.GetConfig("watch-failure-detector") ?? ConfigurationFactory.Empty;
        var hostname = tcp.GetString("hostname", "") ?? "";
        var publicHostname = tcp.GetString("public-hostname", "") ?? "";
        if (hostname is "0.0.0.0" or "::" && publicHostname.Length == 0)
        {
            throw new RemoteTransportException(
                $"akka.remote.dot-netty.tcp.hostname is {hostname} (all addresses), so others can't tell how to call this system; set akka.remote.dot-netty.tcp.public-hostname");
        }

        return defaults with
        {
            Hostname = hostname.Length > 0 ? hostname : defaults.Hostname,
            Port = tcp.GetInt("port", defaults.Port),
            PublicHostname = publicHostname,
            PublicPort = tcp.GetInt("public-port", defaults.PublicPort),
            MaximumFrameSize = (int)(tcp.GetByteSize("maximum-frame-size", null) ?? defaults.MaximumFrameSize),
            QueueBytes = (int)(tcp.GetByteSize("embedded.queue-size", null) ?? defaults.QueueBytes),
            ConnectionTimeout = tcp.GetTimeSpan("connection-timeout", defaults.ConnectionTimeout),
            RetryGate = remote.GetTimeSpan("retry-gate-closed-for", defaults.RetryGate),
            SystemMessages = remote.GetInt("system-message-buffer-size", defaults.SystemMessages),
            InitialSystemMessageTimeout = remote.GetTimeSpan("initial-system-message-delivery-timeout", defaults.InitialSystemMessageTimeout),
            WatchHeartbeat = watch.GetTimeSpan("heartbeat-interval", defaults.WatchHeartbeat),
            WatchPause = watch.GetTimeSpan("acceptable-heartbeat-pause", defaults.WatchPause),
            EnableSsl = tcp.GetBoolean("enable-ssl", false),
            CertificatePath = tcp.GetString("ssl.certificate.path", "") ?? "",
            CertificatePassword = tcp.GetString("ssl.certificate.password", "") ?? "",
            AuthorityPath = tcp.GetString("ssl.embedded.ca-path", "") ?? "",
            ServerRole = tcp.GetString("ssl.embedded.server-role", "") ?? "",
            TrustedRole = tcp.GetString("ssl.embedded.trusted-role", tcp.GetString("ssl.embedded.server-role", "")) ?? "",
        };
    }
}

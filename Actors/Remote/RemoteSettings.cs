namespace Actors.Remoting;

/// <summary>What remoting is told by configuration. The keys are Akka.NET's; those under <c>embedded</c> are this engine's own.</summary>
internal sealed record RemoteSettings
{
    private const string Tcp = "akka.remote.dot-netty.tcp.";

    /// <summary>Where to listen (<c>hostname</c>); loopback unless told otherwise.</summary>
    public string Hostname { get; init; } = "127.0.0.1";

    /// <summary>0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>How others are to call this system, if not by where it listens (<c>public-hostname</c>).</summary>
    public string PublicHostname { get; init; } = "";

    /// <summary>0 = the port listened on.</summary>
    public int PublicPort { get; init; }

    public int MaximumFrameSize { get; init; } = 128_000;

    /// <summary>For dialling: name, TCP, TLS and greeting, each at most.</summary>
    public TimeSpan ConnectionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After a failed dial or a lost link, how long nothing is dialled.</summary>
    public TimeSpan RetryGate { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Bytes that may wait on one link.</summary>
    public int QueueBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>Messages that may wait for a link that is being dialled.</summary>
    public int WaitingMessages { get; init; } = 10_000;

    /// <summary>System messages that may wait for their acknowledgement before the peer is given up.</summary>
    public int SystemMessages { get; init; } = 20_000;

    /// <summary>How long system messages wait for a peer that can't be reached, before it is given up. One that is dialled for ever (a seed) never is.</summary>
    public TimeSpan InitialSystemMessageTimeout { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How often those that are watched are to be heard of (<c>watch-failure-detector.heartbeat-interval</c>).</summary>
    public TimeSpan WatchHeartbeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How much longer they may be silent before they are taken for dead (<c>acceptable-heartbeat-pause</c>).</summary>
    public TimeSpan WatchPause { get; init; } = TimeSpan.FromSeconds(10);

    public bool EnableSsl { get; init; }

    public string CertificatePath { get; init; } = "";

    public string CertificatePassword { get; init; } = "";

    /// <summary>PEM file of the cluster's certificate authority (<c>ssl.embedded.ca-path</c>).</summary>
    public string AuthorityPath { get; init; } = "";

    /// <summary>The OU a peer must have to be dialled; empty = any (<c>ssl.embedded.server-role</c>).</summary>
    public string ServerRole { get; init; } = "";

    /// <summary>The OU of peers that may say everything; empty = all may (<c>ssl.embedded.trusted-role</c>, by default the same as <see cref="ServerRole"/>).</summary>
    public string TrustedRole { get; init; } = "";

    public LinkSettings Link => new(MaximumFrameSize, QueueBytes);
}

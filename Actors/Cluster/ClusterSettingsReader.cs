using System.Collections.Immutable;
using Actors.Configuration;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>Reads <see cref="ClusterSettings"/> from <c>akka.cluster</c>. Other keys of Akka.NET's are ignored, but for a downing provider, which this engine has none of.</summary>
internal static class ClusterSettingsReader
{
    /// <exception cref="ConfigurationException">A key has a value that this engine can't honour.</exception>
    public static ClusterSettings Read(Config config)
    {
        var defaults = new ClusterSettings();
        var cluster = config.GetConfig("akka.cluster") ?? ConfigurationFactory.Empty;
        if (cluster.GetString("downing-provider-class", "") is { Length: > 0 } provider)
        {
            throw new ConfigurationException($"akka.cluster.downing-provider-class is '{provider}': here nobody downs by himself; leave it empty and call Cluster.Down");
        }

        return defaults with
        {
            // Whom to join at the start; the first of them may found the cluster. Empty: the program calls Join or JoinSeedNodes.
            SeedNodes = [.. Texts(cluster, "seed-nodes").Select(Address.Parse)],

            // What this member is for; others see it.
            Roles = [.. Texts(cluster, "roles")],

            // Only members with this role watch the others, vote and lead. Empty: all do, each watching a few others on a ring.
            VoterRole = cluster.GetString("embedded.observer-role", "") ?? "",

            // Each voter compares notes with another so often; members that do not vote are told of each other's changes so often.
            GossipInterval = Positive(cluster, "gossip-interval", defaults.GossipInterval),

            // The leader acts at once when it may; this only repeats it.
            LeaderActionsInterval = Positive(cluster, "leader-actions-interval", defaults.LeaderActionsInterval),

            // The failure detectors are looked at so often, and besides at the very moment at which one would give up.
            ReaperInterval = Positive(cluster, "unreachable-nodes-reaper-interval", defaults.ReaperInterval),

            // Whether new members may work while a voter is unreachable, as WeaklyUp.
            AllowWeaklyUp = cluster.GetString("allow-weakly-up-members", "on") is not ("off" or "false" or "no"),

            // The first seed node founds a cluster if none of the others has told of one for so long.
            SeedNodeTimeout = Positive(cluster, "seed-node-timeout", defaults.SeedNodeTimeout),

            // A join without answer is repeated so often; off: never.
            RetryUnsuccessfulJoinAfter = cluster.GetString("retry-unsuccessful-join-after", "") == "off"
                ? null
                : Positive(cluster, "retry-unsuccessful-join-after", defaults.RetryUnsuccessfulJoinAfter!.Value),

            // Whether the actor system ends when this member is downed. If not, the program must end it: it can't join again.
            RunCoordinatedShutdownWhenDown = cluster.GetBoolean("run-coordinated-shutdown-when-down", defaults.RunCoordinatedShutdownWhenDown),

            // How many on the ring watch each member; only with an empty observer-role.
            MonitoredByNrOfMembers = cluster.GetInt("failure-detector.monitored-by-nr-of-members", defaults.MonitoredByNrOfMembers),
            Detector = ReadDetector(cluster, defaults.Detector),
        };
    }

    private static FailureDetectorSettings ReadDetector(Config cluster, FailureDetectorSettings defaults)
    {
        const string Prefix = "failure-detector.";
        return defaults with
        {
            // Everyone promises one frame each so long to those that watch it.
            HeartbeatInterval = Positive(cluster, Prefix + "heartbeat-interval", defaults.HeartbeatInterval),

            // Of phi. 8: wrong once in 10^8 if intervals are distributed as assumed.
            Threshold = cluster.GetDouble(Prefix + "threshold", defaults.Threshold) is var t and > 0
                ? t
                : throw new ConfigurationException("akka.cluster.failure-detector.threshold must be positive"),
            MaxSampleSize = Math.Max(1, cluster.GetInt(Prefix + "max-sample-size", defaults.MaxSampleSize)),
            MinStdDeviation = Positive(cluster, Prefix + "min-std-deviation", defaults.MinStdDeviation),
            AcceptableHeartbeatPause = cluster.GetTimeSpan(Prefix + "acceptable-heartbeat-pause", defaults.AcceptableHeartbeatPause),
            ExpectedResponseAfter = cluster.GetTimeSpan(Prefix + "expected-response-after", defaults.ExpectedResponseAfter),

            // A broken link that is not back after so long counts as silence enough.
            LinkLossGrace = Positive(cluster, "embedded.link-loss-grace", defaults.LinkLossGrace),
        };
    }

    private static TimeSpan Positive(Config config, string key, TimeSpan @default)
    {
        var value = config.GetTimeSpan(key, @default, allowInfinite: false);
        return value > TimeSpan.Zero ? value : throw new ConfigurationException($"akka.cluster.{key} must be positive");
    }

    private static ImmutableArray<string> Texts(Config config, string key) => config.HasPath(key) ? [.. config.GetStringList(key)] : [];
}

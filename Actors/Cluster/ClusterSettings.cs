using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary><c>akka.cluster</c> as this engine reads it. The defaults stand here; <see cref="ClusterSettingsReader"/> has the keys.</summary>
internal sealed record ClusterSettings
{
    public ImmutableArray<Address> SeedNodes { get; init; } = [];

    public ImmutableHashSet<string> Roles { get; init; } = [];

    /// <summary>See <see cref="Gossip.VoterRole"/>.</summary>
    public string VoterRole { get; init; } = "";

    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LeaderActionsInterval { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan ReaperInterval { get; init; } = TimeSpan.FromSeconds(0.5);

    public bool AllowWeaklyUp { get; init; } = true;

    public TimeSpan SeedNodeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Null: a join that was not answered is not repeated.</summary>
    public TimeSpan? RetryUnsuccessfulJoinAfter { get; init; } = TimeSpan.FromSeconds(1);

    public bool RunCoordinatedShutdownWhenDown { get; init; } = true;

    public int MonitoredByNrOfMembers { get; init; } = 9;

    public FailureDetectorSettings Detector { get; init; } = new(
        HeartbeatInterval: TimeSpan.FromSeconds(0.5),
        Threshold: 8,
        MaxSampleSize: 100,
        MinStdDeviation: TimeSpan.FromSeconds(0.1),
        AcceptableHeartbeatPause: TimeSpan.FromSeconds(1.7),
        ExpectedResponseAfter: TimeSpan.FromSeconds(1),
        LinkLossGrace: TimeSpan.FromSeconds(1));

    /// <summary>Whether a member with these roles votes.</summary>
    public bool Votes(ImmutableHashSet<string> roles) => VoterRole.Length == 0 || roles.Contains(VoterRole);
}

using System.Collections.Immutable;
using Actors.Core;

namespace Actors.Clustering;

/// <summary>Only of the embedded engine: why a member is, or is not, taken to be there. Safe to ask from any thread.</summary>
public static class ClusterEvidence
{
    /// <summary>What this system knows at this moment of the member at that address; null if no such member is known.</summary>
    public static MemberEvidence? Of(ActorSystem system, Address address)
    {
        var cluster = Cluster.Get(system);
        var member = cluster.View.Members.At(address).LastOrDefault();
        if (member is null || cluster.Protocol is not { } protocol)
        {
            return null;
        }

        var (now, utc) = cluster.Clocks();
        var watched = protocol.Post.Evidence(member.UniqueAddress, now);
        return new MemberEvidence(
            watched?.Phi,
            watched?.LastHeartbeat is { } at ? utc - (now - at) : null,
            [.. protocol.ObserversOf(member.UniqueAddress).Select(o => o.Address)]);
    }
}

/// <summary>Why a member is, or is not, taken to be there.</summary>
/// <param name="Phi">How suspicious its silence is to this system's own detector: from <c>akka.cluster.failure-detector.threshold</c> on it is called unreachable. Null if this system does not watch it.</param>
/// <param name="LastHeartbeat">When anything last came from it, as this system's own detector saw it (that looks at least once each reaper interval). Null if nothing has.</param>
/// <param name="UnreachableAccordingTo">Which members call it unreachable.</param>
public sealed record MemberEvidence(double? Phi, DateTimeOffset? LastHeartbeat, ImmutableArray<Address> UnreachableAccordingTo);

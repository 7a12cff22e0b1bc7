using Actors.Core;

namespace Actors.Clustering;

/// <summary>
/// What a member of a cluster does, as a state machine: <see cref="VotingMember"/> judges, <see cref="PassiveMember"/> is told.
/// Not thread-safe; every call is one event.
/// </summary>
internal abstract class MemberProtocol(ClusterSettings settings, UniqueAddress self, IClusterShell shell)
{
    protected ClusterSettings Settings { get; } = settings;

    protected UniqueAddress Self { get; } = self;

    protected IClusterShell Shell { get; } = shell;

    /// <summary>Its part in the cluster has ended; nothing that happens concerns it any more.</summary>
    public bool IsStopped { get; private set; }

    /// <summary>The cluster as this member sees it.</summary>
    public abstract ClusterView View { get; }

    /// <summary>What this member watches.</summary>
    public abstract ObserverPost Post { get; }

    /// <summary>Call <see cref="Wake"/> then, or as soon after as possible.</summary>
    public abstract TimeSpan NextWake { get; }

    /// <summary>Who calls this member unreachable, as far as this member knows.</summary>
    public abstract IReadOnlyList<UniqueAddress> ObserversOf(UniqueAddress subject);

    public abstract void Wake();

    public abstract void Receive(ClusterMessage message, ClusterPeer peer);

    /// <summary>A link to this incarnation has come up.</summary>
    public abstract void LinkUp(UniqueAddress peer);

    /// <summary>The link to this incarnation has gone.</summary>
    public abstract void LinkLost(UniqueAddress peer);

    /// <summary>The system at this address will hear nothing from this one any more.</summary>
    public abstract void QuarantinedBy(Address peer);

    public abstract void Leave(Address address);

    public abstract void Down(Address address);

    /// <summary>Everything that had to be done before going is done; see <see cref="IClusterShell.SelfExiting"/>.</summary>
    public abstract void ExitingCompleted();

    protected void Stop(StopReason reason, string why)
    {
        if (!IsStopped)
        {
            IsStopped = true;
            Shell.Stop(reason, why);
        }
    }
}

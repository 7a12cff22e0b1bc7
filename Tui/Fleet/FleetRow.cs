using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>A node as the lists show it: the newest of each part that the seed has sent.</summary>
internal sealed class FleetRow(string id)
{
    private static readonly NodeIdentity NoIdentity = new();
    private static readonly NodeStanding NoStanding = new();
    private static readonly NodeVitals NoVitals = new()
    {
        Cpu = float.NaN,
        Memory = float.NaN,
        Swap = float.NaN,
        Disk = float.NaN,
        Load1 = float.NaN,
        RxBytesPerS = double.NaN,
        TxBytesPerS = double.NaN,
        ReadBytesPerS = double.NaN,
        WriteBytesPerS = double.NaN,
    };

    public string Id { get; } = id;

    public NodeIdentity Identity { get; private set; } = NoIdentity;

    public NodeStanding Standing { get; private set; } = NoStanding;

    public NodeVitals Vitals { get; private set; } = NoVitals;

    public CpuTrail Trail { get; } = new();

    public string Name => Identity.Name.Length > 0 ? Identity.Name : Id;

    public AvailabilityState State => Standing.State;

    /// <summary>The numbers are of now; of a node that is neither up nor suspect nothing is known.</summary>
    public bool HasNumbers => State is AvailabilityState.AvailabilityUp or AvailabilityState.AvailabilitySuspect && Vitals.TimeMs > 0;

    public void Apply(FleetNode change)
    {
        Identity = change.Identity ?? Identity;
        Standing = change.Standing ?? Standing;
        Vitals = change.Vitals ?? Vitals;
        if (change.CpuTrail.Length > 0)
        {
            Trail.Load(change.CpuTrail.Span, Vitals.TimeMs / 1000);
        }

        if (change.Vitals is { } vitals)
        {
            Trail.Set(vitals.TimeMs / 1000, vitals.Cpu);
        }
    }
}

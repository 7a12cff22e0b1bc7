namespace Simulation.Faults;

/// <summary>All faults that a run may draw.</summary>
internal static class FaultCatalog
{
    public static IReadOnlyList<IFault> All { get; } =
    [
        new LinkLoss(), new Delay(), new OneWayPartition(), new Partition(), new Isolation(), new Crash(), new Pause(), new ClockJump(), new Goodbye(),
    ];
}

using Simulation.World;

namespace Simulation.Faults;

/// <summary>The connections between two hosts are reset; what was on its way is lost. They may connect again at once.</summary>
internal sealed class LinkLoss : IFault
{
    public void Strike(SimulatedWorld world)
    {
        var (a, b) = world.AnyPair();
        world.Journal.Say($"links between {a} and {b} are reset");
        world.Wires.Network.Reset(a, b);
    }
}

using Simulation.World;

namespace Simulation.Faults;

/// <summary>Nothing gets from one host to another for a while; the other way is open.</summary>
internal sealed class OneWayPartition : IFault
{
    public void Strike(SimulatedWorld world)
    {
        var (from, to) = world.AnyPair();
        world.Journal.Say($"{from} -> {to} is cut");
        world.Wires.Block(from, to);
        world.Until(world.AnyDuration(40), () =>
        {
            world.Journal.Say($"{from} -> {to} is open again");
            world.Wires.Unblock(from, to);
        });
    }
}

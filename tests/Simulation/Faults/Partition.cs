using Simulation.World;

namespace Simulation.Faults;

/// <summary>The hosts fall into two sides that can't reach each other for a while.</summary>
internal sealed class Partition : IFault
{
    public void Strike(SimulatedWorld world)
    {
        var left = world.Hosts.Where(_ => world.Dice.Next(2) == 0).ToArray();
        var cuts = (from a in left from b in world.Hosts.Except(left) select (a, b)).ToArray();
        world.Journal.Say($"[{string.Join(" ", left)}] are cut from the rest");
        foreach (var (a, b) in cuts)
        {
            world.Wires.Block(a, b);
            world.Wires.Block(b, a);
        }

        world.Until(world.AnyDuration(60), () =>
        {
            world.Journal.Say($"[{string.Join(" ", left)}] are back");
            foreach (var (a, b) in cuts)
            {
                world.Wires.Unblock(a, b);
                world.Wires.Unblock(b, a);
            }
        });
    }
}

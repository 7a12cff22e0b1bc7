using Simulation.World;

namespace Simulation.Faults;

/// <summary>One direction between two hosts is slow for a while.</summary>
internal sealed class Delay : IFault
{
    public void Strike(SimulatedWorld world)
    {
        var (from, to) = world.AnyPair();
        var ms = world.Dice.NextDouble() * 1500;
        world.Journal.Say($"{from} -> {to} takes {ms:0} ms more");
        world.Wires.Slow(from, to, ms);
        world.Until(world.AnyDuration(20), () =>
        {
            world.Journal.Say($"{from} -> {to} is quick again");
            world.Wires.Hurry(from, to);
        });
    }
}

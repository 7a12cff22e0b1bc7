using Simulation.World;

namespace Simulation.Faults;

/// <summary>One host is cut from all others for a while: its cable is out.</summary>
internal sealed class Isolation : IFault
{
    public void Strike(SimulatedWorld world)
    {
        var host = world.AnyHost();
        world.Journal.Say($"{host} is cut off");
        foreach (var other in world.Hosts.Where(h => h != host))
        {
            world.Wires.Block(host, other);
            world.Wires.Block(other, host);
        }

        world.Until(world.AnyDuration(60), () =>
        {
            world.Journal.Say($"{host} is back");
            foreach (var other in world.Hosts.Where(h => h != host))
            {
                world.Wires.Unblock(host, other);
                world.Wires.Unblock(other, host);
            }
        });
    }
}

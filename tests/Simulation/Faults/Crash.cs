using Simulation.World;

namespace Simulation.Faults;

/// <summary>A process is killed, and started again on the same port after a while.</summary>
internal sealed class Crash : IFault
{
    public void Strike(SimulatedWorld world)
    {
        if (world.At(world.AnyHost()) is not { } process)
        {
            return;
        }

        world.Journal.Add(new Deed(world.Time.Elapsed, process.Host, process.Life, "is killed"));
        process.Crash();
        world.Until(world.AnyDuration(40), () => world.StartUnlessRunning(process.Host));
    }
}

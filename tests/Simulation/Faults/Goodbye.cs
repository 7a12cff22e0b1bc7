using Simulation.World;

namespace Simulation.Faults;

/// <summary>Not a fault but mixed among them: an agent is stopped in good order (SIGTERM), and started again after a while.</summary>
internal sealed class Goodbye : IFault
{
    public void Strike(SimulatedWorld world)
    {
        if (world.At(world.AnyHost()) is not { IsSeed: false } process)
        {
            return;
        }

        world.Journal.Add(new Deed(world.Time.Elapsed, process.Host, process.Life, "is asked to leave"));
        process.Leave();
        world.Until(TimeSpan.FromSeconds(15) + world.AnyDuration(40), () => world.StartUnlessRunning(process.Host));
    }
}

using Simulation.World;

namespace Simulation.Faults;

/// <summary>A process stands still for a while (SIGSTOP, a virtual machine that is moved); then it does all that was due.</summary>
internal sealed class Pause : IFault
{
    public void Strike(SimulatedWorld world)
    {
        if (world.At(world.AnyHost()) is not { IsPaused: false } process)
        {
            return;
        }

        world.Journal.Add(new Deed(world.Time.Elapsed, process.Host, process.Life, "stands still"));
        process.Pause();
        world.Until(world.AnyDuration(30), () =>
        {
            if (process is { IsAlive: true, IsPaused: true })
            {
                world.Journal.Add(new Deed(world.Time.Elapsed, process.Host, process.Life, "goes on"));
                process.Resume();
            }
        });
    }
}

using Simulation.World;

namespace Simulation.Faults;

/// <summary>Somebody sets the clock on a host's wall, by up to a day. Nothing may depend on it.</summary>
internal sealed class ClockJump : IFault
{
    public void Strike(SimulatedWorld world)
    {
        if (world.At(world.AnyHost()) is not { } process)
        {
            return;
        }

        var jump = TimeSpan.FromHours((world.Dice.NextDouble() * 48) - 24);
        world.Journal.Add(new Deed(world.Time.Elapsed, process.Host, process.Life, $"its clock jumps by {jump.TotalHours:0.0} h"));
        process.Machine.WallClockOffset += jump;
    }
}

using Simulation.World;

namespace Simulation.Faults;

/// <summary>Something that goes wrong. One file each; <see cref="FaultCatalog"/> is the only list.</summary>
internal interface IFault
{
    /// <summary>Goes wrong now, as the world's dice fall, says so in the journal, and sees to it that it ends by itself.</summary>
    void Strike(SimulatedWorld world);
}

/// <summary>What they share.</summary>
internal static class FaultDice
{
    public static string AnyHost(this SimulatedWorld world) => world.Hosts[world.Dice.Next(world.Hosts.Count)];

    public static (string A, string B) AnyPair(this SimulatedWorld world)
    {
        var a = world.Dice.Next(world.Hosts.Count);
        var b = (a + 1 + world.Dice.Next(world.Hosts.Count - 1)) % world.Hosts.Count;
        return (world.Hosts[a], world.Hosts[b]);
    }

    /// <summary>Mostly short, sometimes long enough for everybody to notice.</summary>
    public static TimeSpan AnyDuration(this SimulatedWorld world, double longestSeconds)
    {
        var x = world.Dice.NextDouble();
        return TimeSpan.FromSeconds(x * x * longestSeconds);
    }

    public static void Until(this SimulatedWorld world, TimeSpan duration, Action end)
    {
        world.PendingFaults++;
        world.Time.After(duration, () =>
        {
            world.PendingFaults--;
            end();
        });
    }
}

namespace ClusterMonitor.NodeAgent;

/// <summary>
/// The actors of an agent in an actor system: in a process of its own they are started by <see cref="AgentHost"/>; a seed starts them
/// beside its own actors, to monitor its machine.
/// </summary>
internal static class AgentActors
{
    /// <summary>Path of the registry of nodes in the seed's own process.</summary>
    public const string LocalRegistry = "/user/nodes";

    /// <summary>Starts uplink and sampler, and lets a shutdown in good order send what is in the outbox.</summary>
    /// <param name="system">Whose actors they will be.</param>
    /// <param name="state">Outlives them; the caller disposes it.</param>
    /// <param name="settings">Whom to report to.</param>
    /// <param name="time">Both clocks.</param>
    /// <param name="dice">For jitter.</param>
    /// <param name="report">Hears what becomes of the link; called on an actor's thread.</param>
    /// <returns>The uplink.</returns>
    public static IActorRef Start(ActorSystem system, AgentState state, UplinkSettings settings, TimeProvider time, Random dice, Action<UplinkReport> report)
    {
        var uplink = system.ActorOf(Props.Create(() => new UplinkActor(state, settings, time, dice, report)), "uplink");
        var sampler = system.ActorOf(Props.Create(() => new SamplerActor(state, uplink, time)), "sampler");
        var shutdown = CoordinatedShutdown.Get(system);
        shutdown.AddTask(CoordinatedShutdown.PhaseBeforeServiceUnbind, "agent-flush", () => Flush(shutdown, sampler, uplink));
        return uplink;
    }

    // Half a second is plenty for a seed that answers; one that does not has seen the last samples live.
    private static async Task<Done> Flush(CoordinatedShutdown shutdown, IActorRef sampler, IActorRef uplink)
    {
        // Another actor system follows in this process: sampling goes on until it does, and the outbox keeps what there is.
        if (shutdown.ShutdownReason is CoordinatedShutdown.ClusterDowningReason)
        {
            return Done.Instance;
        }

        try
        {
            // A sample taken after the last block would be in none.
            await sampler.GracefulStop(TimeSpan.FromMilliseconds(500)).ConfigureAwait(false);
            return await uplink.Ask<Done>(FlushOutbox.Instance, TimeSpan.FromMilliseconds(500)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or TaskCanceledException)
        {
            return Done.Instance;
        }
    }
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Hosting;

/// <summary>Actor systems of the programs: one name, one registry of messages, no other way to serialize.</summary>
public static class MonitorSystem
{
    /// <summary>Starts a system.</summary>
    /// <param name="config">From <see cref="EngineConfig"/>.</param>
    /// <param name="log">Takes what actors and engine log; null = nobody does.</param>
    public static ActorSystem Start(Config config, ProgramLog? log)
    {
        var system = ActorSystem.Create(EngineConfig.SystemName, Setup(config));
        log?.Attach(system);
        return system;
    }

    /// <summary>What <see cref="Start"/> hands to the engine; tests add to it.</summary>
    public static ActorSystemSetup Setup(Config config) =>
        BootstrapSetup.Create().WithConfig(config).And(MonitorSerializer.Setup);
}

/// <summary>A signal asked the program to stop.</summary>
public sealed class SignalReason : CoordinatedShutdown.Reason
{
    /// <summary>By this signal.</summary>
    public SignalReason(string signal) => Signal = signal;

    /// <summary><c>SIGTERM</c>, …</summary>
    public string Signal { get; }
}

/// <summary>The user asked the program to stop, by a key.</summary>
public sealed class UserReason : CoordinatedShutdown.Reason
{
    /// <summary>The only one.</summary>
    public static UserReason Instance { get; } = new();
}

using System.Diagnostics.CodeAnalysis;
using Actors.Configuration;

namespace Actors.Core;

/// <summary>A hierarchy of actors with all they share.</summary>
public abstract class ActorSystem : IActorRefFactory, IDisposable
{
    private protected ActorSystem()
    {
    }

    /// <summary>What it was configured with.</summary>
    public abstract Settings Settings { get; }

    /// <summary>Its name, part of every address.</summary>
    public abstract string Name { get; }

    /// <summary>Turns messages into bytes and back.</summary>
    public abstract Serialization.Serialization Serialization { get; }

    /// <summary>Everyone in the system who wants to know.</summary>
    public abstract EventStream EventStream { get; }

    /// <summary>Where messages to nobody end.</summary>
    public abstract IActorRef DeadLetters { get; }

    /// <summary>Ignores what it is told.</summary>
    public abstract IActorRef IgnoreRef { get; }

    /// <summary>Sends messages later.</summary>
    public abstract IScheduler Scheduler { get; }

    /// <summary>The system's own logger.</summary>
    public abstract ILoggingAdapter Log { get; }

    /// <summary>When it was made, since 1970 UTC.</summary>
    public abstract TimeSpan StartTime { get; }

    /// <summary>How long it has run.</summary>
    public abstract TimeSpan Uptime { get; }

    /// <summary>Done when the last actor and the transport have stopped.</summary>
    public abstract Task WhenTerminated { get; }

    /// <summary>With the default configuration.</summary>
    public static ActorSystem Create(string name) => Create(name, ActorSystemSetup.Empty);

    /// <summary>With this configuration over the default one.</summary>
    public static ActorSystem Create(string name, Config config) => Create(name, BootstrapSetup.Create().WithConfig(config));

    /// <summary>With this setup.</summary>
    public static ActorSystem Create(string name, BootstrapSetup setup) => Create(name, ActorSystemSetup.Create(setup));

    /// <summary>With this setup.</summary>
    /// <exception cref="ArgumentException">The name has other characters than letters, digits, - and _, or starts with - or _.</exception>
    public static ActorSystem Create(string name, ActorSystemSetup setup)
    {
        var system = new ActorSystemImpl(name, setup);
        system.Start();
        return system;
    }

    /// <inheritdoc/>
    public abstract IActorRef ActorOf(Props props, string? name = null);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(ActorPath actorPath);

    /// <inheritdoc/>
    public abstract ActorSelection ActorSelection(string actorPath);

    /// <summary>Stops an actor, whoever its parent is.</summary>
    public abstract void Stop(IActorRef actor);

    /// <summary>Runs the coordinated shutdown (leaving the cluster, if in one), stops all actors and then the transport.</summary>
    public abstract Task Terminate();

    /// <summary>Run when all actors have stopped, last registered first.</summary>
    public abstract void RegisterOnTermination(Action code);

    /// <summary>The extension, made if need be.</summary>
    public abstract object RegisterExtension(IExtensionId extension);

    /// <summary>The extension, made if need be.</summary>
    public abstract object GetExtension(IExtensionId extensionId);

    /// <summary>The extension if it was made; else null.</summary>
    public abstract T GetExtension<T>()
        where T : class, IExtension;

    /// <summary>Whether the extension was made.</summary>
    public abstract bool HasExtension<T>()
        where T : class, IExtension;

    /// <summary>The extension if it was made.</summary>
    public abstract bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class, IExtension;

    /// <summary>Terminates it.</summary>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Terminates it, without waiting.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            Terminate();
        }
    }
}

/// <summary>What extensions and serializers may use of their system.</summary>
public abstract class ExtendedActorSystem : ActorSystem
{
    private protected ExtendedActorSystem()
    {
    }

    internal abstract ActorSystemImpl Impl { get; }

    /// <summary>Seam: makes, finds and names actors; remoting and cluster supply their own.</summary>
    internal abstract IActorRefProvider Provider { get; }

    /// <summary>Starts an actor below <c>/system</c>; it is stopped after those of <c>/user</c>.</summary>
    public abstract IActorRef SystemActorOf(Props props, string? name = null);

    /// <summary>Ends it at once, without the coordinated shutdown.</summary>
    public abstract void Abort();
}

/// <summary>What a system was configured with.</summary>
public class Settings
{
    internal Settings(ActorSystem system, Config config, ActorSystemSetup setup)
    {
        System = system;
        Config = config;
        Setup = setup;
        LogLevel = config.GetString("akka.loglevel", "INFO")!;
        AskTimeout = config.GetTimeSpan("akka.actor.ask-timeout", Timeout.InfiniteTimeSpan, allowInfinite: true);
        ProviderClass = config.GetString("akka.actor.provider", "local")!;
        CoordinatedShutdownTerminateActorSystem = config.GetBoolean("akka.coordinated-shutdown.terminate-actor-system", true);
        CoordinatedShutdownRunByActorSystemTerminate = config.GetBoolean("akka.coordinated-shutdown.run-by-actor-system-terminate", true);
    }

    /// <summary>Its system.</summary>
    public ActorSystem System { get; }

    /// <summary>The configuration with all defaults behind it.</summary>
    public Config Config { get; private set; }

    /// <summary>What it was made with.</summary>
    public ActorSystemSetup Setup { get; }

    /// <summary><c>akka.loglevel</c>.</summary>
    public string LogLevel { get; }

    /// <summary><c>akka.actor.ask-timeout</c>: the default of Ask; infinite unless configured.</summary>
    public TimeSpan AskTimeout { get; }

    /// <summary><c>akka.actor.provider</c>.</summary>
    public string ProviderClass { get; }

    /// <summary><c>akka.coordinated-shutdown.terminate-actor-system</c>.</summary>
    public bool CoordinatedShutdownTerminateActorSystem { get; }

    /// <summary><c>akka.coordinated-shutdown.run-by-actor-system-terminate</c>.</summary>
    public bool CoordinatedShutdownRunByActorSystemTerminate { get; }

    /// <summary>Puts defaults behind the configuration.</summary>
    public void InjectTopLevelFallback(Config config) => Config = Config.WithFallback(config);
}

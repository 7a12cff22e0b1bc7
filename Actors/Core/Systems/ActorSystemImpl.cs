using System.Diagnostics.CodeAnalysis;
using Actors.Configuration;

namespace Actors.Core;

/// <summary>The actor system: holds together what its actors share.</summary>
internal sealed class ActorSystemImpl : ExtendedActorSystem
{
    private readonly TaskCompletionSource _terminated;
    private readonly ExtensionRegistry _extensions;
    private readonly Stack<Action> _onTermination = [];
    private readonly long _started;
    private readonly long _uidSalt;
    private long _uids;
    private bool _terminationBegun;

    internal ActorSystemImpl(string name, ActorSystemSetup setup)
    {
        Name = CheckName(name);
        setup.TryGet<EmbeddedSetup>(out var embedded);
        Embedded = embedded ?? new EmbeddedSetup();
        TimeProvider = Embedded.TimeProvider ?? EmbeddedSetup.DefaultTimeProvider;
        Random = new LockedRandom(Embedded.Random ?? EmbeddedSetup.DefaultRandom());
        Dispatcher = Embedded.Dispatcher ?? new ThreadPoolDispatcher();
        _terminated = new TaskCompletionSource(
            Dispatcher is ThreadPoolDispatcher ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
        _started = TimeProvider.GetTimestamp();
        StartTime = TimeProvider.GetUtcNow() - DateTimeOffset.UnixEpoch;
        _uidSalt = Random.NextInt64();

        setup.TryGet<BootstrapSetup>(out var bootstrap);
        var config = bootstrap is { Config.HasValue: true } ? bootstrap.Config.Value : ConfigurationFactory.Empty;
        Settings = new Settings(this, config, setup);
        MinimumLogLevel = Logging.LogLevelFor(Settings.LogLevel);
        Dispatcher.Throughput = config.GetInt("akka.actor.default-dispatcher.throughput", Dispatcher.Throughput);
        EventStream = new EventStream(TimeProvider);
        Log = new BusLogging(this, $"ActorSystem({name})", typeof(ActorSystem));
        Timers = new TimerQueue(TimeProvider, e => Log.Error(e, "a scheduled action threw: {0}", e.Message));
        Scheduler = Embedded.SchedulerFactory?.Invoke(config, Log) ?? new EngineScheduler(Timers);
        _extensions = new ExtensionRegistry(this);
        Provider = ActorRefProviderFactory.Create(this, Settings.ProviderClass);
        DeadLettersRef = (EmptyLocalActorRef)Provider.DeadLetters;
        Serialization = new Serialization.Serialization(this);
    }

    public override string Name { get; }

    public override Settings Settings { get; }

    public override Serialization.Serialization Serialization { get; }

    public override EventStream EventStream { get; }

    public override IActorRef DeadLetters => DeadLettersRef;

    public override IActorRef IgnoreRef => Nobody.Instance;

    public override IScheduler Scheduler { get; }

    public override ILoggingAdapter Log { get; }

    public override TimeSpan StartTime { get; }

    public override TimeSpan Uptime => TimeProvider.GetElapsedTime(_started);

    public override Task WhenTerminated => _terminated.Task;

    internal override ActorSystemImpl Impl => this;

    internal override IActorRefProvider Provider { get; }

    /// <summary>All time of the engine comes from here.</summary>
    internal TimeProvider TimeProvider { get; }

    /// <summary>All dice of the engine come from here; any thread may use it.</summary>
    internal Random Random { get; }

    internal MessageDispatcher Dispatcher { get; }

    /// <summary>The engine's own timers; <see cref="Scheduler"/> stands on it too, unless another was handed in.</summary>
    internal TimerQueue Timers { get; }

    internal EmbeddedSetup Embedded { get; }

    internal EngineCounters Counters { get; } = new();

    internal AddressTerminatedTopic AddressTerminatedTopic { get; } = new();

    internal EmptyLocalActorRef DeadLettersRef { get; }

    internal LogLevel MinimumLogLevel { get; set; }

    public override IActorRef ActorOf(Props props, string? name = null) => Provider.Guardian.Cell.ActorOf(props, name);

    public override IActorRef SystemActorOf(Props props, string? name = null) => Provider.SystemGuardian.Cell.ActorOf(props, name);

    public override ActorSelection ActorSelection(ActorPath actorPath) =>
        new(Provider.RootGuardianAt(actorPath.Address), ActorSelections.WithUid(actorPath));

    public override ActorSelection ActorSelection(string actorPath) => ActorSelections.Parse(Provider, Provider.Guardian, actorPath);

    public override void Stop(IActorRef actor)
    {
        var parent = (actor as IInternalActorRef)?.Parent;
        if (parent is LocalActorRef guardian && (guardian.Equals(Provider.Guardian) || guardian.Equals(Provider.SystemGuardian)))
        {
            guardian.Cell.NoteChildShallDie(actor);
        }

        ((IInternalActorRef)actor).Stop();
    }

    public override Task Terminate()
    {
        if (Settings.CoordinatedShutdownRunByActorSystemTerminate && !_terminationBegun)
        {
            CoordinatedShutdown.Get(this).Run(CoordinatedShutdown.ActorSystemTerminateReason.Instance);
        }
        else
        {
            FinalTerminate();
        }

        return WhenTerminated;
    }

    public override void Abort() => FinalTerminate();

    public override void RegisterOnTermination(Action code)
    {
        lock (_onTermination)
        {
            if (WhenTerminated.IsCompleted)
            {
                throw new InvalidOperationException($"actor system {Name} has terminated");
            }

            _onTermination.Push(code);
        }
    }

    public override object RegisterExtension(IExtensionId extension) => _extensions.GetOrCreate(extension);

    public override object GetExtension(IExtensionId extensionId) => _extensions.GetOrCreate(extensionId);

    public override T GetExtension<T>() => TryGetExtension<T>(out var extension) ? extension : null!;

    public override bool HasExtension<T>() => _extensions.TryGet(typeof(T), out _);

    public override bool TryGetExtension<T>([NotNullWhen(true)] out T? extension)
        where T : class
    {
        extension = _extensions.TryGet(typeof(T), out var found) ? (T)found : null;
        return extension is not null;
    }

    public override string ToString() => Provider.RootPath.Address.ToString();

    internal void Start()
    {
        try
        {
            Provider.Init(this);
            CoordinatedShutdown.Get(this);
        }
        catch
        {
            Timers.Dispose();
            throw;
        }
    }

    /// <summary>A fresh incarnation number: never 0, and hardly one that an earlier system of this address used.</summary>
    internal long NextUid()
    {
        var mixed = unchecked((ulong)(_uidSalt + Interlocked.Increment(ref _uids)) * 0x9E3779B97F4A7C15UL);
        return (long)(mixed >> 33) | 1;
    }

    internal LaterHandle TellLater(TimeSpan delay, TimeSpan interval, IInternalActorRef receiver, object message)
    {
        if (Scheduler is EngineScheduler)
        {
            var entry = new TellLaterEntry(receiver, message);
            Timers.Schedule(entry, delay, interval);
            return new LaterHandle(Timers, entry);
        }

        var cancelable = new Cancelable(Scheduler);
        if (interval > TimeSpan.Zero)
        {
            Scheduler.ScheduleTellRepeatedly(delay, interval, receiver, message, receiver, cancelable);
        }
        else
        {
            Scheduler.ScheduleTellOnce(delay, receiver, message, receiver, cancelable);
        }

        return new LaterHandle(cancelable);
    }

    internal void PublishLog(LogEvent entry)
    {
        if (entry.LogLevel() >= MinimumLogLevel && EventStream.HasReceivers(entry.GetType()))
        {
            EventStream.Publish(entry);
        }
    }

    /// <summary>Stops all actors, without the coordinated shutdown (which calls this as its last step).</summary>
    internal void FinalTerminate()
    {
        _terminationBegun = true;
        Provider.Guardian.Stop();
    }

    /// <summary>The last actor is about to end.</summary>
    internal void RootTerminated() => _ = FinishTermination();

    private static string CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Length > 0 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_')
            ? name
            : throw new ArgumentException($"invalid name of an actor system '{name}': letters, digits, - and _ only, starting with a letter or digit", nameof(name));
    }

    private async Task FinishTermination()
    {
        try
        {
            await Provider.ShutdownTransport().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            Log.Error(e, "closing the transport failed: {0}", e.Message);
        }

        Action[] hooks;
        lock (_onTermination)
        {
            hooks = [.. _onTermination];
            _onTermination.Clear();
        }

        foreach (var hook in hooks)
        {
            try
            {
                hook();
            }
            catch (Exception e)
            {
                Log.Error(e, "a termination callback failed: {0}", e.Message);
            }
        }

        if (Scheduler is IDisposable disposable)
        {
            disposable.Dispose();
        }

        Timers.Dispose();
        _terminated.TrySetResult();
    }
}

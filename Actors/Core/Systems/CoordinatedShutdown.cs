namespace Actors.Core;

/// <summary>
/// Shutting down in phases: services first, then the cluster, then the actors, and the transport last.
/// <c>akka.coordinated-shutdown.default-phase-timeout</c> and <c>phases.NAME.timeout|recover|enabled</c> configure it.
/// </summary>
public sealed class CoordinatedShutdown : IExtension
{
#pragma warning disable CS1591 // the names are the documentation
    public const string PhaseBeforeServiceUnbind = "before-service-unbind";
    public const string PhaseServiceUnbind = "service-unbind";
    public const string PhaseServiceRequestsDone = "service-requests-done";
    public const string PhaseServiceStop = "service-stop";
    public const string PhaseBeforeClusterShutdown = "before-cluster-shutdown";
    public const string PhaseClusterShardingShutdownRegion = "cluster-sharding-shutdown-region";
    public const string PhaseClusterLeave = "cluster-leave";
    public const string PhaseClusterExiting = "cluster-exiting";
    public const string PhaseClusterExitingDone = "cluster-exiting-done";
    public const string PhaseClusterShutdown = "cluster-shutdown";
    public const string PhaseBeforeActorSystemTerminate = "before-actor-system-terminate";
    public const string PhaseActorSystemTerminate = "actor-system-terminate";
#pragma warning restore CS1591

    private static readonly string[] Order =
    [
        PhaseBeforeServiceUnbind, PhaseServiceUnbind, PhaseServiceRequestsDone, PhaseServiceStop,
        PhaseBeforeClusterShutdown, PhaseClusterShardingShutdownRegion, PhaseClusterLeave, PhaseClusterExiting, PhaseClusterExitingDone,
        PhaseClusterShutdown, PhaseBeforeActorSystemTerminate, PhaseActorSystemTerminate,
    ];

    private readonly object _gate = new();
    private readonly ActorSystemImpl _system;
    private readonly Dictionary<string, List<(string Name, Func<Task<Done>> Task)>> _tasks = [];
    private readonly ILoggingAdapter _log;
    private Task<Done>? _run;

    private CoordinatedShutdown(ActorSystemImpl system)
    {
        _system = system;
        _log = Logging.GetLogger(system, nameof(CoordinatedShutdown));
        if (system.Settings.CoordinatedShutdownTerminateActorSystem)
        {
            AddTask(PhaseActorSystemTerminate, "terminate-system", async () =>
            {
                system.FinalTerminate();
                await system.WhenTerminated.ConfigureAwait(false);
                return Done.Instance;
            });
        }
    }

    /// <summary>Its system.</summary>
    public ExtendedActorSystem System => _system;

    /// <summary>Why it shuts down; null before.</summary>
    public Reason? ShutdownReason { get; private set; }

    /// <summary>The time-outs of all phases that have something to do.</summary>
    public TimeSpan TotalTimeout =>
        Order.Where(p => TasksOf(p).Count > 0).Aggregate(TimeSpan.Zero, (sum, p) => sum + Timeout(p));

    /// <summary>The system's.</summary>
    public static CoordinatedShutdown Get(ActorSystem sys) => new Id().Get(sys);

    /// <summary>The time-out of a phase.</summary>
    public TimeSpan Timeout(string phase)
    {
        CheckPhase(phase);
        var config = _system.Settings.Config;
        var standard = phase is PhaseClusterShardingShutdownRegion or PhaseClusterExiting or PhaseActorSystemTerminate
            ? TimeSpan.FromSeconds(10)
            : config.GetTimeSpan("akka.coordinated-shutdown.default-phase-timeout", TimeSpan.FromSeconds(5));
        return config.GetTimeSpan($"akka.coordinated-shutdown.phases.{phase}.timeout", standard);
    }

    /// <summary>Adds a task to a phase; tasks of one phase run together. Possible until that phase begins.</summary>
    public void AddTask(string phase, string taskName, Func<Task<Done>> task)
    {
        CheckPhase(phase);
        ArgumentException.ThrowIfNullOrEmpty(taskName);
        lock (_gate)
        {
            if (!_tasks.TryGetValue(phase, out var tasks))
            {
                _tasks[phase] = tasks = [];
            }

            tasks.Add((taskName, task));
        }
    }

    /// <summary>Runs all phases, or those from one on; a second call gives the run that is on its way.</summary>
    public Task<Done> Run(Reason reason, string? fromPhase = null)
    {
        if (fromPhase is not null)
        {
            CheckPhase(fromPhase);
        }

        TaskCompletionSource<Done> result;
        lock (_gate)
        {
            if (_run is not null)
            {
                return _run;
            }

            result = new TaskCompletionSource<Done>(
                _system.Dispatcher is ThreadPoolDispatcher ? TaskCreationOptions.RunContinuationsAsynchronously : TaskCreationOptions.None);
            _run = result.Task;
            ShutdownReason = reason;
        }

        _ = RunPhases(fromPhase is null ? 0 : Array.IndexOf(Order, fromPhase), result);
        return result.Task;
    }

    private static void CheckPhase(string phase)
    {
        if (!Order.Contains(phase))
        {
            throw new ArgumentException($"unknown phase '{phase}'; known: {string.Join(", ", Order)}", nameof(phase));
        }
    }

    private async Task RunPhases(int first, TaskCompletionSource<Done> result)
    {
        try
        {
            foreach (var phase in Order.Skip(first))
            {
                await RunPhase(phase).ConfigureAwait(false);
            }

            result.SetResult(Done.Instance);
        }
        catch (Exception e)
        {
            result.SetException(e);
        }
    }

    private async Task RunPhase(string phase)
    {
        var tasks = TasksOf(phase);
        if (tasks.Count == 0 || !_system.Settings.Config.GetBoolean($"akka.coordinated-shutdown.phases.{phase}.enabled", true))
        {
            return;
        }

        var recover = _system.Settings.Config.GetBoolean($"akka.coordinated-shutdown.phases.{phase}.recover", true);
        var timeout = Timeout(phase);
        await Task.WhenAll(tasks.Select(RunTask)).ConfigureAwait(false);

        async Task RunTask((string Name, Func<Task<Done>> Task) task)
        {
            try
            {
                await task.Task().WaitAsync(timeout, _system.TimeProvider).ConfigureAwait(false);
            }
            catch (TimeoutException) when (recover)
            {
                _log.Warning("phase {0}: task {1} did not end in {2}", phase, task.Name, timeout);
            }
            catch (Exception e) when (recover)
            {
                _log.Warning(e, "phase {0}: task {1} failed: {2}", phase, task.Name, e.Message);
            }
        }
    }

    private List<(string Name, Func<Task<Done>> Task)> TasksOf(string phase)
    {
        lock (_gate)
        {
            return _tasks.TryGetValue(phase, out var tasks) ? [.. tasks] : [];
        }
    }

    /// <summary>Why a system shuts down.</summary>
    public class Reason
    {
        /// <summary>For reasons of one's own.</summary>
        protected Reason()
        {
        }

        /// <inheritdoc/>
        public override string ToString() => GetType().Name;
    }

    /// <summary>Not said.</summary>
    public sealed class UnknownReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new UnknownReason();
    }

    /// <summary>ActorSystem.Terminate was called.</summary>
    public sealed class ActorSystemTerminateReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ActorSystemTerminateReason();
    }

    /// <summary>The process ends.</summary>
    public sealed class ClrExitReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClrExitReason();
    }

    /// <summary>This member was downed.</summary>
    public sealed class ClusterDowningReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClusterDowningReason();
    }

    /// <summary>This member left.</summary>
    public sealed class ClusterLeavingReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClusterLeavingReason();
    }

    /// <summary>No seed node let this member in.</summary>
    public sealed class ClusterJoinUnsuccessfulReason : Reason
    {
        /// <summary>The only one.</summary>
        public static readonly Reason Instance = new ClusterJoinUnsuccessfulReason();
    }

    private sealed class Id : ExtensionIdProvider<CoordinatedShutdown>
    {
        public override CoordinatedShutdown CreateExtension(ExtendedActorSystem system) => new(system.Impl);
    }
}

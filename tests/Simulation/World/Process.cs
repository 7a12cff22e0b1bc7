using Actors.Clustering;
using Actors.Configuration;
using Actors.Core;
using Actors.Remoting;
using Actors.Serialization;
using Simulation.Programs;

namespace Simulation.World;

/// <summary>One life of one process on a host: a machine, an actor system, and the program in it.</summary>
internal sealed class Process
{
    private readonly SimulatedWorld _world;
    private readonly MemoryTransport _transport;
    private bool _wasUp;

    public Process(SimulatedWorld world, string host, int life)
    {
        (_world, Host, Life) = (world, host, life);
        Machine = new Machine(world.Time);
        var role = world.RoleOf(host);
        _transport = world.Wires.Network.Transport(host, new PeerIdentity(host, role, $"{host}", null));
        var setup = ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString(Settings(host, role))),
            SerializationSetup.Create(_ => []),
            new EmbeddedSetup
            {
                TimeProvider = Machine,
                Random = new Random(world.Seed ^ StableHash.Of($"{host}#{life}")),
                Dispatcher = Machine.Dispatcher,
                Transport = _transport,
            });
        System = ActorSystem.Create("clustermonitor", setup);
        Cluster = Cluster.Get(System);
        System.ActorOf(Props.Create(() => new Witness(this, world.Journal)), "witness");
        System.ActorOf(Props.Create(() => new Sink(this, world.Journal)), "sink");
        ChatterUid = System.ActorOf(Props.Create(() => new Chatter(this, world.Journal, world.SeedAddresses)), "chatter").Path.Uid;
        if (role == "seed")
        {
            System.ActorOf(Props.Create(() => new Supervisor(this)), "supervisor");
        }

        Cluster.RegisterOnMemberUp(() => _wasUp = true);
        Cluster.RegisterOnMemberRemoved(PartHasEnded);
        Cluster.JoinSeedNodes(world.SeedAddresses);
    }

    public string Host { get; }

    public int Life { get; }

    public Machine Machine { get; }

    public ActorSystem System { get; }

    public Cluster Cluster { get; }

    /// <summary>The incarnation of its chatter, by which sinks know it.</summary>
    public long ChatterUid { get; }

    public bool IsAlive { get; private set; } = true;

    public bool IsPaused { get; private set; }

    /// <summary>Somebody asked it to leave.</summary>
    public bool WasAskedToLeave { get; private set; }

    public bool IsSeed => _world.RoleOf(Host) == "seed";

    public TimeSpan Now => _world.Time.Elapsed;

    public void Leave()
    {
        WasAskedToLeave = true;
        _ = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
    }

    public void Pause()
    {
        IsPaused = true;
        Machine.Pause();
        foreach (var other in _world.Hosts.Where(h => h != Host))
        {
            _world.Wires.Block(other, Host);
        }
    }

    public void Resume()
    {
        IsPaused = false;
        Machine.Resume();
        foreach (var other in _world.Hosts.Where(h => h != Host))
        {
            _world.Wires.Unblock(other, Host);
        }
    }

    /// <summary>kill -9: its connections break, and nothing of it ever runs again.</summary>
    public void Crash()
    {
        if (IsPaused)
        {
            Resume();
        }

        IsAlive = false;
        Machine.Die();
        _transport.Close();
        foreach (var other in _world.Hosts.Where(h => h != Host))
        {
            _world.Wires.Network.Reset(Host, other);
        }
    }

    private static string Settings(string host, string role) =>
        $$"""
        akka.actor.provider = cluster
        akka.loglevel = INFO
        akka.remote.dot-netty.tcp { hostname = {{host}}, port = {{SimulatedWorld.Port}} }
        akka.remote.retry-gate-closed-for = 500ms
        akka.cluster {
          roles = [{{role}}]
          embedded.observer-role = seed
          run-coordinated-shutdown-when-down = off
          seed-node-timeout = 2s
          gossip-interval = 500ms
          unreachable-nodes-reaper-interval = 250ms
        }
        """;

    private void PartHasEnded()
    {
        if (!IsAlive)
        {
            return;
        }

        // As the programs do: what was removed ends in good order and starts again, and what was asked to leave is gone.
        _world.Journal.Add(new PartEnded(Now, Host, Life, WasAskedToLeave, _wasUp));
        _ = CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance);
        System.WhenTerminated.ContinueWith(
            _ => Ended(),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Ended()
    {
        if (IsAlive)
        {
            // It has closed its links in good order: what it wrote last still arrives.
            IsAlive = false;
            Machine.Die();
            if (!WasAskedToLeave)
            {
                _world.Time.After(TimeSpan.FromMilliseconds(300), () => _world.StartAgain(this));
            }
        }
    }
}

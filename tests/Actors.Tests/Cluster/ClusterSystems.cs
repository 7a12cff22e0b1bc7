using Actors.Clustering;
using Actors.Configuration;
using Actors.Core;
using Actors.Remoting;
using Actors.Serialization;
using EngineTests.Remote;

namespace EngineTests.Clustering;

/// <summary>Whole actor systems of one cluster in this process: over loopback TLS, or over a network in memory that can be cut.</summary>
internal sealed class ClusterSystems : IAsyncDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly RemoteSystems? _tls;
    private readonly List<ActorSystem> _systems = [];

    public ClusterSystems(bool tls) => (_tls, Network) = (tls ? new RemoteSystems() : null, MemoryNetwork.OnThreadPool(TimeProvider.System));

    public MemoryNetwork Network { get; }

    /// <summary>Starts a member; without seeds it founds a cluster.</summary>
    public Cluster Start(string name, string role, IEnumerable<Address>? seeds = null, int port = 0, string more = "")
    {
        var config = ConfigurationFactory.ParseString(
            $$"""
            akka.actor.provider = cluster
            akka.loggers = []
            akka.stdout-loglevel = OFF
            akka.remote.dot-netty.tcp { hostname = "{{(_tls is null ? name : "127.0.0.1")}}", port = {{port}} }
            akka.remote.retry-gate-closed-for = 200ms
            akka.cluster { roles = ["{{role}}"], embedded.observer-role = seed, seed-node-timeout = 2s, run-coordinated-shutdown-when-down = off }
            {{_tls?.Tls(name, role)}}
            {{more}}
            """);
        var setup = ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), SerializationSetup.Create(_ => []));
        if (_tls is null)
        {
            setup = setup.And(new EmbeddedSetup { Transport = Network.Transport(name, new PeerIdentity(name, role, "", null)) });
        }

        var system = ActorSystem.Create("clustermonitor", setup);
        _systems.Add(system);
        var cluster = Cluster.Get(system);
        cluster.JoinSeedNodes(seeds ?? [cluster.SelfAddress]);
        return cluster;
    }

    /// <summary>Ends a system without a goodbye of the cluster.</summary>
    public static Task Crash(Cluster cluster)
    {
        ((ExtendedActorSystem)cluster.System).Abort();
        return cluster.System.WhenTerminated.WaitAsync(Patience);
    }

    /// <summary>Waits until all these agree that all these, and nobody else, are members in that state.</summary>
    public static Task Agree(IEnumerable<Cluster> members, MemberStatus status = MemberStatus.Up) => Until(
        () => members.All(m => m.State.Members.Select(x => (x.UniqueAddress, x.Status)).ToHashSet().SetEquals(members.Select(x => (x.SelfUniqueAddress, status)))),
        () => string.Join("\n", members.Select(m => $"{m.SelfAddress}: {string.Join(", ", m.State.Members)}")));

    /// <summary>Waits until it holds, and says how long that took.</summary>
    public static async Task<TimeSpan> Until(Func<bool> condition, Func<string>? state = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            var waited = TimeProvider.System.GetElapsedTime(start);
            Assert.True(waited < Patience, $"not within {Patience}: {state?.Invoke()}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return TimeProvider.System.GetElapsedTime(start);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var system in _systems)
        {
            ((ExtendedActorSystem)system).Abort();
        }

        await Task.WhenAll(_systems.Select(s => s.WhenTerminated)).WaitAsync(Patience);
        if (_tls is not null)
        {
            await _tls.DisposeAsync();
        }
    }
}

internal static class ClusterTesting
{
    public static MemberStatus? StatusOf(this Cluster cluster, Cluster other) =>
        cluster.State.Members.FirstOrDefault(m => m.UniqueAddress == other.SelfUniqueAddress)?.Status;

    public static bool IsUnreachable(this Cluster cluster, Cluster other) =>
        cluster.State.Unreachable.Any(m => m.UniqueAddress == other.SelfUniqueAddress);

    /// <summary>Collects cluster events of this kind, the past included.</summary>
    public static Inbox Listen<T>(this Cluster cluster)
    {
        var inbox = new Inbox();
        var probe = cluster.System.ActorOf(Props.Create(() => new ProbeActor(inbox)));
        cluster.Subscribe(probe, ClusterEvent.InitialStateAsEvents, typeof(T));
        return inbox;
    }
}

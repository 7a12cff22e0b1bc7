using System.Net;
using System.Net.Sockets;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;
using ClusterMonitor.Seed.Membership;
using ClusterMonitor.Seed.Nodes;
using ClusterMonitor.Seed.Nodes.History;
using ClusterMonitor.Seed.Trust;

namespace ClusterMonitor.Seed;

/// <summary>A running seed: its actor system with registry, membership, fleet and door, and its own machine's agent.</summary>
internal sealed class SeedHost
{
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Courtesy = TimeSpan.FromSeconds(2);

    private readonly IActorRef _membership;

    private SeedHost(ActorSystem system, HostPort address, IActorRef membership, IActorRef door)
    {
        System = system;
        Address = address;
        _membership = membership;
        Door = door;
    }

    /// <summary>Its actor system.</summary>
    public ActorSystem System { get; }

    /// <summary>Where it listens.</summary>
    public HostPort Address { get; }

    /// <summary>The door for dashboards.</summary>
    public IActorRef Door { get; }

    /// <summary>Starts everything; when this returns, agents and dashboards are served.</summary>
    /// <param name="options">What it is started with.</param>
    /// <param name="log">Takes what is logged.</param>
    /// <exception cref="UserError">A port in use, a damaged database, …: one line with the remedy.</exception>
    public static async Task<SeedHost> StartAsync(SeedOptions options, ProgramLog log)
    {
        void Note(string text) => log.Info("seed", text);

        CheckPort(options.Listen);
        await SeedTrust.PrepareAsync(options.Folder, options.Name, options.Time, Note).ConfigureAwait(false);
        var system = MonitorSystem.Start(EngineConfig.ForSeed(options.Settings, options.Folder), log);
        try
        {
            var membership = system.ActorSelection("/user/" + SeedPaths.Membership);
            var trust = SeedTrust.Start(system, options.Folder, options.Time, membership, text => log.Info("trust", text));
            system.RegisterOnTermination(trust.Dispose);
            var cluster = Cluster.Get(system);
            cluster.Join(cluster.SelfAddress);
            var host = await ComposeAsync(system, cluster, options).ConfigureAwait(false);
            Note($"Listens on {host.Address}, data in {options.Folder.Path}");
            return host;
        }
        catch
        {
            await system.Terminate().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Leaves in good order: the ledger knows until when it watched, then the cluster, then the links.</summary>
    public async Task StopAsync(CoordinatedShutdown.Reason why)
    {
        try
        {
            await _membership.Ask<Done>(new WatchEnds(), Courtesy).ConfigureAwait(false);
        }
        catch (Exception e) when (e is AskTimeoutException or ArgumentException)
        {
            // The journal can't be written now; what is lost is up to 5 s of what is known of the seed's own presence.
            System.Log.Warning("The end of the watch could not be written down: {0}", e.Message);
        }

        await CoordinatedShutdown.Get(System).Run(why).ConfigureAwait(false);
        await System.WhenTerminated.ConfigureAwait(false);
    }

    /// <summary>Who would notice if it stopped now.</summary>
    public Task<ConnectedPeers> ConnectedAsync() => Door.Ask<ConnectedPeers>(new WhoIsConnected(), Courtesy);

    private static async Task<SeedHost> ComposeAsync(ActorSystem system, Cluster cluster, SeedOptions options)
    {
        var (clock, self) = (options.Time, cluster.SelfAddress);
        var address = new HostPort(self.Host ?? options.Listen.Host, self.Port ?? options.Listen.Port);
        var incarnation = unchecked((ulong)options.Dice.NextInt64(1, long.MaxValue));
        var facts = new SeedFacts(options.Name, address.ToString(), ProgramContext.Version, clock.GetUtcNow().ToUnixTimeMilliseconds(), incarnation);
        var toMembership = system.ActorSelection("/user/" + SeedPaths.Membership);
        var toNodes = system.ActorSelection("/user/" + SeedPaths.Nodes);
        var fleet = system.ActorOf(Props.Create(() => new FleetProjection(facts, toMembership, clock)), SeedPaths.Fleet);

        var evidence = new EngineEvidence(system);
        var listener = Props.Create(() => new ClusterListener(options.Name, EngineConfig.SeedRole, evidence));
        var world = new MembershipWorld(toNodes, fleet, evidence, cluster.Down, listener, clock);
        var settings = new MembershipSettings(options.Name, incarnation, options.Timing);
        var supervisor = Props.Create(() => new MembershipSupervisor(settings, world));
        var started = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<string?> outcome = why => started.TrySetResult(why);

        // The registry first: membership tells it whom it knows as soon as it has recovered.
        var nodesWorld = new NodesWorld(toMembership, fleet, SqlNodeJournal.Of(system.Settings.Config), clock);
        var nodesSettings = new NodesSettings(options.Name, incarnation) { KeepRaw = options.KeepRaw };
        var nodes = system.ActorOf(Props.Create(() => new NodeRegistry(nodesSettings, nodesWorld)), SeedPaths.Nodes);
        var membership = system.ActorOf(Props.Create(() => new MembershipKeeper(supervisor, fleet, outcome)), SeedPaths.Membership);
        var doorWorld = new DoorWorld(nodes, membership, fleet, facts, options.OwnAgent ? options.Name : "", clock);
        var door = system.ActorOf(Props.Create(() => new DashboardDoor(doorWorld)), SeedPaths.Dashboards);

        if (await started.Task.WaitAsync(StartPatience, clock).ConfigureAwait(false) is { } why)
        {
            throw new UserError($"can't use the journal {options.Folder.SeedDatabase}: {why}");
        }

        return new SeedHost(system, address, membership, door);
    }

    /// <summary>Sees that the port can be had, as every engine has its own words for it otherwise.</summary>
    private static void CheckPort(HostPort listen)
    {
        try
        {
            var address = IPAddress.TryParse(listen.Host, out var literal) ? literal : Dns.GetHostAddresses(listen.Host)[0];
            using var probe = new TcpListener(address, listen.Port);
            probe.Start();
        }
        catch (SocketException e)
        {
            throw new UserError(
                e.SocketErrorCode switch
                {
                    SocketError.AddressAlreadyInUse => $"port {listen.Port} of {listen.Host} is in use: give --port another, or stop what listens there",
                    SocketError.AccessDenied => $"port {listen.Port} may not be used without privileges: give --port one above 1023",
                    SocketError.AddressNotAvailable => $"{listen.Host} is no address of this machine: give --host one that is, or 0.0.0.0 for all",
                    _ => $"can't listen on {listen}: {e.Message}; give --host an address of this machine",
                },
                e);
        }
    }
}

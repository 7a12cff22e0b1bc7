using Actors.Core;

namespace Actors.Remoting;

/// <summary>The provider of a system that others can reach. <c>akka.actor.provider = remote</c>; the cluster's derives from it.</summary>
internal partial class RemoteActorRefProvider : LocalActorRefProvider
{
    private readonly RemoteSettings _settings;
    private readonly PeerRights _rights;
    private readonly ILoggingAdapter _log;

    internal RemoteActorRefProvider(ActorSystemImpl system)
        : base(system)
    {
        _settings = RemoteSettingsReader.Read(system.Settings.Config);
        _rights = new PeerRights(_settings.TrustedRole);
        _log = Logging.GetLogger(system, "remoting");
        Uid = system.Random.Next(1, int.MaxValue);
    }

    /// <summary>This life of this system; fits Akka.NET's 32 bits.</summary>
    public int Uid { get; }

    public RemoteTransport Transport { get; private set; } = null!;

    /// <summary>Who watches whom across systems.</summary>
    public RemoteDeathWatch DeathWatch { get; } = new();

    /// <summary>
    /// Null if a peer may be spoken to, else why not: asked at each handshake, and again for all links by <see cref="RemoteTransport.RecheckPeers"/>.
    /// </summary>
    public Func<PeerIdentity, string?> PeerPolicy { get; set; } = static _ => null;

    /// <summary>Null if a peer may send a message, else why not: asked for every message of peers that are not trusted by their role.</summary>
    public Func<InboundMessage, InboundRefusal?>? MessagePolicy { get; set; }

    /// <summary>The sockets; null if something else stands in for them.</summary>
    public TcpTransport? Tcp { get; private set; }

    public override Address DefaultAddress => Transport.Local;

    public override void Init(ActorSystemImpl system)
    {
        base.Init(system);
        system.Serialization.Register(new EngineSerializer(system), [.. EngineSerializer.Types]);
        var transport = system.Settings.Setup.TryGet<EmbeddedSetup>(out var setup) && setup.Transport is ITransport given ? given : Tcp = TcpTransportOf(_settings);
        Transport = new RemoteTransport(this, transport, _settings);
        Transport.Start(system.Name);
    }

    public override IActorRef RootGuardianAt(Address address) =>
        IsOwn(address) ? RootGuardian
        : address.HasLocalScope ? DeadLetters
        : new RemoteActorRef(this, Transport.Associate(address), new RootActorPath(address));

    public override IActorRef ResolveActorRef(ActorPath path) =>
        IsOwn(path.Address) ? ResolveLocal(path)
        : path.Address.HasLocalScope ? DeadLetters
        : new RemoteActorRef(this, Transport.Associate(path.Address), path);

    public override Address? GetExternalAddressFor(Address address) =>
        IsOwn(address) ? address : address.HasGlobalScope && address.Protocol == DefaultAddress.Protocol ? DefaultAddress : null;

    public override Task ShutdownTransport() => Transport.CloseAsync("the system is shutting down");

    /// <summary>A system message on its way to an actor of another system.</summary>
    public void SendSystem(RemoteActorRef target, SystemMessage message)
    {
        var address = target.Path.Address;
        SystemFrame frame;
        switch (message)
        {
            case Watch watch:
                DeathWatch.Watching(address, watch.Watchee, watch.Watcher);
                frame = Frame(SystemFrameType.Watch, target, watch.Watcher);
                break;
            case Unwatch unwatch:
                DeathWatch.NoLongerWatching(address, unwatch.Watchee, unwatch.Watcher);
                frame = Frame(SystemFrameType.Unwatch, target, unwatch.Watcher);
                break;
            case DeathWatchNotification ended:
                DeathWatch.NoLongerWatched(address, (IInternalActorRef)ended.Actor, target);
                frame = Frame(ended.ExistenceConfirmed ? SystemFrameType.Ended : SystemFrameType.NeverThere, target, ended.Actor);
                break;
            case Terminate:
                frame = Frame(SystemFrameType.Terminate, target, null);
                break;
            default:
                // Supervision stays inside a system: children are always local.
                return;
        }

        UpdateWatches(address);
        Transport.SendSystem(target.Association, frame);
    }

    /// <summary>That address is given up by whoever judges it (the cluster removed the member): its watchers here hear of it.</summary>
    public void AddressTerminated(Address address)
    {
        DeathWatch.AddressTerminated(address);
        UpdateWatches(address);
    }

    private static SystemFrame Frame(SystemFrameType type, RemoteActorRef target, IActorRef? other) => new(
        type,
        RefTexts.For(target.Association.Main, target),
        other is null ? RefText.None : RefTexts.For(target.Association.Main, other));

    private bool IsOwn(Address address) => address == RootPath.Address || address == DefaultAddress;

    private void UpdateWatches(Address address)
    {
        var (watching, watched) = DeathWatch.State(address);
        Transport.SetWatches(address, watching, watched);
    }

    private TcpTransport TcpTransportOf(RemoteSettings settings)
    {
        var tls = settings.EnableSsl
            ? TlsSettings.Load(settings.CertificatePath, settings.CertificatePassword, settings.AuthorityPath, settings.ServerRole)
            : null;
        return new TcpTransport(tls, SystemImpl.TimeProvider, new TcpLimits(settings.ConnectionTimeout), LogRefusal);
    }
}

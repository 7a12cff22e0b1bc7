using System.Globalization;

namespace Actors.Core;

/// <summary>The provider of a system that is reached only inside its process; base of the others.</summary>
internal class LocalActorRefProvider : IActorRefProvider
{
    private readonly VirtualPathContainer _temp;
    private readonly ActorPath _tempNode;
    private long _tempNumber;

    internal LocalActorRefProvider(ActorSystemImpl system)
    {
        SystemImpl = system;
        RootPath = new RootActorPath(new Address("akka", system.Name));
        DeadLetters = new DeadLetterActorRef(this, RootPath / "deadLetters", system.EventStream);
        _tempNode = RootPath / "temp";
        _temp = new VirtualPathContainer(this, _tempNode, Nobody.Instance);
    }

    public ActorSystemImpl SystemImpl { get; }

    public ActorPath RootPath { get; }

    public LocalActorRef RootGuardian { get; private set; } = null!;

    public LocalActorRef Guardian { get; private set; } = null!;

    public LocalActorRef SystemGuardian { get; private set; } = null!;

    public IInternalActorRef DeadLetters { get; }

    public virtual Address DefaultAddress => RootPath.Address;

    public virtual void Init(ActorSystemImpl system)
    {
        RootGuardian = LocalActorRef.Create(system, Props.Create(() => new RootGuardianActor(), GuardianStrategies.Root), Nobody.Instance, RootPath);
        SystemGuardian = RootGuardian.Cell.MakeGuardian(Props.Create(() => new SystemGuardianActor(), GuardianStrategies.System), "system");
        Guardian = RootGuardian.Cell.MakeGuardian(Props.Create(() => new UserGuardianActor(), GuardianStrategies.User(system)), "user");
        RootGuardian.Start();
        SystemGuardian.Start();
        Guardian.Start();
    }

    public virtual IActorRef RootGuardianAt(Address address) =>
        address == RootPath.Address || address == DefaultAddress ? RootGuardian : DeadLetters;

    public virtual LocalActorRef ActorOf(Props props, IInternalActorRef supervisor, ActorPath path) =>
        LocalActorRef.Create(SystemImpl, props, supervisor, path);

    public virtual IActorRef ResolveActorRef(string path) =>
        ActorPath.TryParse(path, out var actorPath) ? ResolveActorRef(actorPath) : DeadLetters;

    public virtual IActorRef ResolveActorRef(ActorPath path) =>
        path.Address == RootPath.Address || path.Address == DefaultAddress ? ResolveLocal(path) : DeadLetters;

    public ActorPath TempPath() =>
        _tempNode / string.Create(CultureInfo.InvariantCulture, $"${Interlocked.Increment(ref _tempNumber)}");

    public void RegisterTempActor(IInternalActorRef actorRef, ActorPath path) => _temp.Add(path.Name, actorRef);

    public void UnregisterTempActor(ActorPath path) => _temp.Remove(path.Name);

    public virtual Address? GetExternalAddressFor(Address address) => address == RootPath.Address ? address : null;

    public virtual Task ShutdownTransport() => Task.CompletedTask;

    /// <summary>The actor of these elements in this process; a reference that reads as gone if there is none, or another incarnation.</summary>
    protected IInternalActorRef ResolveLocal(ActorPath path)
    {
        var elements = path.Elements;
        var names = elements as string[] ?? [.. elements];
        if (names.Length == 0)
        {
            return RootGuardian;
        }

        var found = names[0] switch
        {
            "temp" => _temp.GetChild(names.AsSpan(1)),
            "deadLetters" => DeadLetters,
            _ => RootGuardian.GetChild(names),
        };

        if (found is IInternalActorRef actor and not Nobody && (path.Uid == ActorPath.UndefinedUid || actor.Path.Uid == path.Uid))
        {
            return actor;
        }

        var gone = RootPath / elements;
        return new EmptyLocalActorRef(this, path.Uid == ActorPath.UndefinedUid ? gone : gone.WithUid(path.Uid), SystemImpl.EventStream);
    }
}

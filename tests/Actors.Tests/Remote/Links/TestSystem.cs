using System.Text;
using Actors.Core;
using Actors.Remoting;

namespace EngineTests.Remote.Links;

/// <summary>Everything of a remoting system but the actors, on a machine of its own in a virtual network.</summary>
internal sealed class TestSystem : IRemoteHost
{
    private static readonly RefText Somebody = new(RefOwner.Reader, "/user/somebody");
    private readonly VirtualTime _time;

    public TestSystem(VirtualTime time, MemoryNetwork network, string host, long uid, int port = 4053, RemoteSettings? settings = null, string system = "test")
    {
        (_time, Uid) = (time, uid);
        Transport = new RemoteTransport(this, network.Transport(host, Identity(host)), (settings ?? new RemoteSettings()) with { Hostname = host, Port = port });
        Transport.Start(system);
        Events.Clear();
    }

    public RemoteTransport Transport { get; }

    public Address Address => Transport.Local;

    public TimeProvider Time => _time;

    public long Uid { get; }

    /// <summary>Messages received, as <c>origin:text</c>.</summary>
    public List<string> Received { get; } = [];

    /// <summary>System messages received, as <c>origin:path</c>.</summary>
    public List<string> System { get; } = [];

    public List<string> Dead { get; } = [];

    public List<string> Logged { get; } = [];

    public List<RemotingLifecycleEvent> Events { get; } = [];

    /// <summary>Addresses of which a life ended.</summary>
    public List<Address> Terminated { get; } = [];

    public List<Address> SilentOnes { get; } = [];

    public Func<PeerIdentity, string?> Policy { get; set; } = _ => null;

    public static PeerIdentity Identity(string host) => new(host, "", "", null);

    public void Tell(TestSystem to, string text) => Tell(to.Address, text);

    public void Tell(Address to, string text) => Transport.Send(Transport.Associate(to), new WaitingMessage(text, new Named(text), null));

    public void TellSystem(TestSystem to, string path) =>
        Transport.SendSystem(Transport.Associate(to.Address), new SystemFrame(SystemFrameType.Watch, new RefText(RefOwner.Reader, path), RefText.None));

    public string LinkState(TestSystem peer) => Transport.OpenLink(peer.Address) is { } link ? link.Outbound ? "dialled" : "accepted" : "none";

    public IEnumerable<string> EventNames => Events.Select(e => e.GetType().Name);

    public void Post(IThreadPoolWorkItem work) => _time.Post(work.Execute);

    public void Publish(RemotingLifecycleEvent happened) => Events.Add(happened);

    public void Log(LogLevel level, string text) => Logged.Add(text);

    public void DeadLetter(WaitingMessage message) => Dead.Add((string)message.Message);

    public SendOutcome Write(Link link, Association association, in WaitingMessage message) =>
        link.Send(message.Recipient, null, new SerializedMessage(7, "m", Encoding.UTF8.GetBytes((string)message.Message)), _ => Somebody);

    public void Receive(Link link, Association association, ReadOnlySpan<byte> body)
    {
        var reader = new WireReader(body);
        Assert.Equal(Somebody, link.ReadRefs.Text(link.ReadRefs.Read(ref reader)));
        Assert.Equal(-1, link.ReadRefs.Read(ref reader));
        Assert.Equal(7, reader.Int32());
        Assert.Equal("m", link.Manifests.Get(reader.Sized(10)));
        Received.Add($"{association.Remote.Host}:{Encoding.UTF8.GetString(reader.Rest)}");
    }

    public void Receive(Association association, SystemFrame frame) => System.Add($"{association.Remote.Host}:{frame.Target.Path}");

    public void AddressTerminated(Address address, string why) => Terminated.Add(address);

    public void Silent(Address address) => SilentOnes.Add(address);

    public string? Refuse(PeerIdentity peer) => Policy(peer);

    /// <summary>A recipient that is nothing but a name.</summary>
    private sealed class Named(string name) : IActorRef
    {
        public ActorPath Path => new RootActorPath(new Address("akka", name));

        public void Tell(object message, IActorRef? sender) => throw new NotSupportedException();

        public bool Equals(IActorRef? other) => ReferenceEquals(this, other);

        public override bool Equals(object? obj) => ReferenceEquals(this, obj);

        public override int GetHashCode() => 0;

        public int CompareTo(IActorRef? other) => 0;

        public int CompareTo(object? obj) => 0;
    }
}

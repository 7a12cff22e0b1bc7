namespace EngineTests.Conformance;

/// <summary>Two systems of one process over loopback. Without TLS: that is the same on both engines.</summary>
public class RemotingSpec : TestKit
{
    private const string Remote =
        """
        akka.actor.provider = remote
        akka.loggers = []
        akka.stdout-loglevel = OFF
        akka.remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
        """;

    private readonly ActorSystem _other;

    public RemotingSpec()
        : base(ConfigurationFactory.ParseString(Remote)) => _other = ActorSystem.Create("other", ConfigurationFactory.ParseString(Remote));

    /// <summary>A serialized reference carries the address by which others reach its system.</summary>
    private static Address AddressOf(ActorSystem system) =>
        ActorPath.Parse(Serialization.SerializedActorPath(system.ActorOf(Props.Create(() => new Parrot())))).Address;

    protected override void AfterAll()
    {
        _other.Terminate().Wait(TimeSpan.FromSeconds(20));
        base.AfterAll();
    }

    private IActorRef Remotely(string name)
    {
        _other.ActorOf(Props.Create(() => new Parrot()), name);
        return Sys.ActorSelection($"{AddressOf(_other)}/user/{name}").ResolveOne(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
    }

    [Fact]
    public void An_actor_of_another_system_is_told_and_answers()
    {
        var parrot = Remotely("parrot");
        Assert.Equal(AddressOf(_other), parrot.Path.Address);
        parrot.Tell("hello", TestActor);
        ExpectMsg("hello", TimeSpan.FromSeconds(10));
        Assert.Equal(parrot, LastSender);
    }

    [Fact]
    public async Task Ask_is_answered_from_afar()
    {
        Assert.Equal(42L, await Remotely("parrot").Ask<long>(42L, TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public void Messages_keep_their_order_per_sender_and_receiver()
    {
        var parrot = Remotely("parrot");
        for (var i = 0; i < 1_000; i++)
        {
            parrot.Tell($"{i}", TestActor);
        }

        for (var i = 0; i < 1_000; i++)
        {
            ExpectMsg($"{i}", TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public void The_end_of_a_remote_actor_is_told_to_its_watcher()
    {
        var parrot = Remotely("parrot");
        Watch(parrot);
        parrot.Tell("hello", TestActor);
        ExpectMsg("hello", TimeSpan.FromSeconds(10));
        parrot.Tell(PoisonPill.Instance);
        var ended = ExpectTerminated(parrot, TimeSpan.FromSeconds(10));
        Assert.True(ended.ExistenceConfirmed);
        Assert.False(ended.AddressTerminated);
    }

    [Fact]
    public void Identify_says_who_is_there_and_who_is_not()
    {
        var parrot = Remotely("parrot");
        Sys.ActorSelection(parrot.Path).Tell(new Identify("who?"), TestActor);
        var there = ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(10));
        Assert.Equal(("who?", parrot), (there.MessageId, there.Subject));

        Sys.ActorSelection($"{AddressOf(_other)}/user/nobody").Tell(new Identify("anybody?"), TestActor);
        var nobody = ExpectMsg<ActorIdentity>(TimeSpan.FromSeconds(10));
        Assert.Equal("anybody?", nobody.MessageId);
        Assert.Null(nobody.Subject);
    }

    [Fact]
    public void A_link_is_announced_when_it_is_made_and_when_it_is_lost()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(AssociatedEvent));
        Sys.EventStream.Subscribe(TestActor, typeof(DisassociatedEvent));
        Remotely("parrot");
        Assert.Equal(AddressOf(_other), FishForMessage<AssociatedEvent>(_ => true, TimeSpan.FromSeconds(10)).RemoteAddress);
        _other.Terminate();
        Assert.Equal(AddressOf(_other), FishForMessage<DisassociatedEvent>(_ => true, TimeSpan.FromSeconds(20)).RemoteAddress);
    }

    [Fact]
    public void What_is_sent_to_where_nobody_listens_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var nowhere = Sys.ActorSelection(AddressOf(_other).WithPort(1) + "/user/nobody");
        AwaitAssert(
            () =>
            {
                nowhere.Tell("lost");
                FishForMessage<DeadLetter>(d => d.Message is "lost", TimeSpan.FromSeconds(2));
            },
            TimeSpan.FromSeconds(20));
    }

    public sealed class Parrot : UntypedActor
    {
        protected override void OnReceive(object message) => Sender.Tell(message);
    }
}

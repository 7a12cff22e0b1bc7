namespace EngineTests.Conformance;

public class ReceiveTimeoutSpec : TestKit
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);

    private IActorRef Doer() => Sys.ActorOf(Props.Create(() => new Doer(TestActor)));

    [Fact]
    public void Silence_gives_a_ReceiveTimeout_and_then_another()
    {
        Doer().Tell(new Run(c => c.SetReceiveTimeout(Timeout)));
        ExpectMsg<ReceiveTimeout>();
        ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public void Messages_put_it_off()
    {
        var actor = Doer();
        actor.Tell(new Run(c => c.SetReceiveTimeout(TimeSpan.FromMilliseconds(600))));
        for (var i = 0; i < 10; i++)
        {
            Thread.Sleep(100);
            actor.Tell("activity");
        }

        Assert.All(ReceiveN(10), m => Assert.Equal("activity", m));
        ExpectMsg<ReceiveTimeout>();
    }

    [Fact]
    public void Messages_without_influence_do_not()
    {
        var actor = Doer();
        using var end = new CancellationTokenSource();
        actor.Tell(new Run(c => c.SetReceiveTimeout(Timeout)));
        var cancelable = Sys.Scheduler.ScheduleTellRepeatedlyCancelable(20, 20, actor, new Quiet(), ActorRefs.NoSender);
        FishForMessage<ReceiveTimeout>(_ => true);
        cancelable.Cancel();
    }

    [Fact]
    public void Null_ends_it()
    {
        var actor = Doer();
        actor.Tell(new Run(c => c.SetReceiveTimeout(Timeout)));
        actor.Tell(new Run(c => c.SetReceiveTimeout(null)));
        ExpectNoMsg(300);
    }

    [Fact]
    public void A_restart_ends_it()
    {
        var actor = Doer();
        actor.Tell(new Run(c => c.SetReceiveTimeout(TimeSpan.FromSeconds(2))));
        actor.Tell(new Throw(new InvalidOperationException("boom")));
        actor.Tell(new Run(c => TestActor.Tell(c.ReceiveTimeout is null)));
        ExpectMsg(true);
    }

    private sealed class Quiet : INotInfluenceReceiveTimeout;
}

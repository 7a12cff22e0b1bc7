namespace EngineTests.Conformance;

public class MailboxSpec : TestKit
{
    public MailboxSpec()
        : base("small { mailbox-type = \"Akka.Dispatch.BoundedMailbox, Akka\"\n mailbox-capacity = 10\n mailbox-push-timeout-time = 0s }")
    {
    }

    [Fact]
    public void What_does_not_fit_into_a_bounded_mailbox_becomes_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        using var go = new ManualResetEventSlim();
        using var busy = new ManualResetEventSlim();
        var target = CreateTestProbe();
        var actor = Sys.ActorOf(Props.Create(() => new Doer(target.Ref)).WithMailbox("small"));
        actor.Tell(new Run(_ =>
        {
            busy.Set();
            go.Wait(TimeSpan.FromSeconds(20));
        }));
        Assert.True(busy.Wait(TimeSpan.FromSeconds(20)));
        for (var i = 0; i < 15; i++)
        {
            actor.Tell(i);
        }

        for (var i = 10; i < 15; i++)
        {
            Assert.Equal(i, ExpectMsg<DeadLetter>().Message);
        }

        go.Set();
        Assert.Equal(Enumerable.Range(0, 10).Cast<object>(), target.ReceiveN(10));
        actor.Tell("room again");
        target.ExpectMsg("room again");
    }

    [Fact]
    public void An_unknown_mailbox_is_refused()
    {
        Assert.ThrowsAny<Exception>(() => Sys.ActorOf(Props.Create(() => new Doer(TestActor)).WithMailbox("no.such.mailbox")));
    }
}

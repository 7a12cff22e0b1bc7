namespace EngineTests.Conformance;

public class DeathWatchSpec : TestKit
{
    private IActorRef Doer() => Sys.ActorOf(Props.Create(() => new Doer(TestActor)));

    [Fact]
    public void A_watcher_is_told_of_the_end()
    {
        var (watcher, subject) = (Doer(), Doer());
        watcher.Tell(new Run(c => TestActor.Tell(c.Watch(subject).Path)));
        ExpectMsg(subject.Path);
        Sys.Stop(subject);
        ExpectMsg(new Ended(subject, true));
        Assert.Equal(subject, LastSender);
    }

    [Fact]
    public void Watching_somebody_who_has_ended_tells_at_once()
    {
        var (watcher, subject) = (Doer(), Doer());
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject);
        watcher.Tell(new Run(c => c.Watch(subject)));
        ExpectMsg(new Ended(subject, false));
    }

    [Fact]
    public void Watching_twice_tells_once()
    {
        var (watcher, subject) = (Doer(), Doer());
        watcher.Tell(new Run(c =>
        {
            c.Watch(subject);
            c.Watch(subject);
            TestActor.Tell("watching");
        }));
        ExpectMsg("watching");
        Sys.Stop(subject);
        ExpectMsg<Ended>();
        ExpectNoMsg(100);
    }

    [Fact]
    public void WatchWith_tells_the_message_given()
    {
        var (watcher, subject) = (Doer(), Doer());
        watcher.Tell(new Run(c => c.WatchWith(subject, "gone")));
        Sys.Stop(subject);
        ExpectMsg("gone");
    }

    [Fact]
    public void Unwatch_ends_it_even_when_the_news_waits_in_the_mailbox()
    {
        var (watcher, subject) = (Doer(), Doer());
        watcher.Tell(new Run(c => c.Watch(subject)));
        Watch(subject);
        using var seen = new ManualResetEventSlim();
        watcher.Tell(new Run(c =>
        {
            seen.Wait(TimeSpan.FromSeconds(10));
            c.Unwatch(subject);
        }));
        Sys.Stop(subject);
        ExpectTerminated(subject);
        seen.Set();
        watcher.Tell("after");
        ExpectMsg("after");
        ExpectNoMsg(100);
    }

    [Fact]
    public void An_unhandled_Terminated_ends_the_watcher_too()
    {
        var (watcher, subject) = (Sys.ActorOf(Props.Create(() => new Careless())), Doer());
        Watch(watcher);
        watcher.Tell(subject);
        Sys.Stop(subject);
        ExpectTerminated(watcher);
    }

    [Fact]
    public void All_watchers_are_told()
    {
        var subject = Doer();
        var probes = Enumerable.Range(0, 5).Select(_ => CreateTestProbe()).ToList();
        probes.ForEach(p => p.Watch(subject));
        subject.Tell(PoisonPill.Instance);
        probes.ForEach(p => p.ExpectTerminated(subject));
    }

    [Fact]
    public void A_parent_that_watches_its_child_is_told_and_has_it_no_more()
    {
        var parent = Doer();
        parent.Tell(new Run(c => c.Watch(c.ActorOf(Props.Create(() => new Doer(TestActor)), "kid"))));
        parent.Tell(new Run(c => c.Stop(c.Child("kid"))));
        ExpectMsg<Ended>();
        parent.Tell(new Run(c => TestActor.Tell(c.Child("kid").IsNobody())));
        ExpectMsg(true);
    }

    [Fact]
    public void Of_somebody_who_had_ended_before_the_existence_is_not_confirmed()
    {
        var (watcher, subject) = (Doer(), Doer());
        Watch(subject);
        Sys.Stop(subject);
        ExpectTerminated(subject);
        watcher.Tell(new Run(c => c.Watch(subject)));
        Assert.False(ExpectMsg<Ended>().ExistenceConfirmed);
    }

    [Fact]
    public void Terminated_comes_after_all_messages_that_the_dead_sent_before()
    {
        var (watcher, subject) = (Doer(), Doer());
        watcher.Tell(new Run(c => c.Watch(subject)));
        subject.Tell(new Run(c =>
        {
            for (var i = 0; i < 100; i++)
            {
                watcher.Tell(i);
            }

            c.Stop(c.Self);
        }));
        Assert.Equal(Enumerable.Range(0, 100).Cast<object>(), ReceiveN(100));
        ExpectMsg<Ended>();
    }

    private sealed class Careless : ReceiveActor
    {
        public Careless() => Receive<IActorRef>(r => Context.Watch(r));
    }
}

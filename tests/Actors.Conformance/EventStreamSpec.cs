namespace EngineTests.Conformance;

public class EventStreamSpec : TestKit
{
    [Fact]
    public void Subscribers_get_the_type_its_subtypes_and_its_implementations()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(ArgumentException));
        Sys.EventStream.Publish(new ArgumentNullException("x"));
        ExpectMsg<ArgumentNullException>();
        Sys.EventStream.Publish(new InvalidOperationException());
        ExpectNoMsg(50);
        var probe = CreateTestProbe();
        Sys.EventStream.Subscribe(probe.Ref, typeof(IDisposable));
        using var stream = new MemoryStream();
        Sys.EventStream.Publish(stream);
        probe.ExpectMsg<MemoryStream>();
    }

    [Fact]
    public void Who_subscribed_to_a_type_and_its_base_gets_an_event_once()
    {
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(Exception)));
        Assert.True(Sys.EventStream.Subscribe(TestActor, typeof(ArgumentException)));
        Assert.False(Sys.EventStream.Subscribe(TestActor, typeof(Exception)));
        Sys.EventStream.Publish(new ArgumentException("x"));
        ExpectMsg<ArgumentException>();
        ExpectNoMsg(50);
    }

    [Fact]
    public void Unsubscribing_ends_one_or_all()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(string));
        Sys.EventStream.Subscribe(TestActor, typeof(Uri));
        Assert.True(Sys.EventStream.Unsubscribe(TestActor, typeof(string)));
        Sys.EventStream.Publish("text");
        Sys.EventStream.Publish(new Uri("http://x"));
        ExpectMsg<Uri>();
        Assert.True(Sys.EventStream.Unsubscribe(TestActor));
        Sys.EventStream.Publish(new Uri("http://x"));
        ExpectNoMsg(50);
    }

    [Fact]
    public void Who_has_ended_is_unsubscribed()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)));
        Sys.EventStream.Subscribe(actor, typeof(Uri));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        AwaitAssert(() =>
        {
            Sys.EventStream.Publish(new Uri("http://x"));
            ExpectNoMsg(50);
        });
    }

    [Fact]
    public void A_message_to_an_actor_that_has_ended_is_a_dead_letter_with_sender_and_recipient()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)));
        Watch(actor);
        Sys.Stop(actor);
        ExpectTerminated(actor);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        actor.Tell("late");
        var letter = ExpectMsg<DeadLetter>();
        Assert.Equal("late", letter.Message);
        Assert.Equal(TestActor, letter.Sender);
        Assert.Equal(actor, letter.Recipient);
    }

    [Fact]
    public void Messages_that_waited_when_the_actor_ended_become_dead_letters()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)));
        using var go = new ManualResetEventSlim();
        actor.Tell(new Run(c =>
        {
            go.Wait(TimeSpan.FromSeconds(10));
            c.Stop(c.Self);
        }));
        actor.Tell("1");
        actor.Tell("2");
        go.Set();
        Assert.Equal("1", ExpectMsg<DeadLetter>().Message);
        Assert.Equal("2", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void Telling_dead_letters_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(AllDeadLetters));
        Sys.DeadLetters.Tell("lost");
        Assert.Equal("lost", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public void A_log_entry_has_its_level_source_cause_and_formatted_text()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(LogEvent));
        var actor = Sys.ActorOf(Props.Create(() => new Doer(TestActor)), "logger");
        actor.Tell(new Run(c => c.GetLogger().Warning(new InvalidOperationException("why"), "{0} of {1}", 1, "two")));
        var entry = FishForMessage<Warning>(_ => true);
        Assert.Equal(LogLevel.WarningLevel, entry.LogLevel());
        Assert.Equal("1 of two", entry.Message.ToString());
        Assert.Equal("why", entry.Cause.Message);
        Assert.EndsWith("/user/logger", entry.LogSource, StringComparison.Ordinal);
        Assert.True((DateTime.UtcNow - entry.Timestamp).Duration() < TimeSpan.FromMinutes(1));
    }

    [Fact]
    public void A_log_text_without_arguments_may_have_braces()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(Info));
        Sys.Log.Info("{\"json\": 1}");
        Assert.Equal("{\"json\": 1}", FishForMessage<Info>(_ => true).Message.ToString());
    }
}

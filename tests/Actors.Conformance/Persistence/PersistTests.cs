namespace EngineTests.Conformance.Persisting;

/// <summary>What Akka.NET documents of Persist, PersistAsync, Defer, recovery, snapshots and deletion.</summary>
public sealed class PersistTests : PersistSpec
{
    private static readonly string[] TwoSaid = ["a", "b"];

    [Fact]
    public async Task The_handler_runs_after_the_event_is_written_with_the_commands_sender()
    {
        var actor = Speaker(NewSystem(), "p1");
        Assert.Equal("said a 1", await Ask<string>(actor, new Say("a")));
        Assert.Equal("said b 2", await Ask<string>(actor, new Say("b")));
        Assert.Equal(TwoSaid, (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task A_new_system_recovers_all_events_in_order()
    {
        var first = NewSystem();
        var actor = Speaker(first, "p1");
        for (var i = 0; i < 600; i++)
        {
            actor.Tell(new Say("w" + i));
        }

        await Ask<AllSaid>(actor, "all");
        await first.Terminate();

        var again = Speaker(NewSystem(), "p1");
        Assert.Equal(Enumerable.Range(0, 600).Select(i => "w" + i), (await Ask<AllSaid>(again, "all")).Texts);
        Assert.Equal("said next 601", await Ask<string>(again, new Say("next")));
    }

    [Fact]
    public async Task Commands_wait_for_recovery_and_keep_their_order()
    {
        var first = NewSystem();
        await Ask<string>(Speaker(first, "p1"), new Say("old"));
        await first.Terminate();

        var actor = Speaker(NewSystem(), "p1");
        actor.Tell(new Say("x"));
        actor.Tell(new Say("y"));
        Assert.Equal(["old", "completed 1", "x", "y"], (await Ask<AllSaid>(actor, "log")).Texts);
    }

    [Fact]
    public async Task No_command_is_handled_between_persist_and_its_handler()
    {
        var actor = NewSystem().ActorOf(Props.Create(() => new Counting()), "c");
        for (var i = 0; i < 200; i++)
        {
            actor.Tell("add");
        }

        Assert.Equal("200 handled, 0 too early", await Ask<string>(actor, "tell"));
    }

    [Fact]
    public async Task Commands_are_handled_while_persist_async_writes()
    {
        var actor = NewSystem().ActorOf(Props.Create(() => new AsyncSpeaker()), "a");
        actor.Tell(new Say("one"));
        actor.Tell(new Say("two"));

        // Both commands first, then the events in their order, then what was deferred behind them.
        var log = await Ask<AllSaid>(actor, "deferred");
        Assert.Equal(["command one", "command two", "event one", "event two"], log.Texts.Order(StringComparer.Ordinal));
        Assert.True(Array.IndexOf(log.Texts, "event one") < Array.IndexOf(log.Texts, "event two"));
        Assert.True(Array.IndexOf(log.Texts, "command one") < Array.IndexOf(log.Texts, "event one"));
    }

    [Fact]
    public async Task Persist_all_writes_all_events_and_calls_the_handler_for_each()
    {
        var actor = Speaker(NewSystem(), "p1");
        Assert.Equal("said a 1", await Ask<string>(actor, new SayAll(["a", "b", "c"])));
        Assert.Equal(["a", "b", "c"], (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task Persist_within_a_handler_comes_before_the_next_command()
    {
        var actor = Speaker(NewSystem(), "p1");
        actor.Tell(new Say("nest"));
        actor.Tell(new Say("after"));
        Assert.Equal(["nest", "nested", "after"], (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task An_event_without_a_serializer_is_rejected_and_the_actor_goes_on()
    {
        var actor = Speaker(NewSystem(), "p1");
        Assert.StartsWith("rejected", await Ask<string>(actor, "unspeakable"));
        Assert.StartsWith("said a", await Ask<string>(actor, new Say("a")));
    }

    [Fact]
    public async Task A_command_that_throws_restarts_the_actor_with_what_it_had_persisted()
    {
        var actor = Speaker(NewSystem(), "p1");
        actor.Tell(new Say("a"));
        actor.Tell("persist and throw");
        actor.Tell(new Say("b"));
        Assert.Equal(["a", "last words", "b"], (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task A_snapshot_is_offered_first_and_only_later_events_follow()
    {
        var first = NewSystem();
        var actor = Speaker(first, "p1");
        await Ask<string>(actor, new Say("a"));
        Assert.Equal("saved 1", await Ask<string>(actor, "snapshot"));
        await Ask<string>(actor, new Say("b"));
        await first.Terminate();

        var again = Speaker(NewSystem(), "p1");
        Assert.Equal(["offer 1: a", "b", "completed 2"], (await Ask<AllSaid>(again, "log")).Texts);
    }

    [Fact]
    public async Task Deleted_events_do_not_come_back_and_their_numbers_are_not_reused()
    {
        var first = NewSystem();
        var actor = Speaker(first, "p1");
        await Ask<string>(actor, new Say("a"));
        await Ask<string>(actor, new Say("b"));
        await Ask<string>(actor, new Say("c"));
        Assert.Equal("deleted 2", await Ask<string>(actor, new Forget(2)));
        await first.Terminate();

        var second = NewSystem();
        var again = Speaker(second, "p1");
        Assert.Equal(["c", "completed 3"], (await Ask<AllSaid>(again, "log")).Texts);
        Assert.Equal("deleted 3", await Ask<string>(again, new Forget(3)));
        await second.Terminate();

        var last = Speaker(NewSystem(), "p1");
        Assert.Equal("said d 4", await Ask<string>(last, new Say("d")));
    }

    [Fact]
    public async Task Deleting_more_than_there_is_fails()
    {
        var actor = Speaker(NewSystem(), "p1");
        await Ask<string>(actor, new Say("a"));
        Assert.Equal("not deleted 5", await Ask<string>(actor, new Forget(5)));
        Assert.Equal("deleted " + long.MaxValue, await Ask<string>(actor, new Forget(long.MaxValue)));
    }

    [Fact]
    public async Task Deleted_snapshots_are_not_offered()
    {
        var first = NewSystem();
        var actor = Speaker(first, "p1");
        await Ask<string>(actor, new Say("a"));
        await Ask<string>(actor, "snapshot");
        Assert.Equal("snapshots deleted", await Ask<string>(actor, "forget snapshots"));
        await first.Terminate();

        Assert.Equal(["a", "completed 1"], (await Ask<AllSaid>(Speaker(NewSystem(), "p1"), "log")).Texts);
    }

    [Fact]
    public async Task Recovery_can_be_limited()
    {
        var first = NewSystem();
        var actor = Speaker(first, "p1");
        await Ask<string>(actor, new Say("a"));
        await Ask<string>(actor, new Say("b"));
        await first.Terminate();

        var system = NewSystem();
        var partly = system.ActorOf(Props.Create(() => new SpeakerActor("p1", new Recovery(SnapshotSelectionCriteria.Latest, 1, long.MaxValue))));
        Assert.Equal("a", (await Ask<AllSaid>(partly, "log")).Texts[0]);
        var none = system.ActorOf(Props.Create(() => new SpeakerActor("p1", Recovery.None)));
        Assert.Equal(["completed 2"], (await Ask<AllSaid>(none, "log")).Texts);
    }

    [Fact]
    public async Task The_users_stash_is_apart_from_the_one_of_persist()
    {
        var actor = NewSystem().ActorOf(Props.Create(() => new StashingSpeaker()), "s");
        actor.Tell(new Say("early 1"));
        actor.Tell(new Say("early 2"));
        actor.Tell("open");
        actor.Tell(new Say("late"));
        Assert.Equal(["open", "early 1", "early 2", "late"], (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task An_async_command_persists_after_its_awaits()
    {
        var actor = NewSystem().ActorOf(Props.Create(() => new AwaitingSpeaker()), "w");
        actor.Tell(new Say("a"));
        actor.Tell(new Say("b"));
        Assert.Equal(["a", "b"], (await Ask<AllSaid>(actor, "all")).Texts);
    }

    [Fact]
    public async Task The_base_class_for_one_method_each_works_the_same()
    {
        var first = NewSystem();
        var actor = first.ActorOf(Props.Create(() => new PlainSpeaker()), "u");
        Assert.Equal("1", await Ask<string>(actor, new Say("a")));
        await first.Terminate();

        var again = NewSystem().ActorOf(Props.Create(() => new PlainSpeaker()), "u");
        Assert.Equal(["a", "done"], (await Ask<AllSaid>(again, "all")).Texts);
    }

    private static IActorRef Speaker(ActorSystem system, string id) => system.ActorOf(Props.Create(() => new SpeakerActor(id, Recovery.Default)));
}

namespace EngineTests.Conformance;

public class AskSpec : TestKit
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(20);

    private IActorRef Answerer() => Sys.ActorOf(Props.Create(() => new Answering()));

    [Fact]
    public async Task An_answer_completes_the_task()
    {
        Assert.Equal("answer to q", await Answerer().Ask<string>("q", Long));
        Assert.Equal("answer to q", await Answerer().Ask("q", Long));
    }

    [Fact]
    public async Task No_answer_in_time_is_an_AskTimeoutException()
    {
        await Assert.ThrowsAsync<AskTimeoutException>(() => Answerer().Ask<string>("silence", TimeSpan.FromMilliseconds(50)));
    }

    [Fact]
    public async Task A_failure_throws_its_cause()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => Answerer().Ask<string>("fail", Long));
        Assert.Equal("boom", e.Message);
    }

    [Fact]
    public async Task An_answer_of_another_type_is_an_ArgumentException()
    {
        await Assert.ThrowsAsync<ArgumentException>(() => Answerer().Ask<int>("q", Long));
    }

    [Fact]
    public async Task Asking_for_the_failure_itself_gives_it()
    {
        Assert.Equal("boom", (await Answerer().Ask<Status.Failure>("fail", Long)).Cause.Message);
    }

    [Fact]
    public async Task A_cancelled_token_cancels_the_task()
    {
        using var source = new CancellationTokenSource();
        var asked = Answerer().Ask<string>("silence", Long, source.Token);
        source.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asked);
    }

    [Fact]
    public async Task The_message_can_hold_the_reference_to_answer_to()
    {
        var answer = await Answerer().Ask<string>(sender => new AnswerTo(sender), Long, CancellationToken.None);
        Assert.Equal("there you are", answer);
    }

    [Fact]
    public async Task A_selection_can_be_asked()
    {
        var actor = Sys.ActorOf(Props.Create(() => new Answering()), "answering");
        Assert.Equal("answer to q", await Sys.ActorSelection("/user/answering").Ask<string>("q", Long));
        Assert.Equal(actor, await Sys.ActorSelection("/user/answering").ResolveOne(Long));
    }

    [Fact]
    public async Task A_second_answer_becomes_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        Assert.Equal("one", await Answerer().Ask<string>("twice", Long));
        Assert.Equal("two", ExpectMsg<DeadLetter>().Message);
    }

    [Fact]
    public async Task Many_asks_at_once_get_their_own_answers()
    {
        var actor = Answerer();
        var answers = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => actor.Ask<string>($"{i}", Long)));
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"answer to {i}"), answers);
    }

    [Fact]
    public async Task The_reference_that_asks_has_a_path_below_temp_and_is_found_by_it()
    {
        var answer = await Answerer().Ask<string>("path", Long);
        Assert.Contains("/temp/", answer, StringComparison.Ordinal);
        Assert.Equal("found by path", await Answerer().Ask<string>("by path", Long));
    }

    [Fact]
    public async Task GracefulStop_ends_with_the_actor()
    {
        var actor = Answerer();
        Watch(actor);
        Assert.True(await actor.GracefulStop(Long));
        await ExpectTerminatedAsync(actor);
    }

    [Fact]
    public async Task GracefulStop_of_an_actor_that_does_not_stop_is_cancelled()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Answerer().GracefulStop(TimeSpan.FromMilliseconds(50), "silence"));
    }

    private sealed record AnswerTo(IActorRef To);

    private sealed class Answering : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            switch (message)
            {
                case "silence":
                    break;
                case "fail":
                    Sender.Tell(new Status.Failure(new InvalidOperationException("boom")));
                    break;
                case "twice":
                    Sender.Tell("one");
                    Sender.Tell("two");
                    break;
                case "path":
                    Sender.Tell(Sender.Path.ToString());
                    break;
                case "by path":
                    Context.ActorSelection(Sender.Path.ToString()).Tell("found by path");
                    break;
                case AnswerTo request:
                    request.To.Tell("there you are");
                    break;
                default:
                    Sender.Tell($"answer to {message}");
                    break;
            }
        }
    }
}

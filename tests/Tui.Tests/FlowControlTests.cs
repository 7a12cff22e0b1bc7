namespace ClusterMonitor.Tui.Tests;

public sealed class FlowControlTests
{
    private static readonly DateTimeOffset Start = SampleFleet.Now;

    private readonly FlowControl _flow = new();

    [Fact]
    public void The_next_frame_waits_for_the_answer_to_the_one_before()
    {
        _flow.Asked(Start);
        Assert.False(_flow.MayDraw(Start));
        _flow.Answered();
        Assert.True(_flow.MayDraw(Start));
    }

    [Fact]
    public void An_answer_that_does_not_come_holds_a_frame_for_five_seconds_at_most()
    {
        _flow.Asked(Start);
        _flow.Answered();
        _flow.Asked(Start);
        Assert.False(_flow.MayDraw(Start.AddSeconds(4.9)));
        Assert.Equal(TimeSpan.FromSeconds(0.5), _flow.Remaining(Start.AddSeconds(4.5)));
        Assert.True(_flow.MayDraw(Start.AddSeconds(5)));
    }

    [Fact]
    public void A_terminal_that_never_answers_is_soon_not_asked_any_more()
    {
        var now = Start;
        for (var i = 0; i < 3; i++)
        {
            Assert.True(_flow.Asks);
            _flow.Asked(now);
            now += FlowControl.FirstPatience;
            Assert.True(_flow.MayDraw(now));
        }

        Assert.False(_flow.Asks);
        Assert.True(_flow.MayDraw(now));
        Assert.False(_flow.Waiting);
    }

    [Fact]
    public void A_late_answer_brings_the_question_back()
    {
        A_terminal_that_never_answers_is_soon_not_asked_any_more();
        _flow.Answered();
        Assert.True(_flow.Asks);
    }
}

namespace EngineTests.Conformance;

public class PipeToSpec : TestKit
{
    [Fact]
    public void The_result_of_a_task_comes_as_a_message()
    {
        Task.FromResult(42).PipeTo(TestActor);
        ExpectMsg(42);
    }

    [Fact]
    public void A_failure_comes_as_a_status()
    {
        Task.FromException<int>(new InvalidOperationException("boom")).PipeTo(TestActor);
        Assert.Equal("boom", ExpectMsg<Status.Failure>().Cause.Message);
    }

    [Fact]
    public void Both_can_be_mapped_and_the_sender_be_given()
    {
        var probe = CreateTestProbe();
        Task.FromResult(42).PipeTo(TestActor, probe.Ref, i => $"got {i}");
        ExpectMsg("got 42");
        Assert.Equal(probe.Ref, LastSender);
        Task.FromException<int>(new InvalidOperationException("boom")).PipeTo(TestActor, probe.Ref, failure: e => e.Message);
        ExpectMsg("boom");
    }

    [Fact]
    public void A_task_without_result_tells_only_what_it_is_mapped_to()
    {
        Task.CompletedTask.PipeTo(TestActor);
        ExpectNoMsg(50);
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");
        Task.FromException(new InvalidOperationException("boom")).PipeTo(TestActor);
        ExpectMsg<Status.Failure>();
    }
}

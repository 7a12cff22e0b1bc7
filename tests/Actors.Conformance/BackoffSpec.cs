namespace EngineTests.Conformance;

public class BackoffSpec : TestKit
{
    private static readonly TimeSpan Min = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Max = TimeSpan.FromMilliseconds(200);

    private Props Child => Props.Create(() => new LifeReporter(TestActor, "c"));

    [Fact]
    public void OnStop_starts_a_stopped_child_again()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnStop(Child, "c", Min, Max, 0.1, -1)));
        ExpectMsg("c constructed");
        ExpectMsg("c PreStart");
        supervisor.Tell(new Run(c => c.Stop(c.Self)));
        ExpectMsg("c PostStop");
        ExpectMsg("c constructed");
        ExpectMsg("c PreStart");
        supervisor.Tell("hi");
        ExpectMsg("hi");
    }

    [Fact]
    public void OnFailure_starts_a_failed_child_again_as_a_new_actor()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child, "c", Min, Max, 0, -1)));
        ReceiveN(2);
        supervisor.Tell("throw");
        ExpectMsg("c PostStop");
        ExpectMsg("c constructed");
        ExpectMsg("c PreStart");
        supervisor.Tell(BackoffSupervisor.GetRestartCount.Instance);
        Assert.True(ExpectMsg<BackoffSupervisor.RestartCount>().Count <= 1);
    }

    [Fact]
    public void OnFailure_ends_with_a_child_that_stops_by_itself()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child, "c", Min, Max, 0, -1)));
        ReceiveN(2);
        Watch(supervisor);
        supervisor.Tell(new Run(c => c.Stop(c.Self)));
        ExpectMsg("c PostStop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void It_gives_up_after_as_many_restarts_as_allowed()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(Backoff.OnFailure(Child, "c", Min, Max, 0, 1).WithManualReset()));
        ReceiveN(2);
        Watch(supervisor);
        supervisor.Tell("throw");
        ReceiveN(3);
        supervisor.Tell("throw");
        ExpectMsg("c PostStop");
        ExpectTerminated(supervisor);
    }

    [Fact]
    public void While_there_is_no_child_it_answers_for_it()
    {
        var supervisor = Sys.ActorOf(BackoffSupervisor.Props(
            Backoff.OnStop(Child, "c", TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), 0, -1).WithReplyWhileStopped("not now")));
        ReceiveN(2);
        supervisor.Tell(new Run(c => c.Stop(c.Self)));
        ExpectMsg("c PostStop");
        AwaitAssert(() =>
        {
            supervisor.Tell(BackoffSupervisor.GetCurrentChild.Instance);
            Assert.Null(ExpectMsg<BackoffSupervisor.CurrentChild>().Ref);
        });
        supervisor.Tell("hi");
        ExpectMsg("not now");
    }
}

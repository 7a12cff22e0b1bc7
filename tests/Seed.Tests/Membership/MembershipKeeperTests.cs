using ClusterMonitor.Seed.Fleet;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed.Tests.Membership;

/// <summary>The keeper above a supervisor whose journal fails.</summary>
public sealed class MembershipKeeperTests : TestKit
{
    [Fact]
    public void A_failure_that_lasts_is_an_error_once_and_its_end_is_told()
    {
        var attempts = new Attempts();
        var log = CreateTestProbe();
        var fleet = CreateTestProbe();
        Sys.EventStream.Subscribe(log.Ref, typeof(LogEvent));
        ICanTell shown = fleet.Ref;
        Action<string?> outcome = _ => { };
        var supervisor = Props.Create(() => new FailsTwice(attempts));

        Sys.ActorOf(Props.Create(() => new MembershipKeeper(supervisor, shown, outcome)));

        fleet.FishForMessage<WarningRaised>(w => w.Text.Contains("disk is full", StringComparison.Ordinal), TimeSpan.FromSeconds(10));
        fleet.FishForMessage<WarningRaised>(w => w.Text.Length == 0, TimeSpan.FromSeconds(30));
        var said = new List<string>();
        log.FishForMessage<LogEvent>(
            e =>
            {
                said.Add($"{e.Message}");
                return said[^1].Contains("kept again", StringComparison.Ordinal);
            },
            TimeSpan.FromSeconds(10));
        Assert.Equal(3, attempts.Count);
        Assert.Single(said, s => s.Contains("not kept", StringComparison.Ordinal));
    }

    private sealed class Attempts
    {
        public int Count { get; set; }
    }

    private sealed class FailsTwice(Attempts attempts) : ReceiveActor
    {
        protected override void PreStart()
        {
            if (++attempts.Count < 3)
            {
                Context.Parent.Tell(new MembershipFailed("the disk is full"), Self);
                Context.Stop(Self);
            }
            else
            {
                Context.Parent.Tell(new MembershipReady(), Self);
            }
        }
    }
}

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Membership;

namespace ClusterMonitor.Seed.Tests.Membership;

/// <summary>One node, its machine, and a clock that moves when it is told to.</summary>
internal sealed class NodeScenario
{
    public const long Start = 1_700_000_000_000;
    public const ulong FirstProcess = 11;

    private readonly NodeStateMachine _machine = new("seed-1", AvailabilityTiming.Of(2_700, 20_000));

    public NodeFacts Facts { get; set; } = new() { NodeId = "id-b", Name = "b" };

    public Moment Now { get; private set; } = new(Start, 5_000);

    public List<StateChanged> Changes { get; } = [];

    public int DownsAsked { get; private set; }

    public AvailabilityState State => Facts.State;

    public IEnumerable<AvailabilityState> States => Changes.Select(c => c.To);

    public StateChanged Last => Changes[^1];

    public NodeScenario Do(params NodeInput[] inputs)
    {
        foreach (var input in inputs)
        {
            var step = _machine.Step(Facts, input, Now);
            Facts = step.Facts;
            DownsAsked += step.AskDown ? 1 : 0;
            if (step.Change is not null)
            {
                Changes.Add(step.Change);
            }
        }

        return this;
    }

    /// <summary>Lets time pass in ticks of 200 ms, as the supervisor does.</summary>
    public NodeScenario Wait(long ms, Action<NodeScenario>? eachTick = null)
    {
        for (var left = ms; left > 0; left -= 200)
        {
            Jump(Math.Min(200, left));
            eachTick?.Invoke(this);
            Do(NodeInput.Tick.Now);
        }

        return this;
    }

    /// <summary>Both clocks go on, and nobody looks.</summary>
    public NodeScenario Jump(long ms)
    {
        Now = new Moment(Now.WallMs + ms, Now.MonoMs + ms);
        return this;
    }

    /// <summary>Somebody sets the machine's clock.</summary>
    public NodeScenario StepClock(long ms)
    {
        Now = Now with { WallMs = Now.WallMs + ms };
        return this;
    }

    /// <summary>A node as it mostly is: member, and a sample came just now.</summary>
    public static NodeScenario Up()
    {
        var node = new NodeScenario();
        node.Do(
            new NodeInput.LinkOpened(),
            new NodeInput.Member(MemberPhase.Joining),
            new NodeInput.Hello(FirstProcess),
            new NodeInput.Member(MemberPhase.Up),
            new NodeInput.Sample(FirstProcess));
        Assert.Equal(AvailabilityState.AvailabilityUp, node.State);
        return node;
    }

    public NodeInput.Sample Sample() => new(Facts.Incarnation);
}

using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed.Tests.Fleet;

public sealed class FleetTableTests
{
    private readonly FleetTable _table = new();

    private void Register(string id, AvailabilityState state = AvailabilityState.AvailabilityUp) =>
        _table.Apply(new StandingChanged(id, new NodeIdentity { Name = "name-" + id }, new NodeStanding { State = state }));

    private void Sample(string id, long second = 1, float cpu = 0.5f) =>
        _table.Apply(new VitalsChanged(id, new NodeVitals { TimeMs = second * 1000, Cpu = cpu }));

    [Fact]
    public void The_first_frame_is_whole_and_has_trails()
    {
        Register("b");
        Sample("b");
        var frame = _table.FrameSince(0);
        Assert.True(frame.Full);
        var node = Assert.Single(frame.Nodes);
        Assert.NotNull(node.Identity);
        Assert.NotNull(node.Standing);
        Assert.NotNull(node.Vitals);
        Assert.Equal(100, node.CpuTrail[^1]);
    }

    [Fact]
    public void A_delta_has_only_the_parts_that_changed()
    {
        Register("b");
        Register("c");
        Sample("b");
        var known = _table.FrameSince(0).Version;
        Sample("b", second: 2);
        var frame = _table.FrameSince(known);
        Assert.False(frame.Full);
        var node = Assert.Single(frame.Nodes);
        Assert.Equal("b", node.NodeId);
        Assert.Null(node.Identity);
        Assert.Null(node.Standing);
        Assert.Equal(2_000, node.Vitals.TimeMs);
        Assert.True(node.CpuTrail.IsEmpty);
    }

    [Fact]
    public void A_node_is_not_shown_before_it_is_known_whose_it_is_and_then_whole()
    {
        Register("b");
        Sample("c");
        var known = _table.FrameSince(0);
        Assert.Single(known.Nodes);
        Register("c");
        var node = Assert.Single(_table.FrameSince(known.Version).Nodes);
        Assert.NotNull(node.Identity);
        Assert.False(node.CpuTrail.IsEmpty);
    }

    [Fact]
    public void A_removed_node_is_named_until_all_have_heard_of_it()
    {
        Register("b");
        var known = _table.FrameSince(0).Version;
        _table.Apply(new NodeRemoved("b"));
        Assert.Equal(["b"], _table.FrameSince(known).Removed);
        Assert.Empty(_table.FrameSince(_table.Version).Removed);
        Assert.Empty(_table.FrameSince(0).Nodes);
    }

    [Fact]
    public void A_node_that_comes_back_after_its_removal_is_there()
    {
        Register("b");
        var known = _table.FrameSince(0).Version;
        _table.Apply(new NodeRemoved("b"));
        Register("b");
        var frame = _table.FrameSince(known);
        Assert.True(frame.Full);
        Assert.NotNull(Assert.Single(frame.Nodes).Identity);
    }

    [Fact]
    public void Who_missed_more_removals_than_are_remembered_gets_everything()
    {
        Register("b");
        var known = _table.FrameSince(0).Version;
        for (var i = 0; i < 1_100; i++)
        {
            Register("x" + i);
            _table.Apply(new NodeRemoved("x" + i));
        }

        Assert.True(_table.FrameSince(known).Full);
    }

    [Fact]
    public void A_version_from_the_future_is_of_another_life()
    {
        Register("b");
        Assert.True(_table.FrameSince(_table.Version + 5).Full);
    }

    [Fact]
    public void Nothing_new_is_an_empty_frame()
    {
        Register("b");
        var frame = _table.FrameSince(_table.Version);
        Assert.False(frame.Full);
        Assert.Empty(frame.Nodes);
    }

    [Fact]
    public void Deltas_put_together_are_the_whole()
    {
        var random = new Random(4053);
        var view = new Dictionary<string, FleetNode>();
        var known = 0L;
        for (var i = 0; i < 2_000; i++)
        {
            var id = "n" + random.Next(20);
            switch (random.Next(10))
            {
                case 0:
                    _table.Apply(new NodeRemoved(id));
                    break;
                case < 3:
                    Register(id, (AvailabilityState)random.Next(1, 9));
                    break;
                default:
                    Sample(id, i);
                    break;
            }

            if (random.Next(7) == 0)
            {
                known = Merge(view, _table.FrameSince(known));
            }
        }

        Merge(view, _table.FrameSince(known));
        var whole = _table.FrameSince(0).Nodes.ToDictionary(n => n.NodeId);
        Assert.Equal(whole.Keys.Order(), view.Keys.Order());
        Assert.All(whole, n => Assert.Equal((n.Value.Identity, n.Value.Standing, n.Value.Vitals), (view[n.Key].Identity, view[n.Key].Standing, view[n.Key].Vitals)));
    }

    [Fact]
    public void Nodes_are_found_by_id_and_by_name()
    {
        Register("b");
        Assert.Equal("b", _table.Find("b")?.NodeId);
        Assert.Equal("b", _table.Find("name-b")?.NodeId);
        Assert.Null(_table.Find("name-c"));
    }

    [Fact]
    public void Connected_are_those_that_speak()
    {
        Register("b");
        Register("c", AvailabilityState.AvailabilityDown);
        Register("d", AvailabilityState.AvailabilitySuspect);
        Assert.Equal(2, _table.Connected);
        Assert.Equal(["name-b", "name-d"], _table.ConnectedNames);
    }

    private static long Merge(Dictionary<string, FleetNode> view, FleetFrame frame)
    {
        if (frame.Full)
        {
            view.Clear();
        }

        foreach (var id in frame.Removed)
        {
            view.Remove(id);
        }

        foreach (var node in frame.Nodes)
        {
            var row = view.TryGetValue(node.NodeId, out var known) ? known : view[node.NodeId] = new FleetNode { NodeId = node.NodeId };
            row.Identity = node.Identity ?? row.Identity;
            row.Standing = node.Standing ?? row.Standing;
            row.Vitals = node.Vitals ?? row.Vitals;
        }

        return frame.Version;
    }
}

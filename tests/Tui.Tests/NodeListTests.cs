using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

public sealed class NodeListTests
{
    private readonly AppState _state = SampleFleet.State(new Theme(ColourDepth.None, GlyphTier.Ascii));

    private NodeList List => _state.Nodes;

    [Fact]
    public void Names_are_in_the_order_that_people_expect()
    {
        string[] names = ["node-10", "node-9", "Node-1", "node-09", "alpha"];
        Array.Sort(names, (a, b) => NaturalOrder.Compare(a, b));
        Assert.Equal(["alpha", "Node-1", "node-09", "node-9", "node-10"], names);
    }

    [Fact]
    public void Numbers_fall_by_default_and_nodes_without_numbers_come_last_either_way()
    {
        Sort(NodeColumn.Cpu);
        Assert.Equal(List.Rows.Max(r => r.HasNumbers ? r.Vitals.Cpu : 0), List.Rows[0].Vitals.Cpu);
        Assert.False(List.Rows[^1].HasNumbers);

        List.Reverse();
        List.Refresh(_state.Fleet);
        Assert.Equal(List.Rows.Min(r => r.HasNumbers ? r.Vitals.Cpu : 2), List.Rows[0].Vitals.Cpu);
        Assert.False(List.Rows[^1].HasNumbers);
    }

    [Fact]
    public void By_state_what_needs_a_person_comes_first()
    {
        Sort(NodeColumn.State);
        Assert.Equal(
            [AvailabilityState.AvailabilityDown, AvailabilityState.AvailabilityUnreachable, AvailabilityState.AvailabilitySuspect],
            List.Rows.Take(3).Select(r => r.State));
    }

    [Theory]
    [InlineData("gpu-a00", 7)]
    [InlineData("GPU-A00", 7)]
    [InlineData("state:down", 1)]
    [InlineData("state:un", 2)]
    [InlineData("!state:up", 7)]
    [InlineData("rack=a1 role=db", 5)]
    [InlineData("rack=a*", 26)]
    [InlineData("rack=b", 0)]
    [InlineData("cpu>2000", 0)]
    [InlineData("cpu>-1", 20)]
    [InlineData("mem<101%", 20)]
    [InlineData("!cpu>-1", 6)]
    [InlineData("数据", 1)]
    [InlineData("10.0.1.3:", 1)]
    [InlineData("   ", 26)]
    [InlineData("!", 0)]
    [InlineData("=", 0)]
    [InlineData("\u001b", 1)]
    public void A_filter_matches_so_many_nodes(string filter, int count)
    {
        List.FilterText = filter;
        List.Refresh(_state.Fleet);
        Assert.Equal(count, List.Rows.Count);
    }

    [Fact]
    public void The_selection_stays_on_its_node_when_the_order_changes()
    {
        List.Select(5);
        var id = List.Selected!.Id;
        Sort(NodeColumn.Cpu);
        Assert.Equal(id, List.Selected!.Id);
        Assert.NotEqual(5, List.SelectedIndex);
    }

    [Fact]
    public void Nobody_selected_means_the_first_whichever_it_is()
    {
        Sort(NodeColumn.Cpu);
        Assert.Equal(0, List.SelectedIndex);
        List.Select(5);
        List.Select(0);
        Sort(NodeColumn.Load);
        Assert.Equal(0, List.SelectedIndex);
    }

    [Fact]
    public void A_selected_node_that_goes_away_leaves_the_selection_in_the_list()
    {
        List.Select(int.MaxValue);
        var frame = new FleetFrame { SeedIncarnation = 77, Version = 2, TimeMs = _state.Fleet.TimeMs + 1000 };
        frame.Removed.Add(List.Selected!.Id);
        Update.Apply(_state, new FleetArrived(frame));

        Assert.Equal(25, List.Rows.Count);
        Assert.Equal(24, List.SelectedIndex);
    }

    [Fact]
    public void Moving_stops_at_the_ends_and_the_view_follows()
    {
        List.Move(-3);
        Assert.Equal(0, List.SelectedIndex);
        List.Move(1000);
        List.Fit(10);
        Assert.Equal((25, 16), (List.SelectedIndex, List.Top));
        List.Select(12);
        List.Fit(10);
        Assert.Equal(12, List.Top);
    }

    [Fact]
    public void The_wheel_moves_the_view_and_drags_the_selection_only_at_its_edge()
    {
        List.Select(4);
        List.Scroll(3, 10);
        Assert.Equal((3, 4), (List.Top, List.SelectedIndex));
        List.Scroll(3, 10);
        Assert.Equal((6, 6), (List.Top, List.SelectedIndex));
    }

    private void Sort(NodeColumn column)
    {
        List.SortBy(column);
        List.Refresh(_state.Fleet);
    }
}

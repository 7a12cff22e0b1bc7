using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui.Tests;

public sealed class UpdateTests
{
    private readonly ManualTime _time = new(SampleFleet.Now);
    private readonly AppState _state;

    public UpdateTests() => _state = SampleFleet.State(new Theme(ColourDepth.None, GlyphTier.Ascii), _time);

    [Fact]
    public void Keys_lead_from_view_to_view()
    {
        Press(new Key(KeyKind.Tab));
        Assert.Equal("node", _state.View.Name);
        Assert.Equal(_state.Nodes.Selected!.Id, _state.Node.Id);
        Press(Key.Of('3'));
        Assert.Equal("events", _state.View.Name);
        Press(Key.Of('?'));
        Assert.Equal("help", _state.View.Name);
        Press(Key.Of('?'));
        Assert.Equal("events", _state.View.Name);
        Press(new Key(KeyKind.BackTab));
        Assert.Equal("node", _state.View.Name);
        Press(new Key(KeyKind.Escape));
        Assert.Equal("nodes", _state.View.Name);
    }

    [Fact]
    public void Enter_opens_the_selected_node_and_the_arrows_go_on_to_its_neighbours()
    {
        Press(new Key(KeyKind.Down));
        Press(new Key(KeyKind.Enter));
        Assert.Equal(_state.Nodes.Rows[1].Id, _state.Node.Id);
        Press(new Key(KeyKind.Right));
        Assert.Equal(_state.Nodes.Rows[2].Id, _state.Node.Id);
        Press(new Key(KeyKind.Left));
        Press(new Key(KeyKind.Left));
        Press(new Key(KeyKind.Left));
        Assert.Equal(_state.Nodes.Rows[0].Id, _state.Node.Id);
    }

    [Fact]
    public void Only_what_is_looked_at_is_wanted()
    {
        Assert.Equal((null, false), (_state.Wants.NodeId, _state.Wants.Events));
        Press(new Key(KeyKind.Enter));
        Assert.Equal(_state.Nodes.Rows[0].Id, _state.Wants.NodeId);
        Press(Key.Of('-'));
        Assert.Equal("15m", _state.Wants.Range.Name);
        Press(Key.Of('3'));
        Assert.Equal((null, true), (_state.Wants.NodeId, _state.Wants.Events));
    }

    [Fact]
    public void While_a_filter_is_typed_letters_are_letters_and_control_c_still_quits()
    {
        Press(Key.Of('/'));
        foreach (var letter in "q3?")
        {
            Press(Key.Of(letter));
        }

        Assert.Equal("q3?", _state.Nodes.FilterText);
        Assert.False(_state.Quit);
        Press(new Key(KeyKind.Escape));
        Assert.Equal("", _state.Nodes.FilterText);
        Press(Key.Of('/'));
        Press(Key.Control('c'));
        Assert.True(_state.Quit);
    }

    [Fact]
    public void A_pasted_filter_loses_its_control_characters()
    {
        Press(Key.Of('/'));
        Press(new Key(KeyKind.Paste, Text: "gpu\u001b[31m\n"));
        Assert.Equal("gpu[31m", _state.Nodes.FilterText);
    }

    [Fact]
    public void A_seed_that_others_use_asks_before_it_quits()
    {
        var state = new AppState(new Clock(_time), "seed", new Theme(ColourDepth.None, GlyphTier.Ascii), () => new QuitDecision("really?"));
        Update.Apply(state, new KeyPressed(Key.Of('q')));
        Assert.Equal(("really?", false), (state.QuitQuestion, state.Quit));
        Update.Apply(state, new KeyPressed(Key.Of('n')));
        Assert.Equal((null, false), (state.QuitQuestion, state.Quit));
        Update.Apply(state, new KeyPressed(Key.Of('q')));
        Update.Apply(state, new KeyPressed(Key.Of('y')));
        Assert.True(state.Quit);
    }

    [Fact]
    public void A_seed_that_falls_silent_leaves_stale_numbers_until_it_speaks_again()
    {
        Assert.False(_state.Stale);
        Update.Apply(_state, new ConnectionLost("connection refused"));
        Assert.True(_state.Stale);
        Update.Apply(_state, new FleetArrived(SampleFleet.NextSecond(26, 1)));
        Assert.False(_state.Stale);
    }

    [Fact]
    public void Deltas_change_only_what_they_name()
    {
        var row = _state.Fleet.Find("id-2")!;
        var (name, cpu) = (row.Name, row.Vitals.Cpu);
        var frame = new FleetFrame { SeedIncarnation = 77, Version = 2, TimeMs = _state.Fleet.TimeMs };
        frame.Nodes.Add(new FleetNode { NodeId = "id-2", Standing = new NodeStanding { State = AvailabilityState.AvailabilityDown } });
        Update.Apply(_state, new FleetArrived(frame));

        Assert.Equal((name, cpu, AvailabilityState.AvailabilityDown), (row.Name, row.Vitals.Cpu, row.State));
        Assert.Equal(2, _state.Fleet.CountOf(AvailabilityState.AvailabilityDown));
    }

    [Fact]
    public void A_delta_of_another_seed_is_refused_and_a_full_frame_forgets_who_is_gone()
    {
        Assert.False(Update.Apply(_state, new FleetArrived(new FleetFrame { SeedIncarnation = 78, Version = 9, TimeMs = 1 })));
        Assert.Equal(26, _state.Fleet.Count);

        var full = SampleFleet.Frame(3);
        full.SeedIncarnation = 78;
        Assert.True(Update.Apply(_state, new FleetArrived(full)));
        Assert.Equal((3, 3), (_state.Fleet.Count, _state.Nodes.Rows.Count));
    }

    [Fact]
    public void A_click_on_a_heading_sorts_on_a_row_selects_and_on_a_tab_switches()
    {
        var screen = new Screen(120, 40);
        Page.Draw(screen, _state, new Theme(ColourDepth.None, GlyphTier.Ascii));
        var heading = screen.Dump().Split('\n')[2];
        Click(heading.IndexOf("MEM", StringComparison.Ordinal), 2);
        Assert.Equal(NodeColumn.Memory, _state.Nodes.SortColumn);
        Click(30, 6);
        Assert.Equal(3, _state.Nodes.SelectedIndex);
        Click(30, 6);
        Assert.Equal("node", _state.View.Name);
        Click(screen.Dump().Split('\n')[0].IndexOf("events", StringComparison.Ordinal), 0);
        Assert.Equal("events", _state.View.Name);

        void Click(int x, int y) => Update.Apply(_state, new KeyPressed(new Key(KeyKind.Mouse, Mouse: MouseAction.Press, X: x, Y: y)), 120);
    }

    [Fact]
    public void An_answer_for_a_node_that_is_no_longer_open_is_dropped()
    {
        SampleFleet.OpenNode(_state, 2);
        _state.Node.Open("id-3");
        Update.Apply(_state, new DetailArrived(SampleFleet.Detail(2)));
        Update.Apply(_state, new ChartArrived("id-2", _state.Node.Range, 0, SampleFleet.Series(0, _state.Node.Range)));

        Assert.Null(_state.Node.Detail);
        Assert.False(_state.Node.Series[0].Loaded);
    }

    [Fact]
    public void Events_of_the_same_moment_keep_their_order()
    {
        var answer = new EventsAnswer();
        answer.Transitions.Add(new StateChanged { NodeId = "a", TimeMs = 5, To = AvailabilityState.AvailabilityJoining });
        answer.Transitions.Add(new StateChanged { NodeId = "a", TimeMs = 5, To = AvailabilityState.AvailabilityUp });
        Update.Apply(_state, new EventsArrived(answer));
        Update.Apply(_state, new EventsArrived(answer));

        Assert.Equal([AvailabilityState.AvailabilityUp, AvailabilityState.AvailabilityJoining], _state.Events.Lines.Select(l => l.To));
    }

    private void Press(Key key) => Update.Apply(_state, new KeyPressed(key), 120);
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

internal enum ConnectionStatus
{
    Connecting,
    Live,
    Lost,
}

/// <summary>What <c>q</c> leads to.</summary>
/// <param name="Question">Null: the dashboard ends at once. Otherwise it is asked first, answered with y or n.</param>
internal sealed record QuitDecision(string? Question);

/// <summary>All that the dashboard knows. Only <see cref="Update"/> changes it, and only <see cref="App"/>'s loop calls that.</summary>
internal sealed class AppState
{
    public AppState(Clock clock, string seedAddress, Theme theme, Func<QuitDecision>? askBeforeQuit = null)
    {
        Clock = clock;
        SeedAddress = seedAddress;
        AskBeforeQuit = askBeforeQuit;
        Node = new NodePage(ChartDefinition.For(theme));
        Views = ViewCatalog.Create();
        View = Views[0];
    }

    public Clock Clock { get; }

    /// <summary>As the person gave it.</summary>
    public string SeedAddress { get; }

    public Func<QuitDecision>? AskBeforeQuit { get; }

    public IReadOnlyList<IView> Views { get; }

    public IView View { get; set; }

    /// <summary>Where <c>?</c> came from.</summary>
    public IView? Before { get; set; }

    public FleetState Fleet { get; } = new();

    public NodeList Nodes { get; } = new();

    public NodePage Node { get; }

    public EventLog Events { get; } = new();

    public ConnectionStatus Connection { get; set; } = ConnectionStatus.Connecting;

    /// <summary>Why the seed does not answer.</summary>
    public string ConnectionProblem { get; set; } = "";

    /// <summary>This machine's clock at the last frame.</summary>
    public DateTimeOffset LastFrameAt { get; set; }

    public string? QuitQuestion { get; set; }

    public bool Quit { get; set; }

    /// <summary>Ctrl-Z.</summary>
    public bool SuspendRequested { get; set; }

    /// <summary>Ctrl-L.</summary>
    public bool RedrawRequested { get; set; }

    /// <summary>The numbers on the screen are not of now.</summary>
    public bool Stale => Connection != ConnectionStatus.Live && Fleet.IsKnown;

    public Wants Wants => new(
        View.ShowsNode ? Node.Id : null,
        Node.Range,
        Node.DiskMount,
        View.ShowsEvents);

    public void Show(IView view)
    {
        View = view;
        if (view.ShowsNode && Node.Id is null && Nodes.Selected is { } selected)
        {
            Node.Open(selected.Id);
        }
    }

    public void ShowView<T>()
        where T : IView => Show(Views.OfType<T>().First());

    public void OpenNode(string id)
    {
        Node.Open(id);
        ShowView<NodeView>();
    }
}

/// <summary>The open node: its details and charts as far as they have come.</summary>
internal sealed class NodePage
{
    private int _range = ChartRange.Initial;

    public NodePage(IReadOnlyList<ChartDefinition> charts)
    {
        Charts = charts;
        Series = [.. charts.Select(_ => new ChartSeries())];
    }

    public string? Id { get; private set; }

    public IReadOnlyList<ChartDefinition> Charts { get; }

    public IReadOnlyList<ChartSeries> Series { get; }

    public ChartRange Range => ChartRange.All[_range];

    public NodeDetail? Detail { get; private set; }

    public DetailMetrics? Metrics { get; private set; }

    /// <summary>Why the seed does not tell.</summary>
    public string Refusal { get; set; } = "";

    /// <summary>The mount point that the summary's disk column means: the fullest.</summary>
    public string? DiskMount { get; private set; }

    public void Open(string id)
    {
        if (Id == id)
        {
            return;
        }

        (Id, Detail, Metrics, Refusal, DiskMount) = (id, null, null, "", null);
        ResetCharts();
    }

    /// <summary>Nearer (-1) or farther (+1).</summary>
    public void Zoom(int by)
    {
        var range = Math.Clamp(_range + by, 0, ChartRange.All.Count - 1);
        if (range != _range)
        {
            _range = range;
            ResetCharts();
        }
    }

    public void Take(NodeDetail detail)
    {
        if (detail.Node?.NodeId != Id)
        {
            return;
        }

        (Detail, Metrics, Refusal) = (detail, new DetailMetrics(detail), "");
        if (DiskMount is null && Metrics.Filesystems.Count > 0 && detail.Node?.Vitals is { } vitals)
        {
            // Which of them that is, only the seed knows (network mounts do not count): the one with its value.
            DiskMount = Metrics.Filesystems.MinBy(f => Math.Abs(f.Fraction - vitals.Disk)).Mount;
        }
    }

    /// <summary>Continues the charts from the newest summary.</summary>
    public void Append(NodeVitals vitals)
    {
        for (var i = 0; i < Charts.Count; i++)
        {
            Series[i].Append(vitals.TimeMs, Charts[i].Live(vitals), Range.Span);
        }
    }

    private void ResetCharts()
    {
        foreach (var series in Series)
        {
            series.Reset(Range.Step);
        }
    }
}

/// <summary>Transitions and refused claims, newest first.</summary>
internal sealed class EventLog(int most = 2000)
{
    private readonly HashSet<(long TimeMs, string Node, int To)> _known = [];

    public List<EventLine> Lines { get; } = [];

    /// <summary>An answer has come.</summary>
    public bool Loaded { get; private set; }

    public void Take(EventsAnswer answer)
    {
        Loaded = true;
        var found = new List<EventLine>();
        foreach (var change in answer.Transitions)
        {
            if (_known.Add((change.TimeMs, change.NodeId, (int)change.To)))
            {
                found.Add(new EventLine(change.TimeMs, change.NodeId, change.Name.Length > 0 ? change.Name : change.NodeId, change.From, change.To, change.Reason, Refused: false));
            }
        }

        foreach (var refusal in answer.Refusals)
        {
            if (_known.Add((refusal.TimeMs, refusal.ClaimedBy, -1)))
            {
                found.Add(new EventLine(refusal.TimeMs, "", refusal.Name, 0, 0, $"refused {refusal.ClaimedBy}: {refusal.Reason}", Refused: true));
            }
        }

        if (found.Count > 0)
        {
            // The answer is oldest first, and several steps of a node may share a millisecond: their order must survive the sort.
            found.Reverse();
            found.AddRange(Lines);
            Lines.Clear();
            Lines.AddRange(found.OrderByDescending(l => l.TimeMs));
            if (Lines.Count > most)
            {
                Lines.RemoveRange(most, Lines.Count - most);
            }
        }
    }
}

/// <summary>One line of the list of events.</summary>
internal sealed record EventLine(long TimeMs, string NodeId, string Name, AvailabilityState From, AvailabilityState To, string Reason, bool Refused);

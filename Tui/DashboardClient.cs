using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>
/// The dashboard's side of the conversation with a seed (dashboard.proto). One fleet pull is out at a time, and the next goes out when
/// the last frame has been drawn: a slow terminal gets fewer, larger frames. What else is wanted (<see cref="Wants"/>) is asked for
/// as long as it is wanted. A seed that does not answer is asked again for ever.
/// </summary>
internal sealed class DashboardClient : ReceiveActor, IWithTimers
{
    private const int MaxWaitMs = 1000;
    private const int HistoryDays = 7;

    // Of what arrives together from many nodes, most is shown together; and a sample still waits no longer than this.
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan HistoryPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan EventsEvery = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan ChartsEvery = TimeSpan.FromMinutes(1);

    private readonly ICanTell _door;
    private readonly ClientSettings _settings;
    private readonly Action<AppMessage> _post;
    private readonly Queue<int> _chartsToAsk = new();
    private readonly TimeProvider _time;

    private Wants _wants = new(null, ChartRange.All[ChartRange.Initial], null, false);
    private long _version;
    private ulong _incarnation;
    private long _seedAheadMs;
    private bool _pulling;
    private bool _live;
    private bool _detailOut;
    private bool _chartOut;
    private bool _eventsOut;
    private long _eventsFromMs;
    private long _wantsNumber;
    private string _linkProblem = "";

    /// <summary>Starts asking at once.</summary>
    /// <param name="door">The seed's door for dashboards: a local reference or a remote selection.</param>
    /// <param name="settings">Who asks, and when.</param>
    /// <param name="post">Takes what comes; must not block.</param>
    public DashboardClient(ICanTell door, ClientSettings settings, Action<AppMessage> post)
    {
        _door = door;
        _settings = settings;
        _time = settings.Time;
        _post = post;
        Receive<Tick>(OnTick);
        Receive<Answered>(OnAnswered);
        Receive<Unanswered>(OnUnanswered);
        Receive<FrameDrawn>(_ => Timers.StartSingleTimer(Tick.Pull, Tick.Pull, Coalesce));
        Receive<FleetUnclear>(_ => (_version, _incarnation) = (0, 0));
        Receive<Wants>(OnWants);
        Receive<LinkProblem>(problem => _linkProblem = problem.Text);
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private long SeedNowMs => _time.GetUtcNow().ToUnixTimeMilliseconds() + _seedAheadMs;

    /// <inheritdoc/>
    protected override void PreStart() => Hello();

    private void Hello() => Ask(new Question(Topic.Hello), new DashboardHello { Who = _settings.Who, Version = _settings.Version }, Patience);

    private void Pull()
    {
        if (_pulling)
        {
            return;
        }

        _pulling = true;
        var pull = new FleetPull { SeedIncarnation = _incarnation, KnownVersion = _version, MaxWaitMs = MaxWaitMs };
        Ask(new Question(Topic.Fleet), pull, Patience);
    }

    private void OnTick(Tick tick)
    {
        switch (tick.Name)
        {
            case nameof(Tick.Hello):
                Hello();
                break;
            case nameof(Tick.Pull):
                Pull();
                break;
            case nameof(Tick.Detail):
                AskDetail();
                break;
            case nameof(Tick.Charts):
                QueueCharts();
                break;
            default:
                AskEvents();
                break;
        }
    }

    private void OnWants(Wants wants)
    {
        var before = _wants;
        _wants = wants;
        if (wants.NodeId is null)
        {
            Timers.Cancel(Tick.Detail);
            Timers.Cancel(Tick.Charts);
            _chartsToAsk.Clear();
        }
        else if (before.NodeId != wants.NodeId)
        {
            _detailOut = false;
            _wantsNumber++;
            AskDetail();
        }

        if (wants.NodeId is not null && (before.NodeId != wants.NodeId || before.Range != wants.Range || before.DiskMount != wants.DiskMount))
        {
            QueueCharts();
        }

        if (wants.Events && !before.Events)
        {
            AskEvents();
        }
        else if (!wants.Events)
        {
            Timers.Cancel(Tick.Events);
        }
    }

    private void AskDetail()
    {
        if (_wants.NodeId is not { } node || _detailOut || !_live)
        {
            return;
        }

        _detailOut = true;
        Ask(new Question(Topic.Detail, node, Number: _wantsNumber), new NodeQuery { Node = node }, Patience);
    }

    /// <summary>All charts anew; one question is out at a time.</summary>
    private void QueueCharts()
    {
        _chartsToAsk.Clear();
        for (var i = 0; i < _settings.Charts.Count; i++)
        {
            _chartsToAsk.Enqueue(i);
        }

        Timers.StartSingleTimer(Tick.Charts, Tick.Charts, ChartsEvery);
        AskChart();
    }

    private void AskChart()
    {
        while (!_chartOut && _live && _wants.NodeId is { } node && _chartsToAsk.TryDequeue(out var chart))
        {
            if (_settings.Charts[chart].Selector(_wants.DiskMount) is not { } selector)
            {
                // Not known yet, or a machine without a file system of its own: empty until it is.
                _post(new ChartArrived(node, _wants.Range, chart, null));
                continue;
            }

            _chartOut = true;
            var now = SeedNowMs;
            var query = new HistoryQuery
            {
                Node = node,
                FromMs = now - (long)_wants.Range.Span.TotalMilliseconds - (long)_wants.Range.Step.TotalMilliseconds,
                ToMs = now + 1000,
                StepMs = (long)_wants.Range.Step.TotalMilliseconds,
            };
            query.Selectors.Add(selector);
            Ask(new Question(Topic.Chart, node, chart, _wants.Range), query, HistoryPatience);
        }
    }

    private void AskEvents()
    {
        if (!_wants.Events || _eventsOut || !_live)
        {
            return;
        }

        _eventsOut = true;
        var now = SeedNowMs;
        var from = _eventsFromMs > 0 ? _eventsFromMs : now - (HistoryDays * 86_400_000L);
        Ask(new Question(Topic.Events), new EventsQuery { FromMs = from, ToMs = now + 60_000, Limit = 1000 }, HistoryPatience);
    }

    private void Ask(Question question, object message, TimeSpan patience) =>
        _door.Ask<object>(message, patience).PipeTo(
            Self,
            success: answer => new Answered(question, answer),
            failure: error => new Unanswered(question, error));

    private void OnAnswered(Answered answered)
    {
        var question = answered.Question;
        Settle(question);
        switch (answered.Answer)
        {
            case DashboardWelcome welcome:
                _linkProblem = "";
                _post(new Connected(welcome));
                Pull();
                break;
            case FleetFrame frame:
                OnFrame(frame);
                break;
            case NodeDetail detail when question.Node == _wants.NodeId:
                _post(new DetailArrived(detail));
                break;
            case HistoryAnswer history when question.Node is not null:
                _post(new ChartArrived(question.Node, question.Range, question.Chart, history.Series.Count > 0 ? history.Series[0] : null));
                break;
            case EventsAnswer events:
                OnEvents(events);
                break;
            case QueryRefused refused:
                OnRefused(question, refused);
                break;
        }
    }

    private void OnFrame(FleetFrame frame)
    {
        var isNews = !_live || frame.SeedIncarnation != _incarnation;
        (_version, _incarnation) = (frame.Version, frame.SeedIncarnation);
        _seedAheadMs = frame.TimeMs - _time.GetUtcNow().ToUnixTimeMilliseconds();
        _live = true;
        _post(new FleetArrived(frame));
        if (isNews)
        {
            // Whatever was looked at before the seed went away is asked for again.
            _eventsFromMs = 0;
            AskDetail();
            QueueCharts();
            AskEvents();
        }
    }

    private void OnEvents(EventsAnswer events)
    {
        foreach (var change in events.Transitions)
        {
            _eventsFromMs = Math.Max(_eventsFromMs, change.TimeMs);
        }

        _post(new EventsArrived(events));
    }

    private void OnRefused(Question question, QueryRefused refused)
    {
        switch (question.Topic)
        {
            case Topic.Hello or Topic.Fleet:
                Lost(refused.Text);
                break;
            case Topic.Detail:
                _post(new DetailRefused(question.Node ?? "", refused.Text));
                break;
            case Topic.Chart:
                // A machine without swap has no such history: an empty chart.
                _post(new ChartArrived(question.Node ?? "", question.Range, question.Chart, null));
                break;
        }
    }

    private void OnUnanswered(Unanswered unanswered)
    {
        Settle(unanswered.Question);
        if (unanswered.Question.Topic is Topic.Hello or Topic.Fleet)
        {
            var said = unanswered.Error is AskTimeoutException ? $"no answer in {Patience.TotalSeconds:0} s" : unanswered.Error.Message;
            Lost(_linkProblem.Length > 0 ? _linkProblem : said);
        }
    }

    private void Lost(string why)
    {
        _live = false;
        _post(new ConnectionLost(why));
        Timers.StartSingleTimer(Tick.Hello, Tick.Hello, Retry);
    }

    /// <summary>This question is not out any more; the next of its kind has its time.</summary>
    private void Settle(Question question)
    {
        switch (question.Topic)
        {
            case Topic.Fleet:
                _pulling = false;
                break;
            case Topic.Detail when question.Number == _wantsNumber:
                _detailOut = false;
                Timers.StartSingleTimer(Tick.Detail, Tick.Detail, TimeSpan.FromSeconds(1));
                break;
            case Topic.Chart:
                _chartOut = false;
                AskChart();
                break;
            case Topic.Events:
                _eventsOut = false;
                Timers.StartSingleTimer(Tick.Events, Tick.Events, EventsEvery);
                break;
        }
    }

    private enum Topic
    {
        Hello,
        Fleet,
        Detail,
        Chart,
        Events,
    }

    private sealed record Question(Topic Topic, string? Node = null, int Chart = 0, ChartRange Range = default, long Number = 0);

    private sealed record Answered(Question Question, object Answer);

    private sealed record Unanswered(Question Question, Exception Error);

    private sealed record Tick(string Name)
    {
        public static readonly Tick Hello = new(nameof(Hello));
        public static readonly Tick Pull = new(nameof(Pull));
        public static readonly Tick Detail = new(nameof(Detail));
        public static readonly Tick Charts = new(nameof(Charts));
        public static readonly Tick Events = new(nameof(Events));
    }
}

/// <summary>What a client needs to know besides the door.</summary>
/// <param name="Who">user@host, so that the seed can name its viewers.</param>
/// <param name="Version">Of this program.</param>
/// <param name="Time">The clock.</param>
/// <param name="Charts">What the node view charts.</param>
internal sealed record ClientSettings(string Who, string Version, TimeProvider Time, IReadOnlyList<ChartDefinition> Charts);

/// <summary>The link to the seed failed; the text is the diagnosis.</summary>
internal sealed record LinkProblem(string Text);

using ClusterMonitor.Messages;

namespace ClusterMonitor.NodeAgent;

/// <summary>How an uplink behaves.</summary>
/// <param name="Registries">Where to say hello, in order of preference: paths of the registries of nodes.</param>
/// <param name="SelfAddress">Of this actor system, as the cluster knows it.</param>
internal sealed record UplinkSettings(IReadOnlyList<string> Registries, string SelfAddress)
{
    /// <summary>Between hellos without an answer.</summary>
    public TimeSpan HelloEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>So many hellos without an answer, and the next seed is tried.</summary>
    public int HellosPerSeed { get; init; } = 3;

    /// <summary>After a refusal.</summary>
    public TimeSpan RefusedPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Blocks on their way without an ack for so long mean that nobody listens.</summary>
    public TimeSpan AckPatience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A backlog is sent in portions of so many blocks…</summary>
    public int BacklogPortion { get; init; } = 5;

    /// <summary>…each so often: 50 blocks a second, 500 times as fast as they come into being.</summary>
    public TimeSpan BacklogEvery { get; init; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>
/// The link to a seed: says hello until one accepts, then sends each sample at once, and sealed blocks behind it, in order and at a limited
/// rate. When the link breaks or nobody acks, it says hello again; the outbox remembers what the seed has not got.
/// The host hears of it by <see cref="UplinkReport"/>s.
/// </summary>
internal sealed class UplinkActor : ReceiveActor, IWithTimers
{
    private const string HelloTimer = "hello";
    private const string BacklogTimer = "backlog";
    private const int MostSaid = 50;

    private readonly AgentState _state;
    private readonly UplinkSettings _settings;
    private readonly TimeProvider _time;
    private readonly Random _dice;
    private readonly Action<UplinkReport> _report;
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private readonly HashSet<ulong> _announced = [];
    private readonly HashSet<string> _said = new(StringComparer.Ordinal);
    private readonly List<(IActorRef Asker, long Until)> _flushing = [];
    private IActorRef? _seed;
    private ulong _seedIncarnation;
    private int _candidate;
    private int _unanswered;
    private int _budget;
    private long _ackedAt;
    private ulong _helloSchema;

    /// <param name="state">Outlives this actor.</param>
    /// <param name="settings">Whom to say hello to.</param>
    /// <param name="time">Both clocks.</param>
    /// <param name="dice">For the jitter of hellos: agents that lost a seed together must not all come back together.</param>
    /// <param name="report">Called on this actor's thread.</param>
    public UplinkActor(AgentState state, UplinkSettings settings, TimeProvider time, Random dice, Action<UplinkReport> report)
    {
        _state = state;
        _settings = settings;
        _time = time;
        _dice = dice;
        _report = report;
        _budget = settings.BacklogPortion;
        Receive<TakenSample>(SendLive);
        Receive<BlockSealed>(_ => SendBlocks());
        Receive<HelloAccepted>(Accepted);
        Receive<HelloRefused>(Refused);
        Receive<HelloWanted>(_ => LoseSeed("the seed asks for a hello"), _ => _seed is null || Sender.Equals(_seed));
        Receive<BlockAcked>(Acked);
        Receive<HelloDue>(_ => SayHello());
        Receive<BacklogDue>(_ => OnBacklogDue());
        Receive<FlushOutbox>(_ => Flush());
        Receive<Terminated>(t => LoseSeed("the seed's side of this node has ended"), t => t.ActorRef.Equals(_seed));
        Receive<DisassociatedEvent>(e => LoseSeed("the link is broken"), e => IsSeeds(e.RemoteAddress));
        Receive<AssociationErrorEvent>(e => LinkFailed(e), e => IsCandidates(e.RemoteAddress));
        ReceiveAny(_ => { });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart()
    {
        Context.System.EventStream.Subscribe(Self, typeof(DisassociatedEvent));
        Context.System.EventStream.Subscribe(Self, typeof(AssociationErrorEvent));
        _state.Outbox.EndSession();
        SayHello();
    }

    protected override void PostStop()
    {
        Context.System.EventStream.Unsubscribe(Self);
        _state.Outbox.EndSession();
    }

    private string Registry => _settings.Registries[_candidate % _settings.Registries.Count];

    private void SayHello()
    {
        if (_seed is not null)
        {
            return;
        }

        if (++_unanswered > _settings.HellosPerSeed)
        {
            _report(UplinkReport.Unanswered);
            Say($"no answer from {Registry}; still trying");
            _candidate++;
            _unanswered = 1;
        }

        var hello = UplinkMessages.Hello(_state, _settings.SelfAddress, NowMs());
        _helloSchema = hello.Schema?.Hash ?? 0;
        Context.ActorSelection(Registry).Tell(hello, Self);

        // 0.8 to 1.2 times the interval.
        HelloIn(_settings.HelloEvery * (0.8 + (0.4 * _dice.NextDouble())));
    }

    private void HelloIn(TimeSpan delay) => Timers.StartSingleTimer(HelloTimer, HelloDue.Instance, delay);

    private void Accepted(HelloAccepted accepted)
    {
        // A second answer, to hellos that crossed: the first one counts.
        if (_seed is not null && (!Sender.Equals(_seed) || accepted.SeedIncarnation == _seedIncarnation))
        {
            return;
        }

        if (_seedIncarnation != 0 && accepted.SeedIncarnation != _seedIncarnation)
        {
            _report(UplinkReport.SeedReplaced);
        }

        _seedIncarnation = accepted.SeedIncarnation;
        _seed = Sender;
        _unanswered = 0;
        Context.Watch(_seed);
        Timers.Cancel(HelloTimer);
        _said.Clear();
        Say($"reporting to {accepted.SeedName} at {Registry}");
        _report(UplinkReport.Accepted);

        _announced.Clear();
        _announced.Add(_helloSchema);
        var acked = accepted.Acked.FirstOrDefault(a => a.Incarnation == _state.Profile.Incarnation)?.Sequence ?? 0;
        _state.Outbox.BeginSession(acked, accepted.Window);
        _ackedAt = _time.GetTimestamp();
        if (_state.Latest is { } latest)
        {
            SendLive(latest);
        }

        SendBlocks();
    }

    private void Refused(HelloRefused refused)
    {
        if (_seed is not null && !Sender.Path.Address.Equals(_seed.Path.Address))
        {
            return;
        }

        Say($"refused by {Registry}: {refused.Text}", warn: true);
        LoseSeed(null);
        _report(UplinkReport.Refused);
        _candidate++;
        _unanswered = 0;
        HelloIn(_settings.RefusedPause);
    }

    private void LoseSeed(string? why)
    {
        if (_seed is not null)
        {
            Context.Unwatch(_seed);
            _seed = null;
            _report(UplinkReport.Lost);
            if (why is not null)
            {
                Say($"lost {Registry}: {why}");
            }
        }
        else if (why is null || Timers.IsTimerActive(HelloTimer))
        {
            return;
        }

        _state.Outbox.EndSession();
        Timers.Cancel(BacklogTimer);
        _unanswered = 0;
        HelloIn(_settings.HelloEvery * (0.1 + (0.3 * _dice.NextDouble())));
    }

    private void LinkFailed(AssociationErrorEvent e)
    {
        Say($"{e.RemoteAddress} cannot be reached: {e.Cause.Message}; still trying");
        if (IsSeeds(e.RemoteAddress))
        {
            LoseSeed("the link failed");
        }
    }

    private void SendLive(TakenSample taken)
    {
        if (_seed is null)
        {
            return;
        }

        Announce(taken.Schema);
        _seed.Tell(UplinkMessages.Live(_state, taken, NowMs()), Self);
        if (_time.GetElapsedTime(_ackedAt) > _settings.AckPatience && _state.Outbox.HasInFlight)
        {
            LoseSeed("it has acked nothing for a while");
        }
    }

    private void Announce(Messages.Metrics.MetricSchema schema)
    {
        if (_announced.Add(schema.Hash))
        {
            _seed!.Tell(schema.ToProto(), Self);
        }
    }

    private void SendBlocks()
    {
        if (_seed is null)
        {
            return;
        }

        if (!_state.Outbox.HasInFlight)
        {
            _ackedAt = _time.GetTimestamp();
        }

        while (_budget > 0 && _state.Outbox.TryNext(out var item))
        {
            if (item.Block is { } block)
            {
                Announce(block.Schema);
                _seed.Tell(UplinkMessages.Offer(_state.Profile, block), Self);
                _budget--;
            }
            else
            {
                _seed.Tell(UplinkMessages.Abandon(_state.Profile, item), Self);
            }
        }

        // Refills the budget, and sends what is left.
        if (_budget < _settings.BacklogPortion && !Timers.IsTimerActive(BacklogTimer))
        {
            Timers.StartSingleTimer(BacklogTimer, BacklogDue.Instance, _settings.BacklogEvery);
        }
    }

    private void OnBacklogDue()
    {
        _budget = _settings.BacklogPortion;
        SendBlocks();
    }

    private void Acked(BlockAcked acked)
    {
        if (acked.Incarnation != _state.Profile.Incarnation || !Sender.Equals(_seed))
        {
            return;
        }

        _ackedAt = _time.GetTimestamp();
        _state.Outbox.Acked(acked.Sequence);
        SendBlocks();
        AnswerFlushes();
    }

    private void Flush()
    {
        _state.Outbox.Flush();
        _flushing.Add((Sender, _state.Outbox.Counters.LastSequence));
        _budget = Math.Max(_budget, 1);
        SendBlocks();
        AnswerFlushes();
    }

    // Without a seed there is nobody to wait for.
    private void AnswerFlushes()
    {
        var oldest = _state.Outbox.Counters.OldestSequence;
        foreach (var (asker, until) in _flushing.ToList())
        {
            if (_seed is null || oldest == 0 || oldest > until)
            {
                asker.Tell(Done.Instance, Self);
                _flushing.Remove((asker, until));
            }
        }
    }

    private bool IsSeeds(Address address) => _seed is not null && _seed.Path.Address.Equals(address);

    private bool IsCandidates(Address address) => ActorPath.TryParse(Registry, out var path) && path.Address.Equals(address);

    // Once until a seed has accepted: one that is away for a day is said once.
    private void Say(string text, bool warn = false)
    {
        if (_said.Count >= MostSaid || !_said.Add(text))
        {
            return;
        }

        if (warn)
        {
            _log.Warning("{0}", text);
        }
        else
        {
            _log.Info("{0}", text);
        }
    }

    private long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private sealed class HelloDue
    {
        public static readonly HelloDue Instance = new();
    }

    private sealed class BacklogDue
    {
        public static readonly BacklogDue Instance = new();
    }
}

/// <summary>Host -> uplink: seal what is open and say <see cref="Done"/> when the seed has it, or when there is no seed.</summary>
internal sealed class FlushOutbox
{
    public static readonly FlushOutbox Instance = new();
}

/// <summary>What the uplink tells its host.</summary>
internal enum UplinkReport
{
    /// <summary>A seed has accepted.</summary>
    Accepted,

    /// <summary>The seed is gone; another hello follows.</summary>
    Lost,

    /// <summary>A seed refuses this node.</summary>
    Refused,

    /// <summary>A seed has not answered.</summary>
    Unanswered,

    /// <summary>The seed that accepts is not the process that accepted before: the cluster it leads is a new one.</summary>
    SeedReplaced,
}

using ClusterMonitor.Messages;

namespace ClusterMonitor.Seed.Fleet;

/// <summary>What a frame says of the seed itself and does not change while it runs.</summary>
internal sealed record SeedFacts(string Name, string Address, string Version, long StartedMs, ulong Incarnation);

/// <summary>
/// The fleet as lists show it. Answers pulls with what changed, or holds them until something does.
/// </summary>
internal sealed class FleetProjection : ReceiveActor, IWithTimers
{
    /// <summary>A viewer is never kept waiting longer than this, whatever it asked for.</summary>
    private const int MaxWaitMs = 10_000;

    /// <summary>
    /// Agents sample on the second, so changes come in bursts: those of this many milliseconds go into one frame.
    /// </summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(15);

    private readonly SeedFacts _seed;
    private readonly ICanTell _membership;
    private readonly TimeProvider _clock;
    private readonly FleetTable _table = new();
    private readonly Dictionary<IActorRef, Waiting> _waiting = [];
    private readonly SortedDictionary<string, string> _warnings = new(StringComparer.Ordinal);
    private int _viewers;

    /// <summary>Makes the projection.</summary>
    public FleetProjection(SeedFacts seed, ICanTell membership, TimeProvider clock)
    {
        _seed = seed;
        _membership = membership;
        _clock = clock;
        Receive<VitalsChanged>(v =>
        {
            _table.Apply(v);
            Changed();
        });
        Receive<StandingChanged>(s =>
        {
            _table.Apply(s);
            Changed();
        });
        Receive<TrailRecovered>(t => _table.Apply(t, _clock.GetUtcNow().ToUnixTimeMilliseconds()));
        Receive<NodeRemoved>(r =>
        {
            _table.Apply(r);
            Changed();
        });
        Receive<FleetPull>(Pull);
        Receive<FleetRowQuery>(q => Sender.Tell(new FleetRow(_table.Find(q.NameOrId))));
        Receive<ConnectedNamesQuery>(_ => Sender.Tell(new ConnectedNames(_table.ConnectedNames)));
        Receive<ViewersCounted>(v => _viewers = v.Count);
        Receive<WarningRaised>(Warn);
        Receive<Flush>(_ => AnswerWaiting());
        Receive<Expired>(e => Answer(e.Viewer));
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PostRestart(Exception reason)
    {
        base.PostRestart(reason);
        _membership.Tell(new ShowAll(), Self);
    }

    private void Pull(FleetPull pull)
    {
        var known = pull.SeedIncarnation == _seed.Incarnation ? pull.KnownVersion : 0;
        Forget(Sender);
        if (pull.MaxWaitMs <= 0 || known != _table.Version)
        {
            Sender.Tell(Frame(known));
            return;
        }

        _waiting[Sender] = new Waiting(known);
        Timers.StartSingleTimer(Sender, new Expired(Sender), TimeSpan.FromMilliseconds(Math.Min(pull.MaxWaitMs, MaxWaitMs)));
    }

    private void Changed()
    {
        if (_waiting.Count > 0 && !Timers.IsTimerActive(Flush.Now))
        {
            Timers.StartSingleTimer(Flush.Now, Flush.Now, Gather);
        }
    }

    private void AnswerWaiting()
    {
        // Viewers mostly wait for the same version; then the frame is made once.
        var frames = new Dictionary<long, FleetFrame>();
        foreach (var (viewer, waiting) in _waiting)
        {
            if (!frames.TryGetValue(waiting.Known, out var frame))
            {
                frame = Frame(waiting.Known);
                frames.Add(waiting.Known, frame);
            }

            Timers.Cancel(viewer);
            viewer.Tell(frame);
        }

        _waiting.Clear();
    }

    private void Answer(IActorRef viewer)
    {
        if (_waiting.Remove(viewer, out var waiting))
        {
            viewer.Tell(Frame(waiting.Known));
        }
    }

    private void Forget(IActorRef viewer)
    {
        if (_waiting.Remove(viewer))
        {
            Timers.Cancel(viewer);
        }
    }

    private void Warn(WarningRaised warning)
    {
        if (warning.Text.Length == 0)
        {
            _warnings.Remove(warning.Source);
        }
        else
        {
            _warnings[warning.Source] = warning.Text;
        }
    }

    private FleetFrame Frame(long known)
    {
        var frame = _table.FrameSince(known);
        frame.SeedIncarnation = _seed.Incarnation;
        frame.TimeMs = _clock.GetUtcNow().ToUnixTimeMilliseconds();
        frame.Seed = new SeedInfo
        {
            Name = _seed.Name,
            Address = _seed.Address,
            Version = _seed.Version,
            StartedMs = _seed.StartedMs,
            AgentsConnected = _table.Connected,
            DashboardsConnected = _viewers,
            Warning = string.Join("; ", _warnings.Values),
        };
        return frame;
    }

    private sealed class Flush
    {
        public static readonly Flush Now = new();
    }

    private sealed record Expired(IActorRef Viewer);

    private sealed record Waiting(long Known);
}

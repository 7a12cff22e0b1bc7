using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes.History;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>
/// One node: takes its live samples and blocks, persists the blocks as they came and acks them once they are committed,
/// and answers what is asked about it. History is read beside it, never in it.
/// </summary>
internal sealed partial class NodeAggregate : ReceivePersistentActor, IWithTimers
{
    private const int LargestBlock = 4 << 20;

    private readonly string _nodeId;
    private readonly NodesSettings _settings;
    private readonly NodesWorld _world;
    private readonly HistoryReader _history;
    private readonly NodeState _state;
    private readonly LiveLane _live = new();
    private readonly LiveGate _gate = new();
    private readonly ILoggingAdapter _log = Context.GetLogger();
    private string _name;
    private ulong _incarnation;
    private LiveSample? _held;
    private IActorRef? _heldFrom;
    private long? _wantedMs;
    private int _sinceSnapshot;
    private bool _wrote;
    private bool _saving;
    private bool _removing;

    /// <summary>Makes the aggregate of a node.</summary>
    public NodeAggregate(string nodeId, NodesSettings settings, NodesWorld world, HistoryReader history, SchemaPool schemas)
    {
        _nodeId = nodeId;
        _name = nodeId;
        _settings = settings;
        _world = world;
        _history = history;
        _state = new NodeState(settings.Window, schemas);
        Recovering();
        Ingesting();
        Answering();
        Housekeeping();
    }

    /// <inheritdoc/>
    public override string PersistenceId => "node-" + _nodeId;

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private long NowMs => _world.Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) => Fail(cause, writing: true);

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) => Fail(reason, writing: false);

    private void Fail(Exception cause, bool writing) => Context.Parent.Tell(new NodeFailed(_nodeId, writing, cause.Message), Self);

    private void Recovering()
    {
        Recover<SnapshotOffer>(offer => _state.Restore((NodeSnapshot)offer.Snapshot, NowMs));
        Recover<SchemaStored>(_state.Apply);
        Recover<BlockStored>(stored =>
        {
            _state.Apply(stored, LastSequenceNr);
            _state.Remember(stored.Offered);
            _sinceSnapshot++;
        });
        Recover<RecoveryCompleted>(_ =>
        {
            _state.FillTrail();

            // A trail ends now: the time since the last sample is a gap.
            _state.Trail.Add(NowMs, float.NaN);
            _world.Fleet.Tell(new TrailRecovered(_nodeId, _state.Trail.ToArray()), Self);
            Context.Parent.Tell(new NodeReady(_nodeId, Wrote: false), Self);
        });
    }

    private void Answering()
    {
        Command<NodeNamed>(named => _name = named.Name);
        Command<AggregateQuery>(_ =>
        {
            var detail = new NodeDetail
            {
                SeedShedSamples = _gate.Shed,
                TimeMs = NowMs,
                BlocksStored = _state.Index.Blocks,
                BytesStored = _state.Index.Bytes,
            };
            _live.Describe(detail);
            Sender.Tell(detail, Self);
        });
        Command<HistoryQuery>(AnswerHistory);
    }

    private void AnswerHistory(HistoryQuery query)
    {
        HistoryRange range;
        try
        {
            var tail = _live.Tail.Entries;
            var oldest = Math.Min(_state.Index.FirstMs, tail.Count == 0 ? long.MaxValue : tail.Min(e => e.Sample.TimeMs));
            var newest = Math.Max(_state.Index.LastMs, tail.Count == 0 ? long.MinValue : tail.Max(e => e.Sample.TimeMs));
            range = HistoryRange.Of(query, oldest, newest, NowMs);
        }
        catch (QueryRefusedException e)
        {
            Sender.Tell(e.Refusal, Self);
            return;
        }

        var context = new HistoryContext(
            PersistenceId,
            _name,
            _state.Schemas.All,
            _live.Schema,
            _state.Index.Find(range.FromMs - CounterRate.LongestGapMs, range.ToMs, LastSequenceNr),
            [.. _live.Tail.Entries],
            range);
        var name = _name;
        _history.Answer(query, context).PipeTo(Sender, Self, null, e => new QueryRefused { Text = $"the history of {name} can't be read: {e.Message}" });
    }

    private void Housekeeping()
    {
        Command<AgentGone>(gone => SealTail(gone.Incarnation));
        Command<SaveSnapshotSuccess>(saved =>
        {
            _saving = false;
            DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
            if (_state.DeletedTo > 0)
            {
                // Only now: what the snapshot knows is no longer needed.
                DeleteMessages(Math.Min(_state.DeletedTo, saved.Metadata.SequenceNr));
            }
        });
        Command<SaveSnapshotFailure>(failed =>
        {
            _saving = false;
            _log.Warning("The state of node {0} could not be saved, recovery will take longer: {1}", _nodeId, failed.Cause.Message);
        });
        Command<DeleteSnapshotsSuccess>(_ => { });
        Command<DeleteMessagesSuccess>(_ => EndRemoval());
        Command<DeleteSnapshotsFailure>(failed => _log.Warning("Old states of node {0} could not be deleted: {1}", _nodeId, failed.Cause.Message));
        Command<DeleteMessagesFailure>(failed =>
        {
            _log.Warning("Old history of node {0} could not be deleted: {1}", _nodeId, failed.Cause.Message);
            EndRemoval();
        });
        Command<NodeRemoved>(removed => DeferAsync(removed, _ =>
        {
            _removing = true;
            DeleteSnapshots(SnapshotSelectionCriteria.Latest);
            DeleteMessages(long.MaxValue);
        }));
    }

    private void EndRemoval()
    {
        if (_removing)
        {
            Context.Stop(Self);
        }
    }

    private void SaveState()
    {
        if (++_sinceSnapshot < _settings.SnapshotEvery || _saving)
        {
            return;
        }

        _sinceSnapshot = 0;
        _saving = true;
        _state.Expire(NowMs - (long)_settings.KeepRaw.TotalMilliseconds);
        SaveSnapshot(_state.ToSnapshot());
    }
}

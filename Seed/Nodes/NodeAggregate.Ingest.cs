using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

// The two lanes of an agent, and its hello.
internal sealed partial class NodeAggregate
{
    private const string HeldTimer = "held";

    private void Ingesting()
    {
        Command<AgentAdmitted>(Admit);
        Command<SchemaAnnounced>(schema => Learn(schema));
        Command<LiveSample>(TakeLive);
        Command<Held>(_ =>
        {
            if (_held is { } held && _heldFrom is { } from)
            {
                _held = null;
                Pass(held, from);
            }
        });
        Command<BlockOffered>(TakeBlock);
        Command<BlocksAbandoned>(abandoned =>
        {
            if (abandoned.Incarnation == _incarnation)
            {
                _log.Warning("Node {0} lost {1} samples: its outbox was full", _name, abandoned.Samples);
                _state.Marks.Skip(abandoned.Incarnation, abandoned.UpToSequence);
                DeferAsync(abandoned, gone =>
                {
                    // Not before those that came before them are committed: the agent forgets what is acked.
                    _state.Marks.Abandon(gone.Incarnation, gone.UpToSequence);
                    Ack(gone.Incarnation);
                });
            }
        });
    }

    private void Admit(AgentAdmitted admitted)
    {
        var hello = admitted.Hello;
        _name = hello.Name;
        if (hello.Incarnation != _incarnation)
        {
            SealTail(_incarnation);
            _live.BeginIncarnation();
            _incarnation = hello.Incarnation;
        }

        if (hello.Schema is not null)
        {
            Learn(hello.Schema);
        }

        if (hello.OldestUnackedSequence > 1)
        {
            // What comes before it, the agent no longer has.
            _state.Marks.Abandon(hello.Incarnation, hello.OldestUnackedSequence - 1);
        }

        var accepted = new HelloAccepted
        {
            SeedIncarnation = _settings.SeedIncarnation,
            SeedName = _settings.SeedName,
            Window = _settings.Window,
            ClockMs = NowMs,
        };
        accepted.Acked.Add(_state.Marks.All.Select(m => new AckedUpTo { Incarnation = m.Incarnation, Sequence = m.AckedSequence }));
        admitted.Agent.Tell(accepted, Self);
    }

    private void Learn(SchemaAnnounced announced)
    {
        if (_state.Schemas.Find(announced.Hash) is not null)
        {
            return;
        }

        var problem = HelloRules.SchemaProblem(announced) ?? (_state.Schemas.IsFull ? "it has announced too many different schemas" : null);
        try
        {
            if (problem is null)
            {
                _state.Learn(announced, NowMs);
                PersistAsync(new SchemaStored { Schema = announced, TimeMs = NowMs }, _ => { });
            }
        }
        catch (InvalidDataException e)
        {
            problem = e.Message;
        }

        if (problem is not null)
        {
            _log.Warning("A schema of node {0} is not taken, nor are its samples: {1}", _name, problem);
        }
    }

    private void TakeLive(LiveSample live)
    {
        if (live.Incarnation != _incarnation || _state.Schemas.Find(live.SchemaHash) is null)
        {
            WantHello();
            return;
        }

        var now = NowMs;
        if (_held is not null || !_gate.TryPass(now))
        {
            // Too many: only the newest waits for its turn.
            if (_held is not null)
            {
                _gate.CountShed();
            }
            else
            {
                Timers.StartSingleTimer(HeldTimer, default(Held), TimeSpan.FromMilliseconds(Math.Max(1, _gate.NextMs - now)));
            }

            _held = live;
            _heldFrom = Sender;
            return;
        }

        Pass(live, Sender);
    }

    private void Pass(LiveSample live, IActorRef from)
    {
        if (_state.Schemas.Find(live.SchemaHash) is not { } schema || live.Incarnation != _incarnation)
        {
            return;
        }

        if (_live.Take(live, schema, _state.Schemas.Vitals(live.SchemaHash)!) is not { } vitals)
        {
            return;
        }

        var now = NowMs;
        vitals.TakenToSeedMs = now - live.TimeMs;
        _state.Trail.Add(live.TimeMs, vitals.Cpu);
        _world.Fleet.Tell(new VitalsChanged(_nodeId, vitals), Self);
        _world.Membership.Tell(new SampleSeen(_nodeId, live.Incarnation, now, live.SentMs == 0 ? 0 : live.SentMs - now), from);
    }

    private void TakeBlock(BlockOffered block)
    {
        if (block.Incarnation != _incarnation || _state.Schemas.Find(block.SchemaHash) is not { } schema)
        {
            WantHello();
            return;
        }

        switch (_state.Marks.Offer(block.Incarnation, block.Sequence))
        {
            case BlockVerdict.Store when Problem(block, schema) is { } problem:
                _log.Warning("Block {0} of node {1} is not kept: {2}", block.Sequence, _name, problem);
                DeferAsync(block, skipped =>
                {
                    // Not before those that came before it are committed.
                    _state.Marks.Abandon(skipped.Incarnation, skipped.Sequence);
                    Ack(skipped.Incarnation);
                });
                break;
            case BlockVerdict.Store:
                PersistAsync(new BlockStored { Offered = block, ReceivedMs = NowMs }, Stored);
                break;
            case BlockVerdict.InFlight:
                break;
            default:
                Ack(block.Incarnation);
                break;
        }
    }

    /// <summary>A block that no reader could open would be offered for ever; it is told and passed over.</summary>
    private static string? Problem(BlockOffered block, MetricSchema schema)
    {
        if (block.Block.Length > LargestBlock)
        {
            return $"it has {block.Block.Length} bytes";
        }

        try
        {
            var opened = SampleBlock.Open(block.Block.Memory);
            return opened.SchemaHash != schema.Hash || opened.Columns != schema.Count || opened.Count != block.Samples
                || opened.Times[0] != block.FirstMs || opened.Times[^1] != block.LastMs
                ? "it is not what its description says"
                : null;
        }
        catch (InvalidDataException e)
        {
            return e.Message;
        }
    }

    private void Stored(BlockStored stored)
    {
        var block = stored.Offered;
        _state.Apply(stored, LastSequenceNr);
        _live.Tail.Cover(block.Incarnation, block.FirstMs, block.LastMs);
        if (!stored.SealedBySeed)
        {
            Ack(block.Incarnation);
        }

        if (!_wrote)
        {
            _wrote = true;
            Context.Parent.Tell(new NodeReady(_nodeId, Wrote: true), Self);
        }

        SaveState();
    }

    /// <summary>The last seconds before an agent died are known from the live lane only: they become history.</summary>
    private void SealTail(ulong incarnation)
    {
        foreach (var block in _live.Tail.Seal(_nodeId, incarnation))
        {
            PersistAsync(new BlockStored { Offered = block, ReceivedMs = NowMs, SealedBySeed = true }, Stored);
        }

        _live.Tail.Drop(incarnation);
    }

    private void Ack(ulong incarnation)
    {
        if (!Sender.IsNobody())
        {
            Sender.Tell(new BlockAcked { Incarnation = incarnation, Sequence = _state.Marks.Acked(incarnation) }, Self);
        }
    }

    private void WantHello()
    {
        // Once a second is enough, however much it sends.
        if (_wantedMs is not { } last || NowMs - last is >= 1000 or < 0)
        {
            _wantedMs = NowMs;
            Sender.Tell(new HelloWanted { SeedIncarnation = _settings.SeedIncarnation }, Self);
        }
    }

    private readonly record struct Held;
}

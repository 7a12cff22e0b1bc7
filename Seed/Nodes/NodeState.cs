using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Fleet;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>What a node's journal says: schemas, marks, index. Built by events, during recovery as well as later; pure.</summary>
internal sealed class NodeState(int window, SchemaPool pool)
{
    private const int BlocksOfTrail = 8;

    private readonly Queue<BlockOffered> _newest = [];

    /// <summary>Schemas that blocks name.</summary>
    public SchemaBook Schemas { get; } = new();

    /// <summary>How far each incarnation's blocks have come.</summary>
    public SequenceMarks Marks { get; } = new(window);

    /// <summary>Where blocks are.</summary>
    public HotIndex Index { get; } = new();

    /// <summary>The last minute of CPU.</summary>
    public CpuTrail Trail { get; } = new();

    /// <summary>Up to here the journal is deleted.</summary>
    public long DeletedTo { get; private set; }

    /// <summary>Takes a schema that is about to be written to the journal.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or its hash is not that of its columns.</exception>
    public void Learn(SchemaAnnounced announced, long nowMs) => Schemas.Add(pool.Read(announced), nowMs);

    /// <summary>Takes a schema that is in the journal.</summary>
    public void Apply(SchemaStored stored) => Schemas.Add(pool.Read(stored.Schema), stored.TimeMs);

    /// <summary>Takes a block that is in the journal.</summary>
    public void Apply(BlockStored stored, long sequenceNr)
    {
        var block = stored.Offered;
        Index.Add(sequenceNr, block.FirstMs, block.LastMs, stored.ReceivedMs, block.Block.Length);
        Schemas.Use(block.SchemaHash, stored.ReceivedMs);
        if (!stored.SealedBySeed)
        {
            Marks.Stored(block.Incarnation, block.Sequence, block.LastMs);
        }
    }

    /// <summary>During recovery: remembers the newest blocks for <see cref="FillTrail"/>.</summary>
    public void Remember(BlockOffered block)
    {
        _newest.Enqueue(block);
        if (_newest.Count > BlocksOfTrail)
        {
            _newest.Dequeue();
        }
    }

    /// <summary>After recovery: the last minute of CPU out of the newest blocks.</summary>
    public void FillTrail()
    {
        while (_newest.TryDequeue(out var block))
        {
            if (Schemas.Vitals(block.SchemaHash) is not { } vitals)
            {
                continue;
            }

            try
            {
                vitals.ReadBusy(SampleBlock.Open(block.Block.Memory), (timeMs, cpu) => Trail.Add(timeMs, (float)cpu));
            }
            catch (InvalidDataException)
            {
                // A damaged block is told of when its history is read; here it is a gap in a sparkline.
            }
        }
    }

    /// <summary>Goes on from a snapshot.</summary>
    public void Restore(NodeSnapshot snapshot, long nowMs)
    {
        foreach (var schema in snapshot.Schemas)
        {
            Schemas.Add(pool.Read(schema), nowMs);
        }

        Marks.Restore(snapshot.Marks);
        Index.Restore(snapshot.HotIndex);
        DeletedTo = snapshot.DeletedToSequenceNr;
        if (!snapshot.CpuTrail.IsEmpty)
        {
            Trail.Load(snapshot.CpuTrail.Span, snapshot.CpuTrailLastMs);
        }
    }

    /// <summary>Drops what is older than the horizon from what is known, and says up to where the journal may be deleted; 0 = nothing.</summary>
    public long Expire(long horizonMs)
    {
        var to = Index.OlderThan(horizonMs);
        if (to > DeletedTo)
        {
            Index.Forget(to);
            DeletedTo = to;
        }

        Schemas.Forget(horizonMs);
        return DeletedTo;
    }

    /// <summary>All of it, so that recovery needs no block before.</summary>
    public NodeSnapshot ToSnapshot()
    {
        var snapshot = new NodeSnapshot
        {
            DeletedToSequenceNr = DeletedTo,
        };
        if (Trail.LastSecond != long.MinValue)
        {
            snapshot.CpuTrail = Google.Protobuf.ByteString.CopyFrom(Trail.ToArray());
            snapshot.CpuTrailLastMs = Trail.LastSecond * 1000;
        }

        snapshot.Schemas.Add(Schemas.All.Values.Select(s => s.ToProto()));
        snapshot.Marks.Add(Marks.All);
        snapshot.HotIndex.Add(Index.Entries.Select(e => e.Clone()));
        return snapshot;
    }
}

using System.Data.Common;
using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using Google.Protobuf;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>All that a query needs of a node's aggregate, as of one moment.</summary>
/// <param name="PersistenceId">Under which its blocks are kept.</param>
/// <param name="Name">What people call the node.</param>
/// <param name="Schemas">By hash.</param>
/// <param name="Newest">The schema of the newest sample, or null.</param>
/// <param name="Ranges">Where in the journal the blocks are.</param>
/// <param name="Tail">Live samples that no block covers.</param>
/// <param name="Range">The steps of the answer.</param>
internal sealed record HistoryContext(
    string PersistenceId,
    string Name,
    IReadOnlyDictionary<ulong, MetricSchema> Schemas,
    MetricSchema? Newest,
    IReadOnlyList<SequenceRange> Ranges,
    IReadOnlyList<LiveEntry> Tail,
    HistoryRange Range);

/// <summary>Answers history queries off the aggregates' mailboxes, a few at a time, so that they never delay what comes in.</summary>
/// <param name="journal">Where the blocks are.</param>
/// <param name="warn">Told of damaged blocks, from any thread.</param>
internal sealed class HistoryReader(INodeJournal journal, Action<string> warn)
{
    private const int SideBySide = 2;

    /// <summary>The most stored integers in memory for one query: 64 MB.</summary>
    private const long MostValues = 8_000_000;

    private readonly SemaphoreSlim _gate = new(SideBySide);

    /// <summary>The answer: <see cref="HistoryAnswer"/> or <see cref="QueryRefused"/>.</summary>
    public async Task<object> Answer(HistoryQuery query, HistoryContext context)
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => AnswerNow(query, context)).ConfigureAwait(false);
        }
        catch (QueryRefusedException e)
        {
            return e.Refusal;
        }
        catch (Exception e) when (e is DbException or InvalidProtocolBufferException or InvalidDataException)
        {
            return new QueryRefused { Text = $"the history of {context.Name} can't be read: {e.Message}" };
        }
        finally
        {
            _gate.Release();
        }
    }

    private HistoryAnswer AnswerNow(HistoryQuery query, HistoryContext context)
    {
        var series = query.Selectors
            .Select(s => new SeriesBuilder(s, SeriesPlan.FirstFitting(Newest(context), s), context.Range))
            .ToList();
        if (context.Newest is { } newest)
        {
            // An ambiguous question is refused even while there is no sample to answer it with.
            series.ForEach(s => s.Columns(newest));
        }

        foreach (var segment in Segment.Arrange(Load(context, series)))
        {
            series.ForEach(s => s.Add(segment));
        }

        var answer = new HistoryAnswer { Node = context.Name, FromMs = context.Range.FromMs, ToMs = context.Range.ToMs, StepMs = context.Range.StepMs };
        answer.Series.Add(series.Select(s => s.Build()));
        return answer;
    }

    private static IEnumerable<MetricSchema> Newest(HistoryContext context) =>
        context.Newest is { } newest ? context.Schemas.Values.Prepend(newest) : context.Schemas.Values;

    private List<Segment> Load(HistoryContext context, List<SeriesBuilder> series)
    {
        var fromMs = context.Range.FromMs - CounterRate.LongestGapMs;
        var columns = new Dictionary<ulong, int[]>();
        var segments = new List<Segment>();
        var values = 0L;
        foreach (var stored in journal.Read(context.PersistenceId, context.Ranges))
        {
            var offered = stored.Offered;
            if (offered.LastMs >= fromMs && offered.FirstMs < context.Range.ToMs && context.Schemas.TryGetValue(offered.SchemaHash, out var schema))
            {
                var wanted = Wanted(schema);
                values += (long)offered.Samples * (wanted.Length + 1);
                if (values > MostValues)
                {
                    throw QueryRefusedException.Because(QueryRefusal.TooLarge, "that is too much at once: ask for fewer metrics or a shorter range");
                }

                if (Open(stored, schema, wanted, context) is { } segment)
                {
                    segments.Add(segment);
                }
            }
        }

        segments.AddRange(Runs(context.Tail).Select(run => Segment.Of(run[0].Incarnation, run[0].Schema, Wanted(run[0].Schema), [.. run.Select(e => e.Sample)])));
        return segments;

        int[] Wanted(MetricSchema schema)
        {
            if (!columns.TryGetValue(schema.Hash, out var wanted))
            {
                columns.Add(schema.Hash, wanted = [.. series.SelectMany(s => s.Columns(schema)).Distinct().Order()]);
            }

            return wanted;
        }
    }

    /// <summary>A damaged block is a gap and a line in the log; the others are read.</summary>
    private Segment? Open(BlockStored stored, MetricSchema schema, int[] wanted, HistoryContext context)
    {
        try
        {
            return Segment.Of(stored.Offered.Incarnation, stored.SealedBySeed, schema, wanted, SampleBlock.Open(stored.Offered.Block.Memory));
        }
        catch (InvalidDataException e)
        {
            warn($"block {stored.Offered.Sequence} of {context.PersistenceId} can't be read and is left out: {e.Message}");
            return null;
        }
    }

    /// <summary>Cuts the tail where incarnation or schema change, or the clock steps back.</summary>
    private static IEnumerable<List<LiveEntry>> Runs(IReadOnlyList<LiveEntry> tail)
    {
        var run = new List<LiveEntry>();
        foreach (var entry in tail)
        {
            if (run.Count > 0 && (run[^1].Incarnation != entry.Incarnation || run[^1].Schema.Hash != entry.Schema.Hash || run[^1].Sample.TimeMs >= entry.Sample.TimeMs))
            {
                yield return run;
                run = [];
            }

            run.Add(entry);
        }

        if (run.Count > 0)
        {
            yield return run;
        }
    }
}

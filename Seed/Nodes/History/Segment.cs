using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>A run of samples of one incarnation and one schema, as columns; only those that a query needs.</summary>
internal sealed class Segment
{
    private Segment(ulong incarnation, bool isSubstitute, MetricSchema schema, int[] columns, long[] times, long[][] values)
    {
        Incarnation = incarnation;
        IsSubstitute = isSubstitute;
        Schema = schema;
        Columns = columns;
        Times = times;
        Values = values;
    }

    /// <summary>Whose samples these are.</summary>
    public ulong Incarnation { get; }

    /// <summary>Seen on the live lane only; a block of the agent with the same seconds is the better one.</summary>
    public bool IsSubstitute { get; }

    /// <summary>What the columns are.</summary>
    public MetricSchema Schema { get; }

    /// <summary>Which columns of the schema, ascending.</summary>
    public int[] Columns { get; }

    /// <summary>Unix milliseconds, ascending.</summary>
    public long[] Times { get; }

    /// <summary>Stored integers by [place in <see cref="Columns"/>][sample].</summary>
    public long[][] Values { get; }

    /// <summary>Reads the wanted columns out of a stored block.</summary>
    /// <exception cref="InvalidDataException">The block is malformed.</exception>
    public static Segment Of(ulong incarnation, bool isSubstitute, MetricSchema schema, int[] columns, SampleBlockReader block)
    {
        if (block.Columns != schema.Count)
        {
            throw new InvalidDataException($"a block of {block.Columns} columns names a schema of {schema.Count}");
        }

        var values = new long[columns.Length][];
        for (var i = 0; i < columns.Length; i++)
        {
            values[i] = new long[block.Count];
            block.ReadColumn(columns[i], values[i]);
        }

        return new Segment(incarnation, isSubstitute, schema, columns, block.Times.ToArray(), values);
    }

    /// <summary>Takes the wanted columns out of live samples of one incarnation and schema, ascending in time.</summary>
    public static Segment Of(ulong incarnation, MetricSchema schema, int[] columns, IReadOnlyList<Sample> samples) => new(
        incarnation,
        isSubstitute: true,
        schema,
        columns,
        [.. samples.Select(s => s.TimeMs)],
        [.. columns.Select(c => samples.Select(s => s.Values[c]).ToArray())]);

    /// <summary>The same without the samples within these spans; null if nothing is left.</summary>
    public Segment? Without(IReadOnlyList<(long FirstMs, long LastMs)> spans)
    {
        var kept = Enumerable.Range(0, Times.Length)
            .Where(i => !spans.Any(s => Times[i] >= s.FirstMs && Times[i] <= s.LastMs))
            .ToArray();
        return kept.Length == 0
            ? null
            : kept.Length == Times.Length
                ? this
                : new Segment(Incarnation, IsSubstitute, Schema, Columns, [.. kept.Select(i => Times[i])], [.. Values.Select(v => kept.Select(i => v[i]).ToArray())]);
    }

    /// <summary>
    /// Orders segments by time and drops what is there twice: a substitute gives way to a block of the agent, sample by sample,
    /// and a second substitute to the first.
    /// </summary>
    public static List<Segment> Arrange(IEnumerable<Segment> segments)
    {
        var arranged = new List<Segment>();
        foreach (var incarnation in segments.GroupBy(s => s.Incarnation))
        {
            var spans = new List<(long, long)>();
            foreach (var segment in incarnation.Where(s => !s.IsSubstitute))
            {
                spans.Add((segment.Times[0], segment.Times[^1]));
                arranged.Add(segment);
            }

            foreach (var segment in incarnation.Where(s => s.IsSubstitute))
            {
                var near = spans.Where(s => s.Item1 <= segment.Times[^1] && s.Item2 >= segment.Times[0]).ToList();
                if (segment.Without(near) is { } rest)
                {
                    spans.Add((rest.Times[0], rest.Times[^1]));
                    arranged.Add(rest);
                }
            }
        }

        arranged.Sort((a, b) => a.Times[0].CompareTo(b.Times[0]));
        return arranged;
    }
}

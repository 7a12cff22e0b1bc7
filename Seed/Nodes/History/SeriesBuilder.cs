using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>Puts the samples of one selector into steps: least, mean and most of each. Segments come in the order of time. Pure.</summary>
internal sealed class SeriesBuilder
{
    private readonly MetricSelector _selector;
    private readonly MetricDescriptor _metric;
    private readonly HistoryRange _range;
    private readonly double[] _min;
    private readonly double[] _max;
    private readonly double[] _sum;
    private readonly int[] _count;
    private readonly Dictionary<ulong, int[]> _plans = [];
    private readonly Dictionary<ulong, Segment> _before = [];

    /// <summary>Begins with nothing.</summary>
    /// <param name="selector">What was asked for.</param>
    /// <param name="metric">A metric that fits; it tells the unit.</param>
    /// <param name="range">The steps.</param>
    public SeriesBuilder(MetricSelector selector, MetricDescriptor metric, HistoryRange range)
    {
        _selector = selector;
        _metric = metric;
        _range = range;
        _min = new double[range.Steps];
        _max = new double[range.Steps];
        _sum = new double[range.Steps];
        _count = new int[range.Steps];
    }

    /// <summary>The columns of a schema that are needed.</summary>
    /// <exception cref="QueryRefusedException">The selector is ambiguous there.</exception>
    public int[] Columns(MetricSchema schema)
    {
        if (!_plans.TryGetValue(schema.Hash, out var columns))
        {
            _plans.Add(schema.Hash, columns = SeriesPlan.Columns(schema, _selector));
        }

        return columns;
    }

    /// <summary>Takes the samples of a segment.</summary>
    public void Add(Segment segment)
    {
        var columns = Columns(segment.Schema);
        if (columns.Length == 0)
        {
            return;
        }

        var places = columns.Select(c => Array.BinarySearch(segment.Columns, c)).ToArray();
        if (_metric.Kind == MetricKind.Counter)
        {
            AddRates(segment, columns, places);
        }
        else
        {
            for (var i = 0; i < segment.Times.Length; i++)
            {
                Put(segment.Times[i], Level(segment, columns, places, i));
            }
        }

        _before[segment.Incarnation] = segment;
    }

    /// <summary>All steps that have a point.</summary>
    public HistorySeries Build()
    {
        var series = new HistorySeries { Selector = _selector, Unit = SeriesPlan.Unit(_metric) };
        for (var i = 0; i < _count.Length; i++)
        {
            if (_count[i] > 0)
            {
                series.TimeMs.Add(_range.FromMs + (i * _range.StepMs));
                series.Min.Add(_min[i]);
                series.Avg.Add(_sum[i] / _count[i]);
                series.Max.Add(_max[i]);
            }
        }

        return series;
    }

    private static double Level(Segment segment, int[] columns, int[] places, int sample)
    {
        var sum = new LevelSum();
        for (var c = 0; c < columns.Length; c++)
        {
            sum.Add(segment.Schema.Descriptors[columns[c]], segment.Values[places[c]][sample]);
        }

        return sum.Value;
    }

    private void AddRates(Segment segment, int[] columns, int[] places)
    {
        var earlier = new long[columns.Length];
        var earlierMs = LastOf(_before.GetValueOrDefault(segment.Incarnation), segment.Schema, columns, earlier);
        for (var i = 0; i < segment.Times.Length; i++)
        {
            var elapsed = segment.Times[i] - earlierMs;
            var rates = new RateSum();
            for (var c = 0; c < columns.Length; c++)
            {
                var now = segment.Values[places[c]][i];
                if (now != MetricValue.Missing)
                {
                    rates.Add(CounterRate.PerSecond(segment.Schema.Descriptors[columns[c]], earlier[c], now, elapsed));
                }

                earlier[c] = now;
            }

            earlierMs = segment.Times[i];
            Put(earlierMs, rates.Value);
        }
    }

    /// <summary>The last readings of these metrics in the segment before, whatever its schema was.</summary>
    private static long LastOf(Segment? before, MetricSchema schema, int[] columns, long[] into)
    {
        Array.Fill(into, MetricValue.Missing);
        if (before is null)
        {
            return 0;
        }

        for (var c = 0; c < columns.Length; c++)
        {
            var column = before.Schema.Hash == schema.Hash ? columns[c] : before.Schema.IndexOf(schema.Descriptors[columns[c]]);
            var place = column < 0 ? -1 : Array.BinarySearch(before.Columns, column);
            if (place >= 0)
            {
                into[c] = before.Values[place][^1];
            }
        }

        return before.Times[^1];
    }

    private void Put(long timeMs, double value)
    {
        if (timeMs < _range.FromMs || timeMs >= _range.ToMs || double.IsNaN(value))
        {
            return;
        }

        var i = (int)((timeMs - _range.FromMs) / _range.StepMs);
        _min[i] = _count[i] == 0 ? value : Math.Min(_min[i], value);
        _max[i] = _count[i] == 0 ? value : Math.Max(_max[i], value);
        _sum[i] += value;
        _count[i]++;
    }
}

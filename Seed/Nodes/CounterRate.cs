using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>What people want of a counter: how fast it runs.</summary>
internal static class CounterRate
{
    /// <summary>Two readings further apart than this say nothing about the seconds between them.</summary>
    public const long LongestGapMs = 10_000;

    /// <summary>Units per second between two readings; NaN across a gap, a reset or a wrap, so that none of them looks like a burst.</summary>
    public static double PerSecond(MetricDescriptor metric, long earlier, long later, long elapsedMs)
    {
        if (earlier == MetricValue.Missing || later == MetricValue.Missing || elapsedMs is <= 0 or > LongestGapMs || later < earlier)
        {
            return double.NaN;
        }

        var difference = unchecked(later - earlier);
        return difference < 0 ? double.NaN : metric.ToDouble(difference) * 1000 / elapsedMs;
    }
}

/// <summary>Adds up the rates of several devices. One that is unknown makes the sum unknown, not smaller; none at all is unknown too.</summary>
internal struct RateSum
{
    private double _sum;
    private bool _any;

    /// <summary>The sum so far.</summary>
    public readonly double Value => _any ? _sum : double.NaN;

    /// <summary>Adds a rate; NaN is one that is unknown.</summary>
    public void Add(double rate)
    {
        _sum += rate;
        _any = true;
    }
}

/// <summary>
/// Adds up the levels of several columns; what was not measured is left out, and of nothing at all the sum is unknown.
/// Columns of one scale are added as the integers they are, so that shares of a whole do not make 0.9999999999999999 of it.
/// </summary>
internal struct LevelSum
{
    private long _stored;
    private double _others;
    private int _scale;
    private int _count;
    private MetricDescriptor? _first;

    /// <summary>The sum so far; shares that were rounded one by one make no more than the whole.</summary>
    public readonly double Value
    {
        get
        {
            if (_first is null)
            {
                return double.NaN;
            }

            var sum = MetricValue.ToDouble(_stored, _scale) + _others;
            return _count > 1 && _first.Unit == "1" ? Math.Min(sum, 1) : sum;
        }
    }

    /// <summary>Adds a level.</summary>
    public void Add(MetricDescriptor metric, long stored)
    {
        if (stored == MetricValue.Missing)
        {
            return;
        }

        if (_first is null)
        {
            _first = metric;
            _scale = metric.Scale;
        }

        if (metric.Scale == _scale)
        {
            _stored = unchecked(_stored + stored);
        }
        else
        {
            _others += metric.ToDouble(stored);
        }

        _count++;
    }
}

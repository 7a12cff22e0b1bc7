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

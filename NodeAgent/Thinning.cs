using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent;

/// <summary>Turns samples of a second into fewer ones that stand for more time, when there is no room for all.</summary>
internal static class Thinning
{
    /// <summary>
    /// Each run of <paramref name="factor"/> samples becomes one, at the time of its last: gauges are the mean of those measured, counters
    /// and processes those of the last, so that rates between the results are still right.
    /// </summary>
    public static List<Sample> Thin(MetricSchema schema, IReadOnlyList<Sample> samples, int factor)
    {
        var thinned = new List<Sample>((samples.Count / factor) + 1);
        for (var start = 0; start < samples.Count; start += factor)
        {
            var count = Math.Min(factor, samples.Count - start);
            var last = samples[start + count - 1];
            var values = new long[schema.Count];
            for (var c = 0; c < values.Length; c++)
            {
                values[c] = schema.Descriptors[c].Kind == MetricKind.Counter ? last.Values[c] : Mean(samples, start, count, c);
            }

            thinned.Add(new Sample(last.TimeMs, values, last.Processes, last.Flags | SampleFlags.Thinned));
        }

        return thinned;
    }

    private static long Mean(IReadOnlyList<Sample> samples, int start, int count, int column)
    {
        Int128 sum = 0;
        var measured = 0;
        for (var i = start; i < start + count; i++)
        {
            var value = samples[i].Values[column];
            if (value != MetricValue.Missing)
            {
                sum += value;
                measured++;
            }
        }

        if (measured == 0)
        {
            return MetricValue.Missing;
        }

        // Rounded half away from zero.
        var half = sum < 0 ? -measured : measured;
        return (long)(((2 * sum) + half) / (2 * measured));
    }
}

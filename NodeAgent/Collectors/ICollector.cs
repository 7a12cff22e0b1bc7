using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors;

/// <summary>When a sample is taken.</summary>
/// <param name="Number">Counts the ticks from 0; sources that change slowly are not read at each.</param>
/// <param name="Elapsed">Since the tick before, by a clock that is never set; zero at the first.</param>
internal readonly record struct CollectorTick(long Number, TimeSpan Elapsed);

/// <summary>
/// One source of measurements. Reading is apart from parsing (a static <c>Parse</c> on bytes in each implementation), and
/// from writing, so that a source whose columns change can be laid out anew before its values are taken.
/// A source that is not there throws; whoever runs the collectors turns it off and tries again later.
/// </summary>
internal interface ICollector : IDisposable
{
    /// <summary>What people call this source, such as <c>loadavg</c>.</summary>
    string Name { get; }

    /// <summary>The columns as of the last <see cref="Read"/>; the same array as before unless they have changed.</summary>
    ImmutableArray<MetricDescriptor> Descriptors { get; }

    /// <summary>Reads the source.</summary>
    void Read(in CollectorTick tick);

    /// <summary>Writes what was read last, one value per descriptor.</summary>
    void Write(Span<long> values);
}

/// <summary>A collector that also knows the busiest processes.</summary>
internal interface IProcessSource
{
    /// <summary>The busiest as of the last read, at most 5, by CPU.</summary>
    ImmutableArray<ProcessSample> Busiest();
}

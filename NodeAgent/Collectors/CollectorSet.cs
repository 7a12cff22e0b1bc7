using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors;

/// <summary>What all collectors gave at one tick.</summary>
internal readonly record struct CollectedValues(MetricSchema Schema, long[] Values, ImmutableArray<ProcessSample> Processes);

/// <summary>
/// Runs the collectors: lays out their columns, and keeps one that fails from harming the others. A collector that throws is
/// off, said once, and tried again every minute; its columns stay, without values, until it is back with others.
/// </summary>
internal sealed class CollectorSet : ISampleSource
{
    private const int RetryEvery = 60;

    private readonly Slot[] _slots;
    private readonly TimeProvider _time;
    private readonly Action<string> _log;
    private long _number;
    private long _lastTimestamp;

    /// <param name="collectors">Owned from now on.</param>
    /// <param name="time">Measures the time between ticks.</param>
    /// <param name="log">Takes one line for each change.</param>
    public CollectorSet(IEnumerable<ICollector> collectors, TimeProvider time, Action<string> log)
    {
        _slots = [.. collectors.Select(c => new Slot(c))];
        _time = time;
        _log = log;
    }

    /// <summary>The columns as of the last tick.</summary>
    public MetricSchema Schema { get; private set; } = MetricSchema.Empty;

    /// <summary>Names of the collectors that are off.</summary>
    public IReadOnlyList<string> Failed => [.. _slots.Where(s => s.Off).Select(s => s.Collector.Name)];

    /// <summary>Reads everything once.</summary>
    public CollectedValues Collect()
    {
        var timestamp = _time.GetTimestamp();
        var elapsed = _number == 0 ? TimeSpan.Zero : _time.GetElapsedTime(_lastTimestamp, timestamp);
        var tick = new CollectorTick(_number++, elapsed);
        _lastTimestamp = timestamp;

        var changed = tick.Number == 0;
        foreach (var slot in _slots)
        {
            changed |= Read(slot, tick);
        }

        if (changed)
        {
            LayOut();
        }

        var values = new long[Schema.Count];
        ImmutableArray<ProcessSample> processes = [];
        foreach (var slot in _slots)
        {
            var columns = values.AsSpan(slot.FirstColumn, slot.Columns.Length);
            if (slot.Off)
            {
                columns.Fill(MetricValue.Missing);
                continue;
            }

            slot.Collector.Write(columns);
            if (slot.Collector is IProcessSource source)
            {
                processes = source.Busiest();
            }
        }

        return new CollectedValues(Schema, values, processes);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Collector.Dispose();
        }
    }

    // True when the columns must be laid out anew. Whatever a source throws, it concerns that source only.
    private bool Read(Slot slot, in CollectorTick tick)
    {
        if (slot.Off && tick.Number < slot.RetryAt)
        {
            return false;
        }

        try
        {
            slot.Collector.Read(tick);
            if (slot.Off)
            {
                slot.Off = false;
                _log($"collector {slot.Collector.Name} is back");
            }
        }
        catch (Exception e)
        {
            TurnOff(slot, e.Message);
            return false;
        }

        if (slot.Columns == slot.Collector.Descriptors)
        {
            return false;
        }

        slot.Columns = slot.Collector.Descriptors;
        return true;
    }

    private void TurnOff(Slot slot, string why)
    {
        if (!slot.Off)
        {
            _log($"collector {slot.Collector.Name} is off, tried again every {RetryEvery} s: {why}");
        }

        slot.Off = true;
        slot.RetryAt = _number - 1 + RetryEvery;
        slot.Collector.Dispose();
    }

    private void LayOut()
    {
        var next = 0;
        foreach (var slot in _slots)
        {
            if (next + slot.Columns.Length > MetricSchema.MaxColumns)
            {
                TurnOff(slot, $"its {slot.Columns.Length} columns are too many");
                slot.Columns = [];
            }

            slot.FirstColumn = next;
            next += slot.Columns.Length;
        }

        Schema = new MetricSchema(_slots.SelectMany(s => s.Columns));
    }

    private sealed class Slot(ICollector collector)
    {
        public ICollector Collector { get; } = collector;

        public ImmutableArray<MetricDescriptor> Columns { get; set; } = [];

        public int FirstColumn { get; set; }

        public bool Off { get; set; }

        public long RetryAt { get; set; }
    }
}

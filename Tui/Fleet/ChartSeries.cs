using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>One metric over time, in steps: loaded from the seed's history, then continued from live values.</summary>
internal sealed class ChartSeries
{
    private readonly List<Point> _points = [];
    private long _stepMs = 1000;

    /// <summary>Unix milliseconds of the newest step; 0 when there is none.</summary>
    public long NewestMs => _points.Count > 0 ? _points[^1].TimeMs : 0;

    /// <summary>History has been loaded, if only that there is none.</summary>
    public bool Loaded { get; private set; }

    /// <summary>Forgets all; from now on in steps of this length.</summary>
    public void Reset(TimeSpan step)
    {
        _points.Clear();
        _stepMs = Math.Max(1000, (long)step.TotalMilliseconds);
        Loaded = false;
    }

    /// <summary>Takes history, and keeps the live steps that came after it.</summary>
    public void Load(HistorySeries series)
    {
        var end = series.TimeMs.Count > 0 ? series.TimeMs[^1] : 0;
        var live = _points.Where(p => p.TimeMs > end).ToArray();
        _points.Clear();
        for (var i = 0; i < series.TimeMs.Count && i < series.Avg.Count; i++)
        {
            _points.Add(new Point(series.TimeMs[i], series.Avg[i], 1));
        }

        _points.AddRange(live);
        Loaded = true;
    }

    /// <summary>Adds a live value to its step. Values from before the newest step are in the history already.</summary>
    public void Append(long timeMs, double value, TimeSpan keep)
    {
        if (double.IsNaN(value) || timeMs <= 0)
        {
            return;
        }

        var step = timeMs / _stepMs * _stepMs;
        if (_points.Count > 0 && _points[^1].TimeMs >= step)
        {
            if (_points[^1].TimeMs == step && _stepMs > 1000)
            {
                var last = _points[^1];
                _points[^1] = new Point(step, ((last.Value * last.Count) + value) / (last.Count + 1), last.Count + 1);
            }

            return;
        }

        _points.Add(new Point(step, value, 1));
        Trim(step - (long)keep.TotalMilliseconds - (2 * _stepMs));
    }

    /// <summary>Fills columns of equal length that end with the newest; a column without a value is NaN.</summary>
    /// <param name="columns">Oldest first.</param>
    /// <param name="range">What all of them span.</param>
    /// <param name="nowMs">Now, by the clock that the times are of.</param>
    public void Sample(Span<double> columns, TimeSpan range, long nowMs)
    {
        columns.Fill(double.NaN);
        if (columns.Length == 0 || _points.Count == 0)
        {
            return;
        }

        // Columns begin at multiples of their length, so the picture moves by whole columns only.
        var length = Math.Max(1, (long)range.TotalMilliseconds / columns.Length);
        var right = NewestMs + _stepMs;
        var end = Math.Abs(nowMs - right) < Math.Max(5000, 2 * _stepMs) ? right : nowMs;
        var first = (end / length) - columns.Length + (end % length > 0 ? 1 : 0);
        var at = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            long from = (first + i) * length, to = from + length;
            while (at < _points.Count && _points[at].TimeMs + _stepMs <= from)
            {
                at++;
            }

            double sum = 0;
            var count = 0;
            for (var k = at; k < _points.Count && _points[k].TimeMs < to; k++)
            {
                sum += _points[k].Value;
                count++;
            }

            columns[i] = count > 0 ? sum / count : double.NaN;
        }
    }

    private void Trim(long before)
    {
        var count = 0;
        while (count < _points.Count && _points[count].TimeMs < before)
        {
            count++;
        }

        // In larger bites, as removing from the front moves everything.
        if (count > 64)
        {
            _points.RemoveRange(0, count);
        }
    }

    private readonly record struct Point(long TimeMs, double Value, int Count);
}

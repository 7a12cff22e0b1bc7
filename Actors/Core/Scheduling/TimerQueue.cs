namespace Actors.Core;

/// <summary>Something that is due at a time. Belongs to one <see cref="TimerQueue"/>.</summary>
internal abstract class TimerEntry
{
    /// <summary>Ticks of the queue's clock.</summary>
    internal long Due;

    /// <summary>Ticks between two times; 0 for once only.</summary>
    internal long Interval;

    /// <summary>Breaks ties in the order of scheduling.</summary>
    internal long Sequence;

    /// <summary>The place in the heap; -1 when not waiting.</summary>
    internal int Index = -1;

    internal abstract void Fire();
}

/// <summary>
/// All that an actor system waits for, in one heap behind one timer of the <see cref="TimeProvider"/>.
/// The timer is set only for the earliest entry: with nothing scheduled, nothing wakes up.
/// </summary>
internal sealed class TimerQueue : IDisposable
{
    private const int Arity = 4;
    private const long Unarmed = long.MaxValue;

    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly ITimer _timer;
    private readonly Action<Exception> _onError;
    private readonly object _gate = new();
    private TimerEntry[] _heap = new TimerEntry[16];
    private int _count;
    private long _sequence;
    private long _armedFor = Unarmed;
    private bool _closed;

    internal TimerQueue(TimeProvider time, Action<Exception> onError)
    {
        _time = time;
        _onError = onError;
        _start = time.GetTimestamp();
        _timer = time.CreateTimer(static queue => ((TimerQueue)queue!).OnTimer(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    internal TimeProvider Time => _time;

    /// <summary>Time since this queue was made; never goes back.</summary>
    internal TimeSpan Elapsed => _time.GetElapsedTime(_start);

    internal int Count => Volatile.Read(ref _count);

    /// <summary>False if the queue is closed.</summary>
    internal bool Schedule(TimerEntry entry, TimeSpan delay, TimeSpan interval = default)
    {
        var due = Elapsed.Ticks + Math.Max(0, delay.Ticks);
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            entry.Due = due;
            entry.Interval = interval.Ticks;
            Push(entry);
            Arm();
            return true;
        }
    }

    /// <summary>False if it was not waiting. An entry that fires at this moment may still run.</summary>
    internal bool Cancel(TimerEntry entry)
    {
        lock (_gate)
        {
            entry.Interval = 0;
            if (entry.Index < 0)
            {
                return false;
            }

            // The timer stays armed: one wake-up too many is cheaper than setting it again at each cancelled Ask.
            RemoveAt(entry.Index);
            return true;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            _count = 0;
            _heap = [];
        }

        _timer.Dispose();
    }

    private void OnTimer()
    {
        List<TimerEntry>? due = null;
        lock (_gate)
        {
            _armedFor = Unarmed;
            var now = Elapsed.Ticks;
            while (_count > 0 && _heap[0].Due <= now)
            {
                var entry = _heap[0];
                RemoveAt(0);
                (due ??= []).Add(entry);
                if (entry.Interval > 0)
                {
                    // On the grid of the first time, without a burst for what was missed while the process slept.
                    entry.Due += entry.Interval;
                    if (entry.Due <= now)
                    {
                        entry.Due = now + entry.Interval - ((now - entry.Due) % entry.Interval);
                    }

                    Push(entry);
                }
            }

            Arm();
        }

        if (due is null)
        {
            return;
        }

        foreach (var entry in due)
        {
            try
            {
                entry.Fire();
            }
            catch (Exception e)
            {
                _onError(e);
            }
        }
    }

    private void Arm()
    {
        if (_closed || _count == 0 || _heap[0].Due >= _armedFor)
        {
            return;
        }

        _armedFor = _heap[0].Due;

        // Timers count whole milliseconds and cut off the rest: round up, or the last one would spin.
        var wait = Math.Max(0, _armedFor - Elapsed.Ticks);
        var milliseconds = (wait + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        _timer.Change(TimeSpan.FromMilliseconds(Math.Min(milliseconds, uint.MaxValue - 2)), Timeout.InfiniteTimeSpan);
    }

    private void Push(TimerEntry entry)
    {
        entry.Sequence = _sequence++;
        if (_count == _heap.Length)
        {
            Array.Resize(ref _heap, Math.Max(16, _count * 2));
        }

        SiftUp(entry, _count++);
    }

    private void RemoveAt(int index)
    {
        _heap[index].Index = -1;
        var last = _heap[--_count];
        _heap[_count] = null!;
        if (index == _count)
        {
            return;
        }

        SiftDown(last, index);
        if (last.Index == index)
        {
            SiftUp(last, index);
        }
    }

    private void SiftUp(TimerEntry entry, int index)
    {
        while (index > 0)
        {
            var parent = (index - 1) / Arity;
            if (!Before(entry, _heap[parent]))
            {
                break;
            }

            Place(_heap[parent], index);
            index = parent;
        }

        Place(entry, index);
    }

    private void SiftDown(TimerEntry entry, int index)
    {
        while (true)
        {
            var first = (index * Arity) + 1;
            if (first >= _count)
            {
                break;
            }

            var least = first;
            var end = Math.Min(first + Arity, _count);
            for (var child = first + 1; child < end; child++)
            {
                if (Before(_heap[child], _heap[least]))
                {
                    least = child;
                }
            }

            if (!Before(_heap[least], entry))
            {
                break;
            }

            Place(_heap[least], index);
            index = least;
        }

        Place(entry, index);
    }

    private void Place(TimerEntry entry, int index)
    {
        _heap[index] = entry;
        entry.Index = index;
    }

    private static bool Before(TimerEntry a, TimerEntry b) => a.Due != b.Due ? a.Due < b.Due : a.Sequence < b.Sequence;
}

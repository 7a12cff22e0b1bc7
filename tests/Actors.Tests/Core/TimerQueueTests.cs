using Actors.Core;
using Actors.TestKit;

namespace EngineTests.Core;

public class TimerQueueTests
{
    private readonly SimulatedTime _time = new();
    private readonly List<string> _log = [];
    private readonly List<Exception> _errors = [];

    private TimerQueue Queue() => new(_time, _errors.Add);

    [Fact]
    public void Entries_fire_in_the_order_of_their_times_and_equal_ones_in_the_order_of_scheduling()
    {
        using var queue = Queue();
        var random = new Random(3);
        var expected = new List<(int Due, int Number)>();
        for (var i = 0; i < 1000; i++)
        {
            var (due, number) = (random.Next(100), i);
            expected.Add((due, number));
            queue.Schedule(new Entry(() => _log.Add($"{due}/{number}")), TimeSpan.FromMilliseconds(due));
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(expected.Order().Select(e => $"{e.Due}/{e.Number}"), _log);
        Assert.Equal(0, queue.Count);
    }

    [Fact]
    public void A_cancelled_entry_leaves_the_queue_at_once_wherever_it_stands()
    {
        using var queue = Queue();
        var random = new Random(4);
        var entries = Enumerable.Range(0, 500).Select(i => new Entry(() => _log.Add($"{i}"))).ToList();
        entries.ForEach(e => queue.Schedule(e, TimeSpan.FromMilliseconds(random.Next(1000))));
        var cancelled = entries.Where(_ => random.Next(2) == 0).ToList();
        cancelled.ForEach(e => Assert.True(queue.Cancel(e)));
        Assert.Equal(500 - cancelled.Count, queue.Count);
        Assert.False(queue.Cancel(cancelled[0]));
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(500 - cancelled.Count, _log.Count);
    }

    [Fact]
    public void A_hundred_thousand_cancelled_entries_set_the_timer_hardly_ever()
    {
        using var queue = Queue();
        var before = _time.TimersSet;
        for (var i = 0; i < 100_000; i++)
        {
            var entry = new Entry(() => { });
            queue.Schedule(entry, TimeSpan.FromSeconds(30));
            queue.Cancel(entry);
        }

        Assert.Equal(1, _time.TimersSet - before);
    }

    [Fact]
    public void A_repeated_entry_keeps_its_grid()
    {
        using var queue = Queue();
        queue.Schedule(new Entry(() => _log.Add($"{_time.GetTimestamp() / TimeSpan.TicksPerMillisecond}")), TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(10));
        _time.Advance(TimeSpan.FromMilliseconds(40));
        Assert.Equal(["5", "15", "25", "35"], _log);
    }

    [Fact]
    public void A_process_that_slept_gets_no_burst_of_what_it_missed()
    {
        var clock = new Jumping();
        using var queue = new TimerQueue(clock, _errors.Add);
        queue.Schedule(new Entry(() => _log.Add($"{clock.Milliseconds}")), TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(10));
        clock.JumpTo(10);
        clock.JumpTo(1234);
        clock.JumpTo(1240);
        Assert.Equal(["10", "1234", "1240"], _log);
    }

    [Fact]
    public void An_entry_that_throws_is_reported_and_the_others_go_on()
    {
        using var queue = Queue();
        queue.Schedule(new Entry(() => throw new InvalidOperationException("boom")), TimeSpan.FromMilliseconds(1));
        queue.Schedule(new Entry(() => _log.Add("alive")), TimeSpan.FromMilliseconds(1));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("boom", Assert.Single(_errors).Message);
        Assert.Equal(["alive"], _log);
    }

    [Fact]
    public void Nothing_fires_before_its_time()
    {
        using var queue = Queue();
        queue.Schedule(new Entry(() => _log.Add("fired")), TimeSpan.FromTicks(10_001));
        _time.Advance(TimeSpan.FromTicks(10_000));
        Assert.Empty(_log);
        _time.Advance(TimeSpan.FromMilliseconds(2));
        Assert.Equal(["fired"], _log);
    }

    private sealed class Entry(Action action) : TimerEntry
    {
        internal override void Fire() => action();
    }

    /// <summary>A clock that jumps, as when a process was stopped, and then fires what is due, once.</summary>
    private sealed class Jumping : TimeProvider
    {
        private TimerCallback? _callback;
        private object? _state;

        public long Milliseconds { get; private set; }

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => Milliseconds;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_callback, _state) = (callback, state);
            return new Nothing();
        }

        public void JumpTo(long milliseconds)
        {
            Milliseconds = milliseconds;
            _callback!(_state);
        }

        private sealed class Nothing : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => ValueTask.CompletedTask;
        }
    }
}

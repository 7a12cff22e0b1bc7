namespace Actors.TestKit;

/// <summary>Waiting for conditions.</summary>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMilliseconds(20);

    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        OutsideOfContext(() => AwaitAssertAsync(assertion, duration, interval, cancellationToken));

    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitAssertAsync(
            () =>
            {
                assertion();
                return Task.CompletedTask;
            },
            duration,
            interval,
            cancellationToken);

    public async Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var stop = TestTime.Now + TimeoutOr(duration);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await assertion();
                return;
            }
            catch (Exception) when (TestTime.Now + (interval ?? DefaultInterval) < stop)
            {
                // Not yet: looked at again below.
            }

            await Task.Delay(interval ?? DefaultInterval, cancellationToken);
        }
    }

    public void AwaitCondition(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, string message, CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default) =>
        OutsideOfContext(() => AwaitConditionAsync(conditionIsFulfilled, max, interval, message, cancellationToken));

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval = null, string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, message, cancellationToken);

    public async Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval, string? message = null, CancellationToken cancellationToken = default)
    {
        var limit = TimeoutOr(max);
        if (!await AwaitConditionNoThrowAsync(conditionIsFulfilled, limit, interval, cancellationToken))
        {
            Fail($"timeout {limit} expired while waiting for a condition{Hint(message)}");
        }
    }

    public Task<bool> AwaitConditionNoThrowAsync(Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default) =>
        AwaitConditionNoThrowAsync(() => Task.FromResult(conditionIsFulfilled()), max, interval, cancellationToken);

    public async Task<bool> AwaitConditionNoThrowAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null, CancellationToken cancellationToken = default)
    {
        var stop = TestTime.Now + max;
        while (!await conditionIsFulfilled())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TestTime.Now + (interval ?? DefaultInterval) > stop)
            {
                return await conditionIsFulfilled();
            }

            await Task.Delay(interval ?? DefaultInterval, cancellationToken);
        }

        return true;
    }

    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(
            min,
            max,
            () =>
            {
                action();
                return true;
            },
            hint,
            epsilonValue,
            cancellationToken);

    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <summary>The function must end between min and max; waits inside it share what remains.</summary>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var (start, before) = Begin(min, max, hint);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = before;
        }

        CheckEnd(start, min, max, epsilonValue, hint);
        return result;
    }

    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <summary>The function must end between min and max; waits inside it share what remains.</summary>
    public async Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var (start, before) = Begin(min, max, hint);
        try
        {
            await actionAsync();
        }
        finally
        {
            _end = before;
        }

        CheckEnd(start, min, max, epsilonValue, hint);
    }

    private static void OutsideOfContext(Func<Task> wait)
    {
        // The caller blocks its thread: what is awaited must not want to come back to it.
        var context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            wait().GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    private TimeSpan TimeoutOr(TimeSpan? duration) =>
        duration is { } given ? Dilated(given) : RemainingOr(Dilated(TestKitSettings.DefaultTimeout));

    private (TimeSpan Start, TimeSpan? Before) Begin(TimeSpan min, TimeSpan max, string? hint)
    {
        var start = TestTime.Now;
        var before = _end;
        var limit = Dilated(max);
        var remaining = before is { } outer ? outer - start : limit;
        if (remaining < min)
        {
            Fail($"required min time {min} not possible, only {remaining} left{Hint(hint)}");
        }

        _lastWasNoMessage = false;
        _end = start + (limit < remaining ? limit : remaining);
        return (start, before);
    }

    private void CheckEnd(TimeSpan start, TimeSpan min, TimeSpan max, TimeSpan? epsilon, string? hint)
    {
        var elapsed = TestTime.Now - start;
        if (elapsed < min)
        {
            Fail($"took {elapsed}, should have taken at least {min}{Hint(hint)}");
        }

        // A wait for nothing uses all that remains, so its end lies a little behind.
        if (elapsed > Dilated(max) + (epsilon ?? TimeSpan.Zero) && !_lastWasNoMessage)
        {
            Fail($"took {elapsed}, exceeding {max}{Hint(hint)}");
        }
    }
}

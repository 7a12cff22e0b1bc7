namespace Actors.Core;

/// <summary>A cancellation whose delays are counted by a scheduler.</summary>
public class Cancelable : ICancelable, IDisposable
{
    private readonly IActionScheduler _scheduler;
    private readonly CancellationTokenSource _source;

    /// <summary>Cancelled when told to.</summary>
    public Cancelable(IScheduler scheduler)
        : this(scheduler.Advanced)
    {
    }

    /// <summary>Cancelled after a delay.</summary>
    public Cancelable(IScheduler scheduler, TimeSpan delay)
        : this(scheduler.Advanced, delay)
    {
    }

    /// <summary>Cancelled after a delay.</summary>
    public Cancelable(IScheduler scheduler, int millisecondsDelay)
        : this(scheduler.Advanced, TimeSpan.FromMilliseconds(millisecondsDelay))
    {
    }

    /// <summary>Cancelled when told to.</summary>
    public Cancelable(IActionScheduler scheduler)
        : this(scheduler, new CancellationTokenSource())
    {
    }

    /// <summary>Cancelled after a delay.</summary>
    public Cancelable(IActionScheduler scheduler, TimeSpan delay)
        : this(scheduler) => CancelAfter(delay);

    private Cancelable(IActionScheduler scheduler, CancellationTokenSource source)
    {
        _scheduler = scheduler;
        _source = source;
    }

    /// <inheritdoc/>
    public bool IsCancellationRequested => _source.IsCancellationRequested;

    /// <inheritdoc/>
    public CancellationToken Token => _source.Token;

    /// <summary>Whether it was disposed.</summary>
    public bool IsDisposed { get; private set; }

    /// <summary>One that is cancelled.</summary>
    public static ICancelable CreateCanceled()
    {
        var source = new CancellationTokenSource();
        source.Cancel();
        return new Cancelable(new NeverScheduler(), source);
    }

    /// <summary>Cancelled with any of these.</summary>
    public static ICancelable CreateLinkedCancelable(IScheduler scheduler, params ICancelable[] cancelables) =>
        new Cancelable(scheduler.Advanced, CancellationTokenSource.CreateLinkedTokenSource([.. cancelables.Select(c => c.Token)]));

    /// <inheritdoc/>
    public void Cancel() => Cancel(throwOnFirstException: false);

    /// <inheritdoc/>
    public void Cancel(bool throwOnFirstException)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        _source.Cancel(throwOnFirstException);
    }

    /// <inheritdoc/>
    public void CancelAfter(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        _scheduler.ScheduleOnce(delay, CancelUnlessDisposed, this);
    }

    /// <inheritdoc/>
    public void CancelAfter(int millisecondsDelay) => CancelAfter(TimeSpan.FromMilliseconds(millisecondsDelay));

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Frees the token.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing && !IsDisposed)
        {
            IsDisposed = true;
            _source.Dispose();
        }
    }

    private void CancelUnlessDisposed()
    {
        if (!IsDisposed)
        {
            _source.Cancel();
        }
    }

    /// <summary>The clock of what is cancelled already.</summary>
    private sealed class NeverScheduler : IActionScheduler
    {
        public void ScheduleOnce(TimeSpan delay, Action action)
        {
        }

        public void ScheduleOnce(TimeSpan delay, Action action, ICancelable? cancelable)
        {
        }

        public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action)
        {
        }

        public void ScheduleRepeatedly(TimeSpan initialDelay, TimeSpan interval, Action action, ICancelable? cancelable)
        {
        }
    }
}

/// <summary>Shorter ways to cancel.</summary>
public static class CancelableExtensions
{
    /// <summary>Cancels if there is anything and it is not disposed.</summary>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}

using System.Diagnostics.CodeAnalysis;

namespace Actors.TestKit;

/// <summary>A message that a test actor received.</summary>
public abstract class MessageEnvelope
{
    public abstract object Message { get; }

    public abstract IActorRef Sender { get; }
}

/// <summary>What a test actor received.</summary>
public sealed class RealMessageEnvelope(object message, IActorRef sender) : MessageEnvelope
{
    public override object Message => message;

    public override IActorRef Sender => sender;

    public override string ToString() => $"<{Message}> from {Sender}";
}

/// <summary>Nothing was received.</summary>
public sealed class NullMessageEnvelope : MessageEnvelope
{
    public static readonly NullMessageEnvelope Instance = new();

    public override object Message => throw new InvalidOperationException("nothing was received");

    public override IActorRef Sender => throw new InvalidOperationException("nothing was received");

    public override string ToString() => "<no message>";
}

/// <summary>What a test actor has received and the test has not looked at yet.</summary>
internal sealed class Inbox
{
    private readonly LinkedList<MessageEnvelope> _messages = [];
    private readonly List<TaskCompletionSource> _waiting = [];

    internal int Count
    {
        get
        {
            lock (_messages)
            {
                return _messages.Count;
            }
        }
    }

    internal void Add(MessageEnvelope envelope)
    {
        TaskCompletionSource[] waiting;
        lock (_messages)
        {
            _messages.AddLast(envelope);
            waiting = [.. _waiting];
            _waiting.Clear();
            Monitor.PulseAll(_messages);
        }

        foreach (var waiter in waiting)
        {
            waiter.TrySetResult();
        }
    }

    internal bool TryTake(TimeSpan timeout, bool remove, CancellationToken cancellationToken, [NotNullWhen(true)] out MessageEnvelope? envelope)
    {
        var deadline = Deadline(timeout);
        using var registration = cancellationToken.Register(() =>
        {
            lock (_messages)
            {
                Monitor.PulseAll(_messages);
            }
        });
        lock (_messages)
        {
            while (_messages.Count == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var left = deadline - TestTime.Now;
                if (left <= TimeSpan.Zero)
                {
                    envelope = null;
                    return false;
                }

                Monitor.Wait(_messages, left);
            }

            envelope = Take(remove);
            return true;
        }
    }

    internal async ValueTask<(bool Success, MessageEnvelope Envelope)> TryTakeAsync(TimeSpan timeout, bool remove, CancellationToken cancellationToken)
    {
        var deadline = Deadline(timeout);
        while (true)
        {
            TaskCompletionSource waiter;
            lock (_messages)
            {
                if (_messages.Count > 0)
                {
                    return (true, Take(remove));
                }

                waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _waiting.Add(waiter);
            }

            var left = deadline - TestTime.Now;
            try
            {
                await waiter.Task.WaitAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
            }
            catch (TimeoutException)
            {
                lock (_messages)
                {
                    return _messages.Count > 0 ? (true, Take(remove)) : (false, NullMessageEnvelope.Instance);
                }
            }
        }
    }

    private static TimeSpan Deadline(TimeSpan timeout) =>
        timeout == Timeout.InfiniteTimeSpan ? TimeSpan.FromDays(1) + TestTime.Now : timeout + TestTime.Now;

    private MessageEnvelope Take(bool remove)
    {
        var first = _messages.First!.Value;
        if (remove)
        {
            _messages.RemoveFirst();
        }

        return first;
    }
}

/// <summary>Real time, which tests wait in whatever time the actors have.</summary>
internal static class TestTime
{
    internal static TimeSpan Now => System.Diagnostics.Stopwatch.GetElapsedTime(0);
}

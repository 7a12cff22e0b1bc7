namespace Actors.TestKit;

/// <summary>Waiting for messages.</summary>
public abstract partial class TestKitBase
{
    private TimeSpan? _end;
    private bool _lastWasNoMessage;

    /// <summary>What is left of the enclosing Within.</summary>
    public TimeSpan Remaining => _end is { } end
        ? end - TestTime.Now
        : throw new InvalidOperationException("Remaining may only be used inside Within");

    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    public TimeSpan RemainingOrDilated(TimeSpan? duration) => duration is { } given ? Dilated(given) : RemainingOrDefault;

    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        TryReceiveOne(out var envelope, max, cancellationToken) ? envelope.Message : null;

    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryReceiveOneAsync(max, cancellationToken);
        return success ? envelope.Message : null;
    }

    public bool TryReceiveOne(out MessageEnvelope envelope, TimeSpan? max = null, CancellationToken cancellationToken = default)
    {
        var success = _inbox.TryTake(max ?? RemainingOrDefault, remove: true, cancellationToken, out var taken);
        envelope = taken ?? NullMessageEnvelope.Instance;
        Note(success, envelope);
        return success;
    }

    public async ValueTask<(bool Success, MessageEnvelope Envelope)> TryReceiveOneAsync(TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var taken = await _inbox.TryTakeAsync(max ?? RemainingOrDefault, remove: true, cancellationToken);
        Note(taken.Success, taken.Envelope);
        return taken;
    }

    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        _inbox.TryTake(max ?? RemainingOrDefault, remove: false, cancellationToken, out var envelope) ? envelope.Message : null;

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, CancellationToken cancellationToken = default) =>
        ReceiveN(numberOfMessages, RemainingOrDefault, cancellationToken);

    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max, CancellationToken cancellationToken = default)
    {
        var stop = TestTime.Now + max;
        var received = new List<object>(numberOfMessages);
        while (received.Count < numberOfMessages)
        {
            if (!TryReceiveOne(out var envelope, stop - TestTime.Now, cancellationToken))
            {
                Fail($"timeout ({max}) while expecting {numberOfMessages} messages (got {received.Count})");
            }

            received.Add(envelope.Message);
        }

        return received;
    }

    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class => ReceiveWhile(filter, max, null, msgs, cancellationToken);

    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null, TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class
    {
        var stop = TestTime.Now + RemainingOrDilated(max);
        var received = new List<T>();
        while (received.Count < msgs)
        {
            var left = stop - TestTime.Now;
            if (!_inbox.TryTake(idle is { } quiet && quiet < left ? quiet : left, remove: false, cancellationToken, out var envelope)
                || filter(envelope.Message) is not { } wanted)
            {
                break;
            }

            TryReceiveOne(out _, TimeSpan.Zero, cancellationToken);
            received.Add(wanted);
        }

        _lastWasNoMessage = true;
        return received;
    }

    public object FishForMessage(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    public T FishForMessage<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var stop = TestTime.Now + limit;
        while (true)
        {
            if (!TryReceiveOne(out var envelope, stop - TestTime.Now, cancellationToken))
            {
                Fail($"timeout ({limit}) during FishForMessage{(hint.Length > 0 ? ", hint: " + hint : "")}");
            }

            if (envelope.Message is T typed && isMessage(typed))
            {
                return typed;
            }
        }
    }

    public async ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default)
    {
        var limit = RemainingOrDilated(max);
        var stop = TestTime.Now + limit;
        while (true)
        {
            var (success, envelope) = await TryReceiveOneAsync(stop - TestTime.Now, cancellationToken);
            if (!success)
            {
                Fail($"timeout ({limit}) during FishForMessage{(hint.Length > 0 ? ", hint: " + hint : "")}");
            }

            if (envelope.Message is T typed && isMessage(typed))
            {
                return typed;
            }
        }
    }

    public ValueTask<object> FishForMessageAsync(Predicate<object> isMessage, TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        FishForMessageAsync<object>(isMessage, max, hint, cancellationToken);

    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        ExpectNoMsg(RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault)), cancellationToken);

    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        if (TryReceiveOne(out var envelope, duration, cancellationToken))
        {
            Fail($"expected no message during {duration}, received {envelope}");
        }

        _lastWasNoMessage = true;
    }

    public ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault)), cancellationToken);

    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    public async ValueTask ExpectNoMsgAsync(TimeSpan duration, CancellationToken cancellationToken = default)
    {
        var (success, envelope) = await TryReceiveOneAsync(duration, cancellationToken);
        if (success)
        {
            Fail($"expected no message during {duration}, received {envelope}");
        }

        _lastWasNoMessage = true;
    }

    protected TimeSpan RemainingOr(TimeSpan duration) => _end is not null ? Remaining : duration;

    private void Note(bool success, MessageEnvelope envelope)
    {
        _last = success ? envelope : null;
        _lastWasNoMessage = false;
    }
}

namespace Actors.TestKit;

/// <summary>The next message must be as expected.</summary>
public abstract partial class TestKitBase
{
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(duration, hint, (_, _) => { }, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(duration, hint, (_, _) => { }, cancellationToken);

    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, _) => Same(message, m, hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, _) => Same(message, m, hint), cancellationToken);

    public T ExpectMsg<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, _) => That(isMessage(m), m, "the predicate", hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, _) => That(isMessage(m), m, "the predicate", hint), cancellationToken);

    public T ExpectMsg<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, _) => assert(m), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T> assert, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, _) => assert(m), cancellationToken);

    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, s) => That(isMessageAndSender(m, s), m, "the predicate", hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, s) => That(isMessageAndSender(m, s), m, "the predicate", hint), cancellationToken);

    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, assertMessageAndSender, cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, assertMessageAndSender, cancellationToken);

    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, _) => That(comparer(expected, m), m, $"like {expected}", hint), cancellationToken);

    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, _) => That(comparer(expected, m), m, $"like {expected}", hint), cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(duration, hint, (_, s) => From(sender, s), cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(duration, hint, (_, s) => From(sender, s), cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                Same(message, m, hint);
            }, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                Same(message, m, hint);
            }, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                That(isMessage(m), m, "the predicate", hint);
            }, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                That(isMessage(m), m, "the predicate", hint);
            }, cancellationToken);

    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                assertMessage(m);
            }, cancellationToken);

    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<T>(timeout, hint, (m, s) =>
            {
                From(sender, s);
                assertMessage(m);
            }, cancellationToken);

    public Terminated ExpectTerminated(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Next<Terminated>(timeout, hint, (m, _) => That(m.ActorRef.Equals(target), m, $"the end of {target}", hint), cancellationToken);

    public ValueTask<Terminated> ExpectTerminatedAsync(IActorRef target, TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        NextAsync<Terminated>(timeout, hint, (m, _) => That(m.ActorRef.Equals(target), m, $"the end of {target}", hint), cancellationToken);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) => ExpectMsgAllOf(RemainingOrDefault, messages);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        ExpectMsgAllOf(RemainingOrDefault, messages, cancellationToken);

    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) => ExpectMsgAllOf(max, (IReadOnlyCollection<T>)messages);

    /// <summary>All of these come next, in any order.</summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default)
    {
        var received = ReceiveN(messages.Count, max, cancellationToken);
        var missing = messages.Where(m => !received.Any(r => Equals(r, m))).ToList();
        var unexpected = received.Where(r => !messages.Any(m => Equals(r, m))).ToList();
        if (missing.Count + unexpected.Count > 0)
        {
            Fail($"not found: [{string.Join(", ", missing)}], unexpected: [{string.Join(", ", unexpected)}]");
        }

        return [.. received.Cast<T>()];
    }

    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Next<T>(null, null, (m, _) => That(messages.Contains(m), m, $"any of [{string.Join(", ", messages)}]", null), cancellationToken);

    private T Next<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef> check, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        return TryReceiveOne(out var envelope, limit, cancellationToken)
            ? Checked(envelope, hint, check)
            : throw Nothing<T>(limit, hint);
    }

    private async ValueTask<T> NextAsync<T>(TimeSpan? timeout, string? hint, Action<T, IActorRef> check, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var (success, envelope) = await TryReceiveOneAsync(limit, cancellationToken);
        return success ? Checked(envelope, hint, check) : throw Nothing<T>(limit, hint);
    }

    private static Xunit.Sdk.XunitException Nothing<T>(TimeSpan limit, string? hint) =>
        new($"timeout {limit} while waiting for a message of type {typeof(T)}{Hint(hint)}");

    private static T Checked<T>(MessageEnvelope envelope, string? hint, Action<T, IActorRef> check)
    {
        if (envelope.Message is not T typed)
        {
            throw new Xunit.Sdk.XunitException($"expected a message of type {typeof(T)}, but received {envelope} of type {envelope.Message.GetType()}{Hint(hint)}");
        }

        check(typed, envelope.Sender);
        return typed;
    }

    private static void Same<T>(T expected, T actual, string? hint) =>
        That(Equals(expected, actual), actual, $"{expected}", hint);

    private static void From(IActorRef expected, IActorRef actual)
    {
        if (!Equals(actual, expected))
        {
            Fail($"expected a message from {expected}, but the sender is {actual}");
        }
    }

    private static void That<T>(bool condition, T actual, string expected, string? hint)
    {
        if (!condition)
        {
            Fail($"expected {expected}, but received {actual}{Hint(hint)}");
        }
    }

    private static string Hint(string? hint) => string.IsNullOrEmpty(hint) ? "" : $" (hint: {hint})";
}

using System.Diagnostics.CodeAnalysis;

namespace Actors.Core;

/// <summary>A message in a mailbox, itself the node of the list. Belongs to one mailbox or stash at a time.</summary>
internal sealed class MailItem(object message, IActorRef? sender)
{
    internal readonly object Message = message;
    internal readonly IActorRef? Sender = sender;
    internal MailItem? Next;
}

/// <summary>
/// Many producers, one consumer, no locks: producers swap themselves in as the newest and then link the one before to them.
/// The consumer takes all that is there at once and works through it in private (<see cref="TakenMessages"/>), so that it touches what
/// the producers write only once per batch.
/// </summary>
internal struct MessageQueue
{
    private MailItem? _newest;
    private MailItem? _oldest;

    internal readonly bool IsEmpty => Volatile.Read(in _newest) is null;

    internal void Enqueue(MailItem item)
    {
        var before = Interlocked.Exchange(ref _newest, item);
        if (before is null)
        {
            Volatile.Write(ref _oldest, item);
        }
        else
        {
            Volatile.Write(ref before.Next, item);
        }
    }

    /// <summary>Only the consumer: everything that is there, in order from first to last. Links between may still be on their way.</summary>
    internal bool TryTakeAll([NotNullWhen(true)] out MailItem? first, [NotNullWhen(true)] out MailItem? last)
    {
        if (IsEmpty)
        {
            first = last = null;
            return false;
        }

        // A producer that found the queue empty is between its two steps: only some instructions away, unless its thread lost the processor.
        var spin = default(SpinWait);
        while ((first = Volatile.Read(ref _oldest)) is null)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        // Before the swap: the producer after it is the first again, and writes here.
        Volatile.Write(ref _oldest, null);
        last = Interlocked.Exchange(ref _newest, null)!;
        return true;
    }

    /// <summary>How many wait; for diagnosis only.</summary>
    internal readonly int Count() => TakenMessages.Count(Volatile.Read(in _oldest));
}

/// <summary>What the consumer has taken out of its <see cref="MessageQueue"/>, and nobody else sees.</summary>
internal struct TakenMessages
{
    private MailItem? _first;
    private MailItem? _last;

    internal readonly bool IsEmpty => Volatile.Read(in _first) is null;

    internal MailItem? TryDequeue(ref MessageQueue queue)
    {
        var item = _first;
        if (item is null)
        {
            if (!queue.TryTakeAll(out item, out _last))
            {
                return null;
            }
        }

        if (ReferenceEquals(item, _last))
        {
            _first = _last = null;
        }
        else
        {
            _first = Volatile.Read(ref item.Next) ?? WaitForNext(item);
            item.Next = null;
        }

        return item;
    }

    /// <summary>These, in their order, are the next to be dequeued.</summary>
    internal void Prepend(IReadOnlyList<MailItem> items)
    {
        for (var i = items.Count - 1; i >= 0; i--)
        {
            items[i].Next = _first;
            _last ??= items[i];
            _first = items[i];
        }
    }

    /// <summary>How many wait; for diagnosis only.</summary>
    internal readonly int Count() => Count(Volatile.Read(in _first));

    internal static int Count(MailItem? item)
    {
        var count = 0;
        for (; item is not null; item = Volatile.Read(ref item.Next))
        {
            count++;
        }

        return count;
    }

    private static MailItem WaitForNext(MailItem item)
    {
        var spin = default(SpinWait);
        MailItem? next;
        while ((next = Volatile.Read(ref item.Next)) is null)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return next;
    }
}

/// <summary>
/// What senders write: both queues, and who has a turn. An object of its own, so that senders and the actor do not fight over one cache line.
/// </summary>
internal sealed class Mailbox
{
    internal MessageQueue Messages;
    internal SystemMessageQueue SystemMessages;
    internal int Status;
}

/// <summary>System messages: pushed on a stack, taken all at once and turned around.</summary>
internal struct SystemMessageQueue
{
    private static readonly SystemMessage Closed = new Terminate();

    private SystemMessage? _newest;

    /// <summary>Whether there is nothing to take; a closed queue has nothing.</summary>
    internal readonly bool IsEmpty => Volatile.Read(in _newest) is var newest && (newest is null || newest == Closed);

    /// <summary>False if the queue is closed.</summary>
    internal bool TryEnqueue(SystemMessage message)
    {
        while (true)
        {
            var newest = Volatile.Read(ref _newest);
            if (newest == Closed)
            {
                return false;
            }

            message.Next = newest;
            if (Interlocked.CompareExchange(ref _newest, message, newest) == newest)
            {
                return true;
            }
        }
    }

    /// <summary>All, oldest first, linked by Next.</summary>
    internal SystemMessage? TakeAll() => IsEmpty ? null : Reverse(Interlocked.Exchange(ref _newest, null));

    /// <summary>All, oldest first; nothing can be enqueued any more.</summary>
    internal SystemMessage? Close() => Reverse(Interlocked.Exchange(ref _newest, Closed));

    private static SystemMessage? Reverse(SystemMessage? newest)
    {
        SystemMessage? oldest = null;
        while (newest is not null && newest != Closed)
        {
            var next = newest.Next;
            newest.Next = oldest;
            oldest = newest;
            newest = next;
        }

        return oldest;
    }
}

namespace Actors.Core;

/// <summary>A message in a mailbox, itself the node of the list. Belongs to one mailbox or stash at a time.</summary>
internal sealed class MailItem(object message, IActorRef? sender)
{
    internal readonly object Message = message;
    internal readonly IActorRef? Sender = sender;
    internal MailItem? Next;
}

/// <summary>
/// Many producers, one consumer, no locks: producers swap themselves in as the newest and then link the one before to them;
/// the consumer walks from the oldest. Empty is two null references, so an idle mailbox costs nothing more.
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

    /// <summary>Only the consumer.</summary>
    internal MailItem? TryDequeue()
    {
        var item = Volatile.Read(ref _oldest);
        if (item is null)
        {
            if (IsEmpty)
            {
                return null;
            }

            item = WaitForFirst();
        }

        var next = Volatile.Read(ref item.Next);
        if (next is null)
        {
            Volatile.Write(ref _oldest, null);
            if (Interlocked.CompareExchange(ref _newest, null, item) == item)
            {
                return item;
            }

            next = WaitForNext(item);
        }

        Volatile.Write(ref _oldest, next);
        item.Next = null;
        return item;
    }

    /// <summary>Only the consumer: these, in their order, are the next to be dequeued.</summary>
    internal void Prepend(MailItem first, MailItem last)
    {
        // With an empty queue, a producer may come in between: then the ones given are enqueued as a chain and the newcomer stays behind.
        last.Next = null;
        if (Volatile.Read(ref _oldest) is null && Interlocked.CompareExchange(ref _newest, last, null) is null)
        {
            Volatile.Write(ref _oldest, first);
            return;
        }

        var oldest = Volatile.Read(ref _oldest) ?? WaitForFirst();
        last.Next = oldest;
        Volatile.Write(ref _oldest, first);
    }

    /// <summary>How many wait; walks the list, for diagnosis only.</summary>
    internal readonly int Count()
    {
        var count = 0;
        for (var item = Volatile.Read(in _oldest); item is not null; item = Volatile.Read(ref item.Next))
        {
            count++;
        }

        return count;
    }

    // A producer is between its two steps: only some instructions away, unless its thread lost the processor.
    private MailItem WaitForFirst()
    {
        var spin = default(SpinWait);
        MailItem? item;
        while ((item = Volatile.Read(ref _oldest)) is null)
        {
            spin.SpinOnce(sleep1Threshold: -1);
        }

        return item;
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

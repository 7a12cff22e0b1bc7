namespace Actors.Core;

/// <summary>Puts messages aside until later.</summary>
public interface IStash
{
    /// <summary>How many are aside.</summary>
    int Count { get; }

    /// <summary>Whether none is aside.</summary>
    bool IsEmpty { get; }

    /// <summary>Whether some are aside.</summary>
    bool NonEmpty { get; }

    /// <summary>Whether no more may be put aside.</summary>
    bool IsFull { get; }

    /// <summary>How many may be put aside; -1 without limit.</summary>
    int Capacity { get; }

    /// <summary>Puts the message at work aside.</summary>
    /// <exception cref="IllegalActorStateException">It is aside already.</exception>
    /// <exception cref="StashOverflowException">No more may be put aside.</exception>
    void Stash();

    /// <summary>The oldest is handled next.</summary>
    void Unstash();

    /// <summary>All are handled next, in their order.</summary>
    void UnstashAll();

    /// <summary>Those that the predicate likes are handled next; the others are forgotten.</summary>
    void UnstashAll(Func<Envelope, bool> predicate);

    /// <summary>Takes all out, oldest first.</summary>
    IEnumerable<Envelope> ClearStash();

    /// <summary>Puts these before those that are aside.</summary>
    void Prepend(IEnumerable<Envelope> envelopes);
}

/// <summary>An actor with a stash; the engine sets the property after construction.</summary>
public interface IActorStash
{
    /// <summary>The stash. On a restart or stop what is in it goes back to the mailbox.</summary>
    IStash Stash { get; set; }
}

/// <summary>An actor with a stash.</summary>
public interface IWithStash : IActorStash;

/// <summary>An actor with a stash without limit.</summary>
public interface IWithUnboundedStash : IWithStash;

/// <summary>An actor with a stash limited by <see cref="Props.WithStashCapacity"/>.</summary>
public interface IWithBoundedStash : IWithStash;

/// <summary>The stash. Seam: persistence makes one more for its own use; the cell unstashes only the one that the actor was given.</summary>
internal sealed class ActorStash(ActorCell cell, int capacity = -1) : IStash
{
    private readonly LinkedList<MailItem> _items = [];

    public int Count => _items.Count;

    public bool IsEmpty => _items.Count == 0;

    public bool NonEmpty => _items.Count > 0;

    public bool IsFull => Capacity >= 0 && _items.Count >= Capacity;

    public int Capacity => capacity;

    public void Stash()
    {
        var item = cell.CurrentItem ?? throw new IllegalActorStateException("there is no message at work to put aside");
        if (_items.Last?.Value == item)
        {
            throw new IllegalActorStateException($"can't stash the same message {item.Message} more than once");
        }

        if (IsFull)
        {
            throw new StashOverflowException($"the stash of {cell.Self} is full: {Capacity}");
        }

        _items.AddLast(item);
    }

    public void Unstash()
    {
        if (_items.First is { } first)
        {
            _items.RemoveFirst();
            cell.Prepend([first.Value]);
        }
    }

    public void UnstashAll() => UnstashAll(_ => true);

    public void UnstashAll(Func<Envelope, bool> predicate)
    {
        if (_items.Count > 0)
        {
            var wanted = _items.Where(i => predicate(ToEnvelope(i))).ToList();
            _items.Clear();
            cell.Prepend(wanted);
        }
    }

    public IEnumerable<Envelope> ClearStash()
    {
        var all = _items.Select(ToEnvelope).ToList();
        _items.Clear();
        return all;
    }

    public void Prepend(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
        {
            _items.AddFirst(new MailItem(envelope.Message, envelope.Sender));
        }
    }

    private Envelope ToEnvelope(MailItem item) => new(item.Message, item.Sender ?? cell.System.DeadLetters);
}

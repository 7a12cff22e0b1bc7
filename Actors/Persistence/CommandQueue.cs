using Actors.Core;

namespace Actors.Persistence;

/// <summary>
/// Commands that wait for the end of recovery or of a persist. They go back to the front of the mailbox one by one, the next when the one
/// before was handled, so that a long queue is not carried to and fro by each persist.
/// </summary>
internal sealed class CommandQueue(ActorCell cell)
{
    private readonly LinkedList<MailItem> _waiting = [];
    private MailItem? _out;

    /// <summary>Keeps the message at work.</summary>
    public void KeepCurrent() => _waiting.AddLast(cell.CurrentItem ?? throw new InvalidOperationException("there is no message at work"));

    /// <summary>Puts these before all that wait.</summary>
    public void PutFirst(IEnumerable<Envelope> envelopes)
    {
        foreach (var envelope in envelopes.Reverse())
        {
            _waiting.AddFirst(new MailItem(envelope.Message, envelope.Sender));
        }
    }

    /// <summary>A command is being handled, maybe the one that was released.</summary>
    public void Handling() => _out = cell.CurrentItem == _out ? null : _out;

    /// <summary>Gives the oldest back to the mailbox, unless the one before is still there.</summary>
    public void ReleaseOne()
    {
        if (_out is null && _waiting.First is { } first)
        {
            _out = first.Value;
            _waiting.RemoveFirst();
            cell.Prepend([first.Value]);
        }
    }

    /// <summary>Gives all back to the mailbox.</summary>
    public void ReleaseAll()
    {
        _out = null;
        MailItem[] all = [.. _waiting];
        _waiting.Clear();
        cell.Prepend(all);
    }
}

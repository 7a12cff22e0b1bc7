namespace Actors.Remoting;

/// <summary>
/// Keeps repeated references short: each end of a link holds the same small table, written to by definition on the wire.
/// A reference is a number: 0 for none; else <c>slot * 2 + 2</c>, plus 1 if its text follows and replaces what the slot held.
/// Slots are found by hash, so both tables are bounded and need no bookkeeping. This is the writing end. Not thread-safe.
/// </summary>
internal sealed class RefWriteTable<T>
    where T : class
{
    public const int Slots = 128;
    private readonly T?[] _slots = new T?[Slots];

    /// <summary>Writes the reference; <paramref name="text"/> is asked only when the other end doesn't know it yet.</summary>
    public void Write(WireBuffer buffer, T? reference, Func<T, RefText> text)
    {
        if (reference is null)
        {
            buffer.Byte(0);
            return;
        }

        var slot = (int)((uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(reference) % Slots);
        var known = ReferenceEquals(_slots[slot], reference);
        buffer.Varint((uint)((slot * 2) + 2 + (known ? 0 : 1)));
        if (!known)
        {
            text(reference).Write(buffer);
            _slots[slot] = reference;
        }
    }

    /// <summary>Forgets a reference whose definition was written but will not be sent.</summary>
    public void Forget(T? reference)
    {
        if (reference is not null)
        {
            var slot = (int)((uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(reference) % Slots);
            _slots[slot] = null;
        }
    }
}

/// <summary>The reading end of <see cref="RefWriteTable{T}"/>: each slot also keeps what its text was resolved to.</summary>
internal sealed class RefReadTable<T>
    where T : class
{
    private readonly Entry[] _slots = new Entry[RefWriteTable<T>.Slots];

    /// <summary>Reads a reference: its slot, or -1 for none.</summary>
    public int Read(ref WireReader reader)
    {
        var code = reader.Varint();
        if (code == 0)
        {
            return -1;
        }

        var slot = (int)((code - 2) >> 1);
        if (code < 2 || code >= (2 * RefWriteTable<T>.Slots) + 2)
        {
            throw new FrameFormatException("a reference beyond the table");
        }

        if ((code & 1) != 0)
        {
            _slots[slot] = new Entry(RefText.Read(ref reader), null);
        }
        else if (_slots[slot].Text.Owner == RefOwner.None)
        {
            throw new FrameFormatException("a reference that was never defined");
        }

        return slot;
    }

    public RefText Text(int slot) => _slots[slot].Text;

    public T? Resolved(int slot) => _slots[slot].Resolved;

    public void Resolve(int slot, T? resolved) => _slots[slot].Resolved = resolved;

    private struct Entry(RefText text, T? resolved)
    {
        public readonly RefText Text = text;
        public T? Resolved = resolved;
    }
}

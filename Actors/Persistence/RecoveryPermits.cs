namespace Actors.Persistence;

/// <summary>How many actors may recover at once, so that a thousand that restart together do not fill the memory. First come, first served.</summary>
internal sealed class RecoveryPermits(int most)
{
    private readonly Lock _gate = new();
    private readonly LinkedList<Permit> _waiting = [];
    private int _free = most;

    /// <summary>Calls <paramref name="granted"/> when it is this one's turn, maybe before this returns. The permit must be disposed, granted or not.</summary>
    public Permit Request(Action granted)
    {
        var permit = new Permit(this, granted);
        lock (_gate)
        {
            if (_free == 0)
            {
                _waiting.AddLast(permit);
                return permit;
            }

            _free--;
            permit.Held = true;
        }

        granted();
        return permit;
    }

    private void Return(Permit permit)
    {
        Permit? next = null;
        lock (_gate)
        {
            if (!permit.Held)
            {
                _waiting.Remove(permit);
                return;
            }

            permit.Held = false;
            if (_waiting.First is { } first)
            {
                next = first.Value;
                next.Held = true;
                _waiting.RemoveFirst();
            }
            else
            {
                _free++;
            }
        }

        next?.Granted();
    }

    /// <summary>A place among those that recover, or in the queue for one.</summary>
    internal sealed class Permit(RecoveryPermits owner, Action granted) : IDisposable
    {
        internal bool Held { get; set; }

        internal Action Granted { get; } = granted;

        /// <summary>Gives the place to the next.</summary>
        public void Dispose() => owner.Return(this);
    }
}

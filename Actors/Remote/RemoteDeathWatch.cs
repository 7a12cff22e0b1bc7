using Actors.Core;

namespace Actors.Remoting;

/// <summary>
/// Who watches whom across systems. Cells know nothing of addresses: when an address is given up, this tells the watchers here that their
/// watchees are gone, and makes the watchees here forget their watchers there. Thread-safe; it calls nobody while it holds its lock.
/// </summary>
internal sealed class RemoteDeathWatch
{
    private readonly Dictionary<Address, HashSet<(IInternalActorRef Watchee, IInternalActorRef Watcher)>> _watching = [];
    private readonly Dictionary<Address, HashSet<(IInternalActorRef Watchee, IInternalActorRef Watcher)>> _watched = [];
    private readonly Lock _lock = new();

    /// <summary>Which addresses somebody else (the cluster) judges: their silence is not taken for death here.</summary>
    public Func<Address, bool> IsJudgedElsewhere { get; set; } = static _ => false;

    /// <summary>An actor here watches one of that address; true if none did before.</summary>
    public void Watching(Address address, IInternalActorRef watchee, IInternalActorRef watcher) => Add(_watching, address, watchee, watcher);

    /// <summary>An actor of that address watches one here.</summary>
    public void Watched(Address address, IInternalActorRef watchee, IInternalActorRef watcher) => Add(_watched, address, watchee, watcher);

    public void NoLongerWatching(Address address, IInternalActorRef watchee, IInternalActorRef watcher) => Remove(_watching, address, watchee, watcher);

    public void NoLongerWatched(Address address, IInternalActorRef watchee, IInternalActorRef watcher) => Remove(_watched, address, watchee, watcher);

    /// <summary>Whether anybody here watches that address, and the other way round.</summary>
    public (bool Watching, bool Watched) State(Address address)
    {
        lock (_lock)
        {
            return (_watching.ContainsKey(address), _watched.ContainsKey(address));
        }
    }

    /// <summary>The reference by which a watcher here knows the actor that ended, and forgets it; null if it doesn't watch it.</summary>
    public IInternalActorRef? TakeWatchee(Address address, ActorPath ended, IInternalActorRef watcher)
    {
        lock (_lock)
        {
            if (!_watching.TryGetValue(address, out var pairs))
            {
                return null;
            }

            foreach (var pair in pairs)
            {
                var path = pair.Watchee.Path;
                if (pair.Watcher.Equals(watcher) && (path.Uid == ActorPath.UndefinedUid || path.Uid == ended.Uid)
                    && path.ToStringWithoutAddress() == ended.ToStringWithoutAddress())
                {
                    pairs.Remove(pair);
                    Trim(_watching, address, pairs);
                    return pair.Watchee;
                }
            }

            return null;
        }
    }

    /// <summary>That address is given up: tells everyone whom it concerns, and forgets it.</summary>
    public void AddressTerminated(Address address)
    {
        HashSet<(IInternalActorRef Watchee, IInternalActorRef Watcher)>? here, there;
        lock (_lock)
        {
            _watching.Remove(address, out here);
            _watched.Remove(address, out there);
        }

        foreach (var (watchee, watcher) in here ?? [])
        {
            watcher.SendSystemMessage(new DeathWatchNotification(watchee, existenceConfirmed: false, addressTerminated: true));
        }

        foreach (var (watchee, watcher) in there ?? [])
        {
            watchee.SendSystemMessage(new Unwatch(watchee, watcher));
        }
    }

    private void Add(Dictionary<Address, HashSet<(IInternalActorRef, IInternalActorRef)>> table, Address address, IInternalActorRef watchee, IInternalActorRef watcher)
    {
        lock (_lock)
        {
            if (!table.TryGetValue(address, out var pairs))
            {
                table[address] = pairs = [];
            }

            pairs.Add((watchee, watcher));
        }
    }

    private void Remove(Dictionary<Address, HashSet<(IInternalActorRef, IInternalActorRef)>> table, Address address, IInternalActorRef watchee, IInternalActorRef watcher)
    {
        lock (_lock)
        {
            if (table.TryGetValue(address, out var pairs) && pairs.Remove((watchee, watcher)))
            {
                Trim(table, address, pairs);
            }
        }
    }

    private static void Trim(Dictionary<Address, HashSet<(IInternalActorRef, IInternalActorRef)>> table, Address address, HashSet<(IInternalActorRef, IInternalActorRef)> pairs)
    {
        if (pairs.Count == 0)
        {
            table.Remove(address);
        }
    }
}

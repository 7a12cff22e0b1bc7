namespace Actors.Core;

/// <summary>The children.</summary>
internal sealed partial class ActorCell
{
    private ChildrenContainer? _children;

    private IReadOnlyList<IInternalActorRef> ChildrenRefs => _children?.Snapshot() ?? [];

    public IActorRef ActorOf(Props props, string? name = null)
    {
        ArgumentNullException.ThrowIfNull(props);
        if (name is not null && !ActorPath.IsValidPathElement(name))
        {
            throw new InvalidActorNameException(name.Length == 0
                ? "an actor's name must not be empty"
                : $"illegal actor name '{name}': letters, digits and {ActorPath.ValidSymbols} are allowed, but not $ as the first");
        }

        var children = GetOrMakeChildren();
        name = children.Reserve(name, SystemImpl);
        LocalActorRef child;
        try
        {
            child = SystemImpl.Provider.ActorOf(props, _self, new ChildActorPath(_self.Path, name, SystemImpl.NextUid()));
        }
        catch
        {
            children.Unreserve(name);
            throw;
        }

        children.Add(name, child);
        child.Start();
        return child;
    }

    public IActorRef Child(string name) => SingleChild(name);

    public IEnumerable<IActorRef> GetChildren() => ChildrenRefs;

    /// <summary>The child of this name (<c>name#uid</c> wants that incarnation), or Nobody.</summary>
    internal IInternalActorRef SingleChild(string name)
    {
        if (_children is not { } children)
        {
            return Nobody.Instance;
        }

        var hash = name.IndexOf('#', StringComparison.Ordinal);
        if (hash < 0)
        {
            return children.Find(name) ?? Nobody.Instance;
        }

        return children.Find(name[..hash]) is { } child
            && long.TryParse(name.AsSpan(hash + 1), out var uid) && (uid == ActorPath.UndefinedUid || uid == child.Path.Uid)
            ? child
            : Nobody.Instance;
    }

    /// <summary>Adds a child that starts later; for the guardians.</summary>
    internal LocalActorRef MakeGuardian(Props props, string name)
    {
        var guardian = LocalActorRef.Create(SystemImpl, props, _self, new ChildActorPath(_self.Path, name, ActorPath.UndefinedUid));
        GetOrMakeChildren().Add(name, guardian);
        return guardian;
    }

    // The guardians' children are made by any thread.
    private ChildrenContainer GetOrMakeChildren()
    {
        if (_children is { } children)
        {
            return children;
        }

        if (IsTerminated)
        {
            throw new InvalidOperationException($"cannot create a child: {_self.Path} has terminated");
        }

        var made = new ChildrenContainer();
        return Interlocked.CompareExchange(ref _children, made, null) ?? made;
    }
}

/// <summary>Why an actor waits for the end of children.</summary>
internal enum SuspendReason
{
    None,
    Creation,
    Recreation,
    Termination,
}

/// <summary>The children by name, and which of them are about to end. Its own lock, since others look names up.</summary>
internal sealed class ChildrenContainer
{
    private readonly Dictionary<string, IInternalActorRef?> _byName = new(StringComparer.Ordinal);
    private HashSet<IActorRef>? _dying;
    private SuspendReason _reason;
    private Exception? _cause;
    private bool _terminated;
    private long _lastName;

    /// <summary>Waiting for the last child to end before ending itself (or being made anew).</summary>
    internal bool IsTerminating
    {
        get
        {
            lock (_byName)
            {
                return _terminated || _reason == SuspendReason.Termination;
            }
        }
    }

    internal string Reserve(string? name, ActorSystemImpl system)
    {
        lock (_byName)
        {
            if (_terminated || _reason == SuspendReason.Termination)
            {
                throw new InvalidOperationException($"cannot create child '{name}' while its parent in {system.Name} is terminating or terminated");
            }

            if (name is null)
            {
                name = Base64Name(_lastName++);
            }
            else if (_byName.ContainsKey(name))
            {
                throw new InvalidActorNameException($"Actor name \"{name}\" is not unique!");
            }

            _byName[name] = null;
            return name;
        }
    }

    internal void Unreserve(string name)
    {
        lock (_byName)
        {
            if (_byName.TryGetValue(name, out var child) && child is null)
            {
                _byName.Remove(name);
            }
        }
    }

    internal void Add(string name, IInternalActorRef child)
    {
        lock (_byName)
        {
            _byName[name] = child;
        }
    }

    internal IInternalActorRef? Find(string name)
    {
        lock (_byName)
        {
            return _byName.GetValueOrDefault(name);
        }
    }

    internal bool Contains(IActorRef child)
    {
        lock (_byName)
        {
            return _byName.TryGetValue(child.Path.Name, out var found) && found is not null && found.Equals(child);
        }
    }

    internal IReadOnlyList<IInternalActorRef> Snapshot()
    {
        lock (_byName)
        {
            if (_byName.Count == 0)
            {
                return [];
            }

            var children = new List<IInternalActorRef>(_byName.Count);
            foreach (var child in _byName.Values)
            {
                if (child is not null)
                {
                    children.Add(child);
                }
            }

            return children;
        }
    }

    internal void ShallDie(IActorRef child)
    {
        lock (_byName)
        {
            (_dying ??= []).Add(child);
        }
    }

    /// <summary>False if no child is about to end; else the reason comes back from <see cref="Remove"/> when the last one has.</summary>
    internal bool WaitForDying(SuspendReason reason, Exception? cause)
    {
        lock (_byName)
        {
            if (_dying is not { Count: > 0 })
            {
                return false;
            }

            // An end stays an end, and a restart that was begun is not turned into a first start.
            if (reason == SuspendReason.Termination || _reason == SuspendReason.None)
            {
                _reason = reason;
                _cause = cause;
            }

            return true;
        }
    }

    /// <summary>A child has ended; says what its parent waited for, if it was the last one.</summary>
    internal SuspendReason Remove(IActorRef child, out Exception? cause)
    {
        lock (_byName)
        {
            _byName.Remove(child.Path.Name);
            _dying?.Remove(child);
            cause = null;
            if (_reason == SuspendReason.None || _dying is { Count: > 0 })
            {
                return SuspendReason.None;
            }

            var reason = _reason;
            cause = _cause;
            _reason = SuspendReason.None;
            _cause = null;
            return reason;
        }
    }

    internal void SetTerminated()
    {
        lock (_byName)
        {
            _terminated = true;
        }
    }

    private static string Base64Name(long number)
    {
        const string Digits = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+~";
        Span<char> text = stackalloc char[12];
        var length = 0;
        text[length++] = '$';
        do
        {
            text[length++] = Digits[(int)(number & 63)];
            number >>= 6;
        }
        while (number > 0);
        return new string(text[..length]);
    }
}

namespace Actors.Core;

/// <summary>One step of a selection.</summary>
public abstract class SelectionPathElement
{
    private protected SelectionPathElement()
    {
    }
}

/// <summary>To the child of this name.</summary>
public class SelectChildName(string name) : SelectionPathElement
{
    /// <summary>The child's name.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectChildName other && other.Name == Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>To all children whose names match: <c>*</c> for any text, <c>?</c> for one character.</summary>
public class SelectChildPattern(string patternStr) : SelectionPathElement
{
    /// <summary>The pattern.</summary>
    public string PatternStr { get; } = patternStr;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectChildPattern other && other.PatternStr == PatternStr;

    /// <inheritdoc/>
    public override int GetHashCode() => PatternStr.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => PatternStr;

    internal bool Matches(string name) => System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(PatternStr.Replace("\\", "\\\\", StringComparison.Ordinal), name, ignoreCase: false);
}

/// <summary>To the parent.</summary>
public class SelectParent : SelectionPathElement
{
    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectParent;

    /// <inheritdoc/>
    public override int GetHashCode() => nameof(SelectParent).GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => "..";
}

/// <summary>Whoever is at a path when a message arrives there: nobody, one, or many.</summary>
public class ActorSelection : ICanTell
{
    /// <summary>From an actor on along a path.</summary>
    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Length == 0 ? [] : path.Split('/'))
    {
    }

    /// <summary>From an actor on along these elements.</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
    {
        Anchor = anchor;
        Path = [.. elements.Where(e => e.Length > 0).Select(ActorSelections.Element)];
    }

    /// <summary>Where it starts.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The steps from there.</summary>
    public SelectionPathElement[] Path { get; }

    /// <summary>The steps as a text.</summary>
    public string PathString => "/" + string.Join('/', Path.Select(p => p.ToString()));

    /// <summary>Sends a message to all who are there; the current actor is the sender unless another is given.</summary>
    public void Tell(object message, IActorRef? sender = null)
    {
        ArgumentNullException.ThrowIfNull(message);
        ActorSelections.Deliver((IInternalActorRef)Anchor, sender ?? ActorCell.Current?.Self, new ActorSelectionMessage(message, Path, wildCardFanOut: false));
    }

    /// <summary>The actor that is there.</summary>
    /// <exception cref="ActorNotFoundException">Nobody answered in this time.</exception>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The actor that is there.</summary>
    /// <exception cref="ActorNotFoundException">Nobody answered in this time.</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null!), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"nobody is at {this}");
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            throw new ActorNotFoundException($"nobody answered at {this} in {timeout}", e);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && Path.SequenceEqual(other.Path);

    /// <inheritdoc/>
    public override int GetHashCode() => Path.Aggregate(Anchor.GetHashCode(), HashCode.Combine);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}), Path({PathString})]";
}

/// <summary>A message on its way along a selection. Remoting sends it as it is to where the anchor lives.</summary>
internal sealed class ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut) : IAutoReceivedMessage, IPossiblyHarmful
{
    internal object Message { get; } = message;

    internal SelectionPathElement[] Elements { get; } = elements;

    /// <summary>It was copied to several: nobody answers for those where it ends nowhere.</summary>
    internal bool WildCardFanOut { get; } = wildCardFanOut;
}

/// <summary>How selections are made and travel.</summary>
internal static class ActorSelections
{
    internal static SelectionPathElement Element(string text) => text switch
    {
        ".." => new SelectParent(),
        _ when text.AsSpan().IndexOfAny('*', '?') >= 0 => new SelectChildPattern(text),
        _ => new SelectChildName(text),
    };

    /// <summary>Absolute from the root (of another system, if the path has its address), or relative to an actor.</summary>
    internal static ActorSelection Parse(IActorRefProvider provider, IActorRef relativeTo, string path)
    {
        if (path.StartsWith("akka", StringComparison.Ordinal) && path.Contains("://", StringComparison.Ordinal))
        {
            return ActorPath.TryParse(path, out var absolute)
                ? new ActorSelection(provider.RootGuardianAt(absolute.Address), WithUid(absolute))
                : new ActorSelection(provider.DeadLetters, "");
        }

        return path.StartsWith('/')
            ? new ActorSelection(provider.RootGuardian, path)
            : new ActorSelection(relativeTo, path);
    }

    internal static IEnumerable<string> WithUid(ActorPath path)
    {
        var elements = path.Elements;
        return path.Uid == ActorPath.UndefinedUid || elements.Count == 0
            ? elements
            : [.. elements.Take(elements.Count - 1), $"{path.Name}#{path.Uid}"];
    }

    internal static void Deliver(IInternalActorRef anchor, IActorRef? sender, ActorSelectionMessage selection)
    {
        var current = anchor;
        var elements = selection.Elements;
        for (var i = 0; i < elements.Length; i++)
        {
            if (current is not LocalActorRef local)
            {
                // Not an actor of ours (remote, /temp, or nobody): it knows itself how to go on.
                Continue(current, sender, selection, i);
                return;
            }

            switch (elements[i])
            {
                case SelectParent:
                    current = local.Parent is Nobody ? local : local.Parent;
                    break;
                case SelectChildName child:
                    var next = Child(local, child.Name);
                    if (next is Nobody)
                    {
                        ToNobody(local, sender, selection, i);
                        return;
                    }

                    current = next;
                    break;
                case SelectChildPattern pattern:
                    FanOut(local, pattern, sender, selection, i);
                    return;
            }
        }

        current.Tell(selection.Message, sender);
    }

    private static IInternalActorRef Child(LocalActorRef local, string name) =>
        local.Path.Depth == 0 && name is "temp" or "deadLetters"
            ? (IInternalActorRef)local.Provider.ResolveActorRef(local.Provider.RootPath / name)
            : local.Cell.SingleChild(name);

    private static void Continue(IInternalActorRef current, IActorRef? sender, ActorSelectionMessage selection, int index)
    {
        var rest = selection.Elements[index..];
        if (current is VirtualPathContainer container)
        {
            var names = rest.Select(e => e.ToString()!).ToArray();
            if (container.GetChild(names) is IInternalActorRef found and not Nobody)
            {
                found.Tell(selection.Message, sender);
            }
            else
            {
                ToNobody(current, sender, selection, index);
            }

            return;
        }

        current.Tell(new ActorSelectionMessage(selection.Message, rest, selection.WildCardFanOut), sender);
    }

    private static void FanOut(LocalActorRef local, SelectChildPattern pattern, IActorRef? sender, ActorSelectionMessage selection, int index)
    {
        var matching = local.Cell.GetChildren().Where(c => pattern.Matches(c.Path.Name)).Cast<IInternalActorRef>().ToList();
        if (matching.Count == 0)
        {
            if (!selection.WildCardFanOut)
            {
                ToNobody(local, sender, selection, index);
            }

            return;
        }

        var rest = selection.Elements[(index + 1)..];
        foreach (var child in matching)
        {
            if (rest.Length == 0)
            {
                child.Tell(selection.Message, sender);
            }
            else
            {
                Deliver(child, sender, new ActorSelectionMessage(selection.Message, rest, selection.WildCardFanOut || matching.Count > 1));
            }
        }
    }

    private static void ToNobody(IInternalActorRef from, IActorRef? sender, ActorSelectionMessage selection, int index)
    {
        var path = from.Path / selection.Elements[index..].Select(e => e.ToString()!);
        var nobody = new EmptyLocalActorRef(from.Provider, path, from.Provider.SystemImpl.EventStream);
        nobody.TellInternal(new ActorSelectionMessage(selection.Message, [], selection.WildCardFanOut), sender);
    }
}

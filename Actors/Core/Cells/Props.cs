using System.Diagnostics.CodeAnalysis;
#if STRICT_API
using System.Linq.Expressions;
#endif
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Actors.Core;

/// <summary>The recipe of an actor: how to make it, again on every restart, and with what mailbox and supervision.</summary>
public class Props : IEquatable<Props>
{
    private readonly Func<ActorBase> _factory;

    private Props(Type type, Func<ActorBase> factory, object[]? arguments = null)
    {
        Type = type;
        Arguments = arguments ?? [];
        _factory = factory;
    }

    private Props(Props other)
    {
        Type = other.Type;
        Arguments = other.Arguments;
        _factory = other._factory;
        SupervisorStrategy = other.SupervisorStrategy;
        Mailbox = other.Mailbox;
        StashCapacity = other.StashCapacity;
    }

    /// <summary>An actor that ignores everything.</summary>
    public static Props Empty { get; } = new(typeof(IgnoringActor), () => new IgnoringActor());

    /// <summary>The same as <see cref="Empty"/>.</summary>
    public static Props None => Empty;

    /// <summary>The actor's class.</summary>
    public Type Type { get; }

    /// <summary>The constructor's arguments, where known.</summary>
    public object[] Arguments { get; }

    /// <summary>Overrides the actor's own strategy for its children.</summary>
    public SupervisorStrategy? SupervisorStrategy { get; private set; }

    /// <summary>The configuration path of its mailbox; null for the default.</summary>
    public string? Mailbox { get; private set; }

    internal int? StashCapacity { get; private set; }

#if STRICT_API
    /// <summary>From an expression that is a bare <c>new T(...)</c>; the arguments are evaluated once, now.</summary>
    /// <exception cref="ArgumentException">It is anything else.</exception>
    public static Props Create<TActor>(Expression<Func<TActor>> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        if (factory.Body is not NewExpression { Constructor: { } constructor } make)
        {
            throw new ArgumentException("the create function must be a 'new T (args)' expression", nameof(factory));
        }

        var arguments = make.Arguments
            .Select(a => Expression.Lambda<Func<object>>(Expression.Convert(a, typeof(object))).Compile()())
            .ToArray();
        return new Props(
            typeof(TActor),
            () => (ActorBase)constructor.Invoke(System.Reflection.BindingFlags.DoNotWrapExceptions, null, arguments, null),
            arguments)
        {
            SupervisorStrategy = supervisorStrategy,
        };
    }
#else
    /// <summary>
    /// From a function that does nothing but <c>new T(...)</c>; it is called for every incarnation, in that actor's turn.
    /// So its arguments must not change, and <c>Sender</c> must be copied to a local variable first
    /// (Akka.NET takes the function apart and evaluates the arguments once, at once).
    /// </summary>
    public static Props Create<TActor>(Func<TActor> factory, SupervisorStrategy? supervisorStrategy = null)
        where TActor : ActorBase
    {
        ArgumentNullException.ThrowIfNull(factory);
        return new Props(typeof(TActor), factory) { SupervisorStrategy = supervisorStrategy };
    }
#endif

    /// <summary>With these arguments of a public constructor.</summary>
    public static Props Create<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TActor>(params object[] args)
        where TActor : ActorBase => Create(typeof(TActor), args);

    /// <summary>With the constructor that has no arguments.</summary>
    public static Props Create<TActor>(SupervisorStrategy supervisorStrategy)
        where TActor : ActorBase, new() =>
        new(typeof(TActor), static () => new TActor()) { SupervisorStrategy = supervisorStrategy };

    /// <summary>With these arguments of a public constructor.</summary>
    public static Props Create([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, params object[] args)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (!typeof(ActorBase).IsAssignableFrom(type))
        {
            throw new ArgumentException($"{type} is not an actor", nameof(type));
        }

        return new Props(type, () => Instantiate(type, args), args);
    }

    /// <summary>The same with another supervision of its children.</summary>
    public Props WithSupervisorStrategy(SupervisorStrategy supervisorStrategy) => new(this) { SupervisorStrategy = supervisorStrategy };

    /// <summary>The same with the mailbox configured at this path (<c>mailbox-type</c>, <c>mailbox-capacity</c>).</summary>
    public Props WithMailbox(string mailbox) => new(this) { Mailbox = mailbox };

    /// <summary>The same with a stash of at most this many messages.</summary>
    public Props WithStashCapacity(int stashCapacity) => new(this) { StashCapacity = stashCapacity };

    /// <summary>Makes an incarnation; called by the engine.</summary>
    public virtual ActorBase NewActor() => _factory();

    /// <inheritdoc/>
    public bool Equals(Props? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Type == other.Type && _factory == other._factory && Mailbox == other.Mailbox && StashCapacity == other.StashCapacity
            && Equals(SupervisorStrategy, other.SupervisorStrategy));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Props);

    /// <inheritdoc/>
    public override int GetHashCode() => Type.GetHashCode();

    private static ActorBase Instantiate([DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] Type type, object[] args)
    {
        try
        {
            return (ActorBase)Activator.CreateInstance(type, args)!;
        }
        catch (TargetInvocationException e) when (e.InnerException is { } cause)
        {
            ExceptionDispatchInfo.Throw(cause);
            throw;
        }
    }

    private sealed class IgnoringActor : ActorBase
    {
        protected override bool Receive(object message) => true;
    }
}

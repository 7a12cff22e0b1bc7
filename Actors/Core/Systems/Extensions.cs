using System.Diagnostics.CodeAnalysis;

namespace Actors.Core;

/// <summary>One instance per actor system.</summary>
public interface IExtension;

/// <summary>Makes and finds an extension. Seam: Cluster and Persistence are found this way.</summary>
public interface IExtensionId
{
    /// <summary>Its class.</summary>
    Type ExtensionType { get; }

    /// <summary>The system's instance, made if need be.</summary>
    object Apply(ActorSystem system);

    /// <summary>The system's instance, made if need be.</summary>
    object Get(ActorSystem system);

    /// <summary>A new instance; called once per system, by the system.</summary>
    object CreateExtension(ExtendedActorSystem system);
}

/// <summary>Base of extension ids; all instances of one class are the same id.</summary>
public abstract class ExtensionIdProvider<T> : IExtensionId
    where T : IExtension
{
    /// <inheritdoc/>
    public Type ExtensionType => typeof(T);

    /// <summary>The system's instance, made if need be.</summary>
    public T Apply(ActorSystem system) => (T)system.RegisterExtension(this);

    /// <summary>The system's instance, made if need be.</summary>
    public T Get(ActorSystem system) => Apply(system);

    /// <summary>A new instance; called once per system, by the system.</summary>
    public abstract T CreateExtension(ExtendedActorSystem system);

    /// <inheritdoc/>
    object IExtensionId.Apply(ActorSystem system) => Apply(system);

    /// <inheritdoc/>
    object IExtensionId.Get(ActorSystem system) => Get(system);

    /// <inheritdoc/>
    object IExtensionId.CreateExtension(ExtendedActorSystem system) => CreateExtension(system);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj?.GetType() == GetType();

    /// <inheritdoc/>
    public override int GetHashCode() => GetType().GetHashCode();
}

/// <summary>The extensions of one system. Each is made once, by whoever asks first; others wait for it.</summary>
internal sealed class ExtensionRegistry(ExtendedActorSystem system)
{
    private readonly Dictionary<Type, Lazy<object>> _extensions = [];

    internal object GetOrCreate(IExtensionId id)
    {
        Lazy<object> slot;
        lock (_extensions)
        {
            if (!_extensions.TryGetValue(id.ExtensionType, out slot!))
            {
                slot = new Lazy<object>(() => id.CreateExtension(system));
                _extensions[id.ExtensionType] = slot;
            }
        }

        return slot.Value;
    }

    internal bool TryGet(Type type, [NotNullWhen(true)] out object? extension)
    {
        Lazy<object>? slot;
        lock (_extensions)
        {
            _extensions.TryGetValue(type, out slot);
        }

        extension = slot is { IsValueCreated: true } ? slot.Value : null;
        return extension is not null;
    }
}

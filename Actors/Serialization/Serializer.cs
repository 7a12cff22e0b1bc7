using Actors.Core;

namespace Actors.Serialization;

/// <summary>Turns messages into bytes and back. The API of Akka.NET's class of this name.</summary>
public abstract class Serializer
{
    /// <summary>Makes a serializer of this system.</summary>
    protected Serializer(ExtendedActorSystem system) => this.system = system;

    /// <summary>The system it belongs to.</summary>
#pragma warning disable SA1401, IDE1006, CA1051 // the name and the field are Akka.NET's
    protected readonly ExtendedActorSystem system;
#pragma warning restore SA1401, IDE1006, CA1051

    /// <summary>Unique among the serializers of a cluster; stored with every row and frame.</summary>
    public virtual int Identifier => throw new NotSupportedException($"{GetType().Name} has no Identifier");

    /// <summary>Whether <see cref="FromBinary(byte[], Type)"/> needs the type.</summary>
    public abstract bool IncludeManifest { get; }

    /// <summary>The bytes of a message.</summary>
    public abstract byte[] ToBinary(object obj);

    /// <summary>The message of these bytes.</summary>
    public abstract object FromBinary(byte[] bytes, Type type);

    /// <summary>The message of these bytes.</summary>
    public T FromBinary<T>(byte[] bytes) => (T)FromBinary(bytes, typeof(T));
}

/// <summary>A serializer whose bytes are told apart by a short string instead of a type's name.</summary>
public abstract class SerializerWithStringManifest : Serializer
{
    /// <summary>Makes a serializer of this system.</summary>
    protected SerializerWithStringManifest(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public sealed override bool IncludeManifest => true;

    /// <inheritdoc/>
    public sealed override object FromBinary(byte[] bytes, Type type) =>
        throw new NotSupportedException($"{GetType().Name} reads by manifest, not by type {type}");

    /// <summary>The message of these bytes.</summary>
    /// <exception cref="System.Runtime.Serialization.SerializationException">The manifest is unknown or the bytes are malformed.</exception>
    public abstract object FromBinary(byte[] bytes, string manifest);

    /// <summary>The manifest of a message.</summary>
    public abstract string Manifest(object o);
}

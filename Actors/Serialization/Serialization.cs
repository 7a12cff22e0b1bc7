using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Actors.Core;

namespace Actors.Serialization;

/// <summary>Which serializer turns which message into bytes; registered by <see cref="SerializationSetup"/>, nothing is found by reflection.</summary>
public class Serialization
{
    private readonly Dictionary<int, Serializer> _byId = [];
    private readonly ConcurrentDictionary<Type, Serializer> _byType = new();
    private (Type Type, Serializer Serializer)[] _bindings = [];

    internal Serialization(ActorSystemImpl system)
    {
        System = system;
        Register(new ByteArraySerializer(system), typeof(byte[]));
        Register(new PrimitiveSerializers(system), typeof(string), typeof(int), typeof(long));
        if (system.Settings.Setup.TryGet<SerializationSetup>(out var setup))
        {
            foreach (var details in setup.CreateSerializers(system))
            {
                Register(details.Serializer, [.. details.UseFor]);
            }
        }
    }

    /// <summary>Its system.</summary>
    public ActorSystem System { get; }

    /// <summary>A reference as a text that is valid in other processes.</summary>
    public static string SerializedActorPath(IActorRef actorRef)
    {
        if (actorRef is not IInternalActorRef actor || actor is Nobody)
        {
            return "";
        }

        var address = actor.Provider.DefaultAddress;
        return address.HasGlobalScope ? actor.Path.ToSerializationFormatWithAddress(address) : actor.Path.ToSerializationFormat();
    }

    /// <summary>What to store beside the bytes so that they can be read again; empty if nothing is needed.</summary>
    public static string ManifestFor(Serializer s, object msg) => s switch
    {
        SerializerWithStringManifest named => named.Manifest(msg),
        { IncludeManifest: true } => msg.GetType().AssemblyQualifiedName!,
        _ => "",
    };

    /// <summary>The serializer of a message.</summary>
    /// <exception cref="SerializationException">None is registered for its type.</exception>
    public Serializer FindSerializerFor(object obj, string? defaultSerializerName = null)
    {
        ArgumentNullException.ThrowIfNull(obj);
        return FindSerializerForType(obj.GetType(), defaultSerializerName);
    }

    /// <summary>The serializer of a type: its own binding, else that of the nearest base class or interface.</summary>
    /// <exception cref="SerializationException">None is registered for it.</exception>
    public Serializer FindSerializerForType(Type objectType, string? defaultSerializerName = null) =>
        _byType.TryGetValue(objectType, out var known) ? known : _byType.GetOrAdd(objectType, Find);

    /// <summary>The serializer of this identifier.</summary>
    /// <exception cref="SerializationException">There is none.</exception>
    public Serializer GetSerializerById(int id) =>
        _byId.TryGetValue(id, out var serializer) ? serializer : throw new SerializationException($"no serializer has the identifier {id}");

    /// <summary>The bytes of a message.</summary>
    public byte[] Serialize(object o) => FindSerializerFor(o).ToBinary(o);

    /// <summary>The message of these bytes.</summary>
    public object Deserialize(byte[] bytes, int serializerId, string manifest)
    {
        var serializer = GetSerializerById(serializerId);
        return serializer is SerializerWithStringManifest named
            ? named.FromBinary(bytes, manifest)
            : serializer.FromBinary(bytes, typeof(object));
    }

    /// <summary>The message of these bytes.</summary>
    public object Deserialize(byte[] bytes, int serializerId, Type type) => GetSerializerById(serializerId).FromBinary(bytes, type);

    /// <summary>Seam: registers a serializer for types; remoting and persistence add those of their own messages. A later binding of the same type wins.</summary>
    internal void Register(Serializer serializer, params Type[] types)
    {
        lock (_byId)
        {
            if (_byId.TryGetValue(serializer.Identifier, out var other) && other.GetType() != serializer.GetType())
            {
                throw new ArgumentException($"{serializer.GetType()} and {other.GetType()} have the same identifier {serializer.Identifier}");
            }

            _byId[serializer.Identifier] = serializer;
            _bindings = [.. _bindings.Where(b => !types.Contains(b.Type)), .. types.Select(t => (t, serializer))];
            _byType.Clear();
        }
    }

    private Serializer Find(Type type)
    {
        (Type Type, Serializer Serializer)? best = null;
        foreach (var binding in _bindings)
        {
            if (binding.Type.IsAssignableFrom(type) && (best is null || best.Value.Type.IsAssignableFrom(binding.Type)))
            {
                best = binding;
            }
        }

        return best?.Serializer ?? throw new SerializationException($"no serializer is registered for {type}");
    }
}

/// <summary>Serializers handed to a system when it is made.</summary>
public sealed class SerializationSetup : Setup
{
    private SerializationSetup(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) =>
        CreateSerializers = createSerializers;

    /// <summary>Makes them for a system.</summary>
    public Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> CreateSerializers { get; }

    /// <summary>From a function of the system.</summary>
    public static SerializationSetup Create(Func<ExtendedActorSystem, ImmutableHashSet<SerializerDetails>> createSerializers) => new(createSerializers);
}

/// <summary>A serializer and the types that it is for.</summary>
public sealed class SerializerDetails
{
    private SerializerDetails(string alias, Serializer serializer, ImmutableHashSet<Type> useFor)
    {
        Alias = alias;
        Serializer = serializer;
        UseFor = useFor;
    }

    /// <summary>Its name.</summary>
    public string Alias { get; }

    /// <summary>The serializer.</summary>
    public Serializer Serializer { get; }

    /// <summary>The types, with their subtypes and implementations.</summary>
    public ImmutableHashSet<Type> UseFor { get; }

    /// <summary>A serializer and the types that it is for.</summary>
    public static SerializerDetails Create(string alias, Serializer serializer, ImmutableHashSet<Type> useFor) => new(alias, serializer, useFor);
}

/// <summary>Bytes as they are.</summary>
internal sealed class ByteArraySerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 4;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) =>
        obj as byte[] ?? throw new NotSupportedException($"{obj.GetType()} is not a byte array");

    public override object FromBinary(byte[] bytes, Type type) => bytes;
}

/// <summary>Texts and whole numbers.</summary>
internal sealed class PrimitiveSerializers(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    public override int Identifier => 17;

    public override string Manifest(object o) => o switch
    {
        string => "S",
        int => "I",
        long => "L",
        _ => throw new SerializationException($"{o.GetType()} is not a text or a whole number"),
    };

    public override byte[] ToBinary(object obj) => obj switch
    {
        string text => Encoding.UTF8.GetBytes(text),
        int number => BitConverter.GetBytes(number),
        long number => BitConverter.GetBytes(number),
        _ => throw new SerializationException($"{obj.GetType()} is not a text or a whole number"),
    };

    public override object FromBinary(byte[] bytes, string manifest) => manifest switch
    {
        "S" => Encoding.UTF8.GetString(bytes),
        "I" when bytes.Length == 4 => BitConverter.ToInt32(bytes),
        "L" when bytes.Length == 8 => BitConverter.ToInt64(bytes),
        _ => throw new SerializationException($"unknown manifest '{manifest}' or wrong length {bytes.Length}"),
    };
}

using System.Runtime.Serialization;
using Actors.Core;
using Actors.Serialization;

namespace Actors.Remoting;

/// <summary>
/// The engine's own messages between systems, and the values that programs put into them: selections, Identify, Status, PoisonPill, Kill, references, and values that have no serializer of their own.
/// A message within one carries its own serializer and manifest. What is nested too deeply is refused: the bytes are a peer's.
/// </summary>
internal sealed class EngineSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Below 100, the engine's own range.</summary>
    public const int SerializerIdentifier = 16;

    private const int DeepestNesting = 8;
    private const int TextLimit = 16 * 1024 * 1024;

    /// <summary>How deep the message that is being read on this thread is nested.</summary>
    [ThreadStatic]
    private static int _depth;

    /// <summary>The types it is bound to. References have many classes, so their interface stands here.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        typeof(ActorSelectionMessage), typeof(Identify), typeof(ActorIdentity), typeof(PoisonPill), typeof(Kill), typeof(Status.Success), typeof(Status.Failure),
        typeof(Done), typeof(IActorRef), typeof(bool), typeof(double), typeof(Guid),
    ];

    public override int Identifier => SerializerIdentifier;

    public override string Manifest(object o) => o switch
    {
        ActorSelectionMessage => "sel",
        Identify => "id",
        ActorIdentity => "aid",
        PoisonPill => "pp",
        Kill => "kill",
        Core.Status.Success => "ok",
        Core.Status.Failure => "err",
        Done => "done",
        IActorRef => "ref",
        bool => "b",
        double => "d",
        Guid => "g",
        _ => throw new SerializationException($"{o.GetType()} is not one of the engine's own messages"),
    };

    public override byte[] ToBinary(object obj)
    {
        var buffer = new WireBuffer();
        Write(buffer, obj);
        var bytes = buffer.Written.ToArray();
        buffer.Release();
        return bytes;
    }

    public override object FromBinary(byte[] bytes, string manifest)
    {
        var reader = new WireReader(bytes);
        try
        {
            if (++_depth > DeepestNesting)
            {
                throw new SerializationException("a message within a message within … is nested too deeply");
            }

            return Read(ref reader, manifest);
        }
        catch (FrameFormatException e)
        {
            throw new SerializationException($"malformed bytes for manifest '{manifest}': {e.Message}", e);
        }
        finally
        {
            _depth--;
        }
    }

    private void Write(WireBuffer buffer, object message)
    {
        switch (message)
        {
            case ActorSelectionMessage selection:
                buffer.Byte((byte)(selection.WildCardFanOut ? 1 : 0));
                buffer.Varint((ulong)selection.Elements.Length);
                foreach (var element in selection.Elements)
                {
                    buffer.Text(element.ToString()!);
                }

                WriteNested(buffer, selection.Message);
                break;
            case Identify identify:
                WriteNested(buffer, identify.MessageId);
                break;
            case ActorIdentity identity:
                WriteNested(buffer, identity.MessageId);
                WriteRef(buffer, identity.Subject);
                break;
            case Core.Status.Success success:
                WriteNested(buffer, success.Status);
                break;
            case Core.Status.Failure failure:
                buffer.Text(failure.Cause is RemoteFailureException remote ? remote.OriginalType : failure.Cause?.GetType().FullName ?? "");
                buffer.Text(failure.Cause?.Message ?? "");
                WriteNested(buffer, failure.State);
                break;
            case IActorRef reference:
                WriteRef(buffer, reference);
                break;
            default:
                WriteValue(buffer, message);
                break;
        }
    }

    private static void WriteValue(WireBuffer buffer, object value)
    {
        switch (value)
        {
            case double number:
                buffer.Fixed64(BitConverter.DoubleToInt64Bits(number));
                break;
            case bool flag:
                buffer.Byte((byte)(flag ? 1 : 0));
                break;
            case Guid id:
                buffer.Bytes(id.ToByteArray());
                break;
        }
    }

    private object Read(ref WireReader reader, string manifest)
    {
        switch (manifest)
        {
            case "sel":
                var fanOut = reader.Byte() != 0;
                var elements = new SelectionPathElement[Math.Min(reader.Varint(), ActorPathDepth(reader.Rest.Length))];
                for (var i = 0; i < elements.Length; i++)
                {
                    elements[i] = ActorSelections.Element(reader.Text(RefText.PathLimit));
                }

                return new ActorSelectionMessage(ReadNested(ref reader)!, elements, fanOut);
            case "id":
                return new Identify(ReadNested(ref reader)!);
            case "aid":
                return new ActorIdentity(ReadNested(ref reader)!, ReadRef(ref reader));
            case "pp":
                return PoisonPill.Instance;
            case "kill":
                return Kill.Instance;
            case "ok":
                return new Status.Success(ReadNested(ref reader));
            case "err":
                var cause = new RemoteFailureException(reader.Text(1024), reader.Text(TextLimit));
                return new Status.Failure(cause, ReadNested(ref reader)!);
            case "done":
                return Done.Instance;
            case "ref":
                return ReadRef(ref reader) ?? ActorRefs.Nobody;
            default:
                return ReadValue(ref reader, manifest);
        }
    }

    private static object ReadValue(ref WireReader reader, string manifest) => manifest switch
    {
        "d" => BitConverter.Int64BitsToDouble(reader.Fixed64()),
        "b" => reader.Byte() != 0,
        "g" => reader.Rest.Length == 16 ? new Guid(reader.Rest) : throw new FrameFormatException("a GUID has 16 bytes"),
        _ => throw new SerializationException($"unknown manifest '{manifest}' of the engine's own messages: written by a newer version?"),
    };

    /// <summary>Each element takes at least its length's byte, so no more can follow than there are bytes.</summary>
    private static ulong ActorPathDepth(int bytesLeft) => (ulong)bytesLeft;

    private void WriteNested(WireBuffer buffer, object? message)
    {
        if (message is null)
        {
            buffer.Byte(0);
            return;
        }

        var serializer = system.Serialization.FindSerializerFor(message);
        var bytes = serializer.ToBinary(message);
        buffer.Byte(1);
        buffer.Varint((uint)serializer.Identifier);
        buffer.Text(Serialization.Serialization.ManifestFor(serializer, message));
        buffer.Varint((ulong)bytes.Length);
        buffer.Bytes(bytes);
    }

    private object? ReadNested(ref WireReader reader)
    {
        if (reader.Byte() == 0)
        {
            return null;
        }

        var id = reader.Int32();
        var manifest = reader.Text(500);
        return system.Serialization.Deserialize(reader.Sized(int.MaxValue).ToArray(), id, manifest);
    }

    private void WriteRef(WireBuffer buffer, IActorRef? reference) =>
        buffer.Text(reference.IsNobody() ? "" : Serialization.Serialization.SerializedActorPath(reference));

    private IActorRef? ReadRef(ref WireReader reader)
    {
        var path = reader.Text(RefText.PathLimit);
        return path.Length == 0 ? null : system.Provider.ResolveActorRef(path);
    }
}

/// <summary>The cause of a <see cref="Status.Failure"/> of another system: its type is named, not rebuilt.</summary>
public sealed class RemoteFailureException : AkkaException
{
    internal RemoteFailureException(string originalType, string message)
        : base(message) => OriginalType = originalType;

    /// <summary>The full name of the exception's class over there.</summary>
    public string OriginalType { get; }
}

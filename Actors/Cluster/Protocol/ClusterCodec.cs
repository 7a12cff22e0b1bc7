using System.Runtime.Serialization;
using Actors.Remoting;

namespace Actors.Clustering;

/// <summary>
/// The binary form of <see cref="ClusterMessage"/>s: a byte with the version, a byte with the tag, then the fields.
/// Within a version fields are only ever added at the end of a message, and tags are never reused.
/// </summary>
internal static class ClusterCodec
{
    public const byte Version = 1;

    public static byte[] Encode(ClusterMessage message)
    {
        var writer = new ClusterWriter();
        writer.Byte(Version);
        switch (message)
        {
            case InitJoin m:
                writer.Byte(1);
                writer.UniqueAddress(m.From);
                writer.Text(m.VoterRole);
                break;
            case InitJoinAck m:
                writer.Byte(2);
                writer.UniqueAddress(m.From);
                break;
            case InitJoinNack m:
                writer.Byte(3);
                writer.UniqueAddress(m.From);
                writer.Text(m.Reason);
                break;
            case Join m:
                writer.Byte(4);
                writer.UniqueAddress(m.Node);
                writer.Roles(m.Roles);
                break;
            case Welcome m:
                writer.Byte(5);
                writer.UniqueAddress(m.From);
                writer.Gossip(m.Gossip);
                break;
            case GossipEnvelope m:
                writer.Byte(6);
                writer.UniqueAddress(m.From);
                writer.UniqueAddress(m.To);
                writer.Gossip(m.Gossip);
                break;
            case GossipStatus m:
                writer.Byte(7);
                writer.UniqueAddress(m.From);
                writer.Clock(m.Version);
                writer.UniqueAddresses(m.Seen);
                break;
            case Follow m:
                writer.Byte(8);
                writer.UniqueAddress(m.From);
                writer.Number(m.Sequence);
                break;
            case ViewUpdate m:
                writer.Byte(9);
                EncodeView(writer, m);
                break;
            case NotMember m:
                writer.Byte(10);
                writer.UniqueAddress(m.From);
                writer.UniqueAddress(m.Who);
                break;
            case Leave m:
                writer.Byte(11);
                writer.UniqueAddress(m.Who);
                break;
            case ExitingConfirmed m:
                writer.Byte(12);
                writer.UniqueAddress(m.Who);
                break;
            case Disband m:
                writer.Byte(13);
                writer.UniqueAddress(m.From);
                break;
            default:
                throw new ArgumentException($"no tag for {message.GetType()}", nameof(message));
        }

        return writer.Finish();
    }

    /// <exception cref="SerializationException">The bytes are not such a message.</exception>
    public static ClusterMessage Decode(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new ClusterReader(bytes);
            var version = reader.Byte();
            return version == Version
                ? Decode(reader.Byte(), ref reader)
                : throw new SerializationException($"a cluster message of version {version}, this system speaks version {Version}: upgrade the older one");
        }
        catch (Exception e) when (e is FrameFormatException or ArgumentException)
        {
            throw new SerializationException($"a malformed cluster message: {e.Message}", e);
        }
    }

    private static ClusterMessage Decode(byte tag, ref ClusterReader reader) => tag switch
    {
        1 => new InitJoin(reader.UniqueAddress(), reader.Text()),
        2 => new InitJoinAck(reader.UniqueAddress()),
        3 => new InitJoinNack(reader.UniqueAddress(), reader.Text()),
        4 => new Join(reader.UniqueAddress(), reader.Roles()),
        5 => new Welcome(reader.UniqueAddress(), reader.Gossip()),
        6 => new GossipEnvelope(reader.UniqueAddress(), reader.UniqueAddress(), reader.Gossip()),
        7 => new GossipStatus(reader.UniqueAddress(), reader.Clock(), reader.UniqueAddresses()),
        8 => new Follow(reader.UniqueAddress(), reader.Number()),
        9 => DecodeView(ref reader),
        10 => new NotMember(reader.UniqueAddress(), reader.UniqueAddress()),
        11 => new Leave(reader.UniqueAddress()),
        12 => new ExitingConfirmed(reader.UniqueAddress()),
        13 => new Disband(reader.UniqueAddress()),
        _ => throw new SerializationException($"a cluster message with tag {tag}, which this version does not know"),
    };

    private static void EncodeView(ClusterWriter writer, ViewUpdate m)
    {
        writer.UniqueAddress(m.From);
        writer.UniqueAddress(m.To);
        writer.Number(m.Base);
        writer.Number(m.Sequence);
        writer.Number(m.Changed.Length);
        foreach (var member in m.Changed)
        {
            writer.Member(member);
        }

        writer.UniqueAddresses(m.Unreachable);
        writer.Tombstones(m.Gone);
    }

    private static ViewUpdate DecodeView(ref ClusterReader reader)
    {
        var update = new ViewUpdate(
            reader.UniqueAddress(),
            reader.UniqueAddress(),
            reader.Number(),
            reader.Number(),
            reader.Members(),
            reader.UniqueAddresses(),
            reader.Tombstones());
        return update.Base >= 0 && update.Sequence > update.Base && update.Changed.All(m => m.Status != MemberStatus.Removed)
            ? update
            : throw new FrameFormatException($"a view from {update.Base} to {update.Sequence}");
    }
}

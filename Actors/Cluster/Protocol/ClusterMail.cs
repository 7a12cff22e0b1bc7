using System.Runtime.Serialization;
using Actors.Core;
using Actors.Remoting;
using Actors.Serialization;

namespace Actors.Clustering;

/// <summary>A <see cref="ClusterMessage"/> between the cluster's actors of two systems, stamped with the peer that the link has verified.</summary>
internal sealed class ClusterMail(ClusterMessage message) : IFromPeer
{
    public ClusterMessage Message { get; } = message;

    /// <summary>Null if it did not come over a link.</summary>
    public ClusterPeer? Peer { get; private set; }

    public void Arrived(Address peer, long uid, PeerIdentity identity) => Peer = new ClusterPeer(new UniqueAddress(peer, uid), identity.Role);
}

/// <summary>Writes and reads it. The number is the one of Akka.NET's serializer of cluster messages; the bytes are not the same.</summary>
internal sealed class ClusterMailSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string OnlyManifest = "C";

    public override int Identifier => 5;

    public override string Manifest(object o) => OnlyManifest;

    public override byte[] ToBinary(object obj) => ClusterCodec.Encode(((ClusterMail)obj).Message);

    public override object FromBinary(byte[] bytes, string manifest) =>
        manifest == OnlyManifest
            ? new ClusterMail(ClusterCodec.Decode(bytes))
            : throw new SerializationException($"'{manifest}' is no manifest of a cluster message");
}

using System.Collections.Frozen;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace ClusterMonitor.Messages;

/// <summary>
/// The only registry of what crosses a wire or reaches the journal: a short manifest for each protobuf type.
/// A manifest is never reused; one that is no longer written stays in <see cref="Readers"/>, or in <see cref="Retired"/> when nothing can hold it any more.
/// </summary>
public sealed class MonitorSerializer : SerializerWithStringManifest
{
    /// <summary>Stored with every row and frame; never changes.</summary>
    public const int SerializerIdentifier = 4053;

    private static readonly (string Manifest, Type Type, MessageParser Parser)[] Registry =
    [
        // agent <-> seed
        ("a1", typeof(NodeHello), NodeHello.Parser),
        ("a2", typeof(HelloAccepted), HelloAccepted.Parser),
        ("a3", typeof(HelloRefused), HelloRefused.Parser),
        ("a4", typeof(HelloWanted), HelloWanted.Parser),
        ("a5", typeof(SchemaAnnounced), SchemaAnnounced.Parser),
        ("a6", typeof(LiveSample), LiveSample.Parser),
        ("a7", typeof(BlockOffered), BlockOffered.Parser),
        ("a8", typeof(BlockAcked), BlockAcked.Parser),
        ("a9", typeof(BlocksAbandoned), BlocksAbandoned.Parser),

        // journal and snapshots
        ("j1", typeof(StateChanged), StateChanged.Parser),
        ("j2", typeof(NodeRegistered), NodeRegistered.Parser),
        ("j3", typeof(ClaimRefused), ClaimRefused.Parser),
        ("j4", typeof(SeedWatched), SeedWatched.Parser),
        ("j5", typeof(MaintenanceSet), MaintenanceSet.Parser),
        ("j6", typeof(NodeForgotten), NodeForgotten.Parser),
        ("j7", typeof(MembershipSnapshot), MembershipSnapshot.Parser),
        ("j8", typeof(BlockStored), BlockStored.Parser),
        ("j9", typeof(SchemaStored), SchemaStored.Parser),
        ("j10", typeof(NodeSnapshot), NodeSnapshot.Parser),

        // dashboard <-> seed
        ("d1", typeof(DashboardHello), DashboardHello.Parser),
        ("d2", typeof(DashboardWelcome), DashboardWelcome.Parser),
        ("d3", typeof(FleetPull), FleetPull.Parser),
        ("d4", typeof(FleetFrame), FleetFrame.Parser),
        ("d5", typeof(NodeQuery), NodeQuery.Parser),
        ("d6", typeof(NodeDetail), NodeDetail.Parser),
        ("d7", typeof(HistoryQuery), HistoryQuery.Parser),
        ("d8", typeof(HistoryAnswer), HistoryAnswer.Parser),
        ("d9", typeof(EventsQuery), EventsQuery.Parser),
        ("d10", typeof(EventsAnswer), EventsAnswer.Parser),
        ("d11", typeof(QueryRefused), QueryRefused.Parser),
        ("d12", typeof(SetMaintenance), SetMaintenance.Parser),
        ("d13", typeof(ForgetNode), ForgetNode.Parser),
        ("d14", typeof(OperatorDone), OperatorDone.Parser),

        // anybody with a certificate <-> seed
        ("e1", typeof(CertificateWanted), CertificateWanted.Parser),
        ("e2", typeof(CertificateIssued), CertificateIssued.Parser),
    ];

    private static readonly FrozenDictionary<Type, string> Manifests =
        Registry.ToFrozenDictionary(r => r.Type, r => r.Manifest);

    private static readonly FrozenDictionary<string, MessageParser> Readers =
        Registry.ToFrozenDictionary(r => r.Manifest, r => r.Parser, StringComparer.Ordinal);

    /// <summary>Makes the serializer of this system.</summary>
    public MonitorSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <summary>What each program hands to its actor system, so that these messages cross wires and reach journals.</summary>
    public static SerializationSetup Setup { get; } = SerializationSetup.Create(system =>
    [
        SerializerDetails.Create("monitor", new MonitorSerializer(system), [.. Manifests.Keys]),
        SerializerDetails.Create("reject", new RejectSerializer(system), [typeof(object)]),
    ]);

    /// <summary>Every message type that may be sent to another process or persisted.</summary>
    public static IEnumerable<Type> Types => Manifests.Keys;

    /// <summary>Manifests that were written once, are read no more, and must not come back with another meaning.</summary>
    public static IReadOnlyList<string> Retired { get; } = [];

    /// <inheritdoc/>
    public override int Identifier => SerializerIdentifier;

    /// <inheritdoc/>
    public override string Manifest(object o) => ManifestOf(o.GetType());

    /// <summary>The manifest of a message type, as frames and rows carry it.</summary>
    /// <exception cref="SerializationException">It has none.</exception>
    public static string ManifestOf(Type type) =>
        Manifests.TryGetValue(type, out var manifest)
            ? manifest
            : throw new SerializationException($"{type} has no manifest in {nameof(MonitorSerializer)}");

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) =>
        obj is IMessage message
            ? message.ToByteArray()
            : throw new SerializationException($"{obj.GetType()} is not a protobuf message");

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        if (!Readers.TryGetValue(manifest, out var parser))
        {
            throw new SerializationException($"unknown manifest '{manifest}': written by a newer version?");
        }

        try
        {
            return parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new SerializationException($"malformed bytes for manifest '{manifest}': {e.Message}", e);
        }
    }
}

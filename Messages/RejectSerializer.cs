namespace ClusterMonitor.Messages;

/// <summary>
/// Bound to <c>object</c>, so that a message type which nobody registered is a clear error on both engines, instead of whatever
/// an engine would make of it by reflection.
/// </summary>
internal sealed class RejectSerializer : Serializer
{
    /// <summary>Makes the serializer of this system.</summary>
    public RejectSerializer(ExtendedActorSystem system)
        : base(system)
    {
    }

    /// <inheritdoc/>
    public override int Identifier => 4054;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => throw Refusal(obj.GetType());

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, Type type) => throw Refusal(type);

    private static NotSupportedException Refusal(Type? type) =>
        new($"{type} is not registered in {nameof(MonitorSerializer)}: it can neither be sent to another process nor be persisted");
}

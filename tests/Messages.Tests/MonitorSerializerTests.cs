using System.Reflection;
using System.Runtime.Serialization;
using Google.Protobuf;

namespace ClusterMonitor.Messages.Tests;

public sealed class MonitorSerializerTests
{
    private readonly MonitorSerializer _serializer = new(null!);

    [Fact]
    public void Every_message_that_is_not_part_of_another_is_registered()
    {
        var all = typeof(MonitorSerializer).Assembly.GetTypes()
            .Where(t => t is { IsClass: true, IsNested: false } && typeof(IMessage).IsAssignableFrom(t))
            .ToList();
        var parts = all.SelectMany(t => Descriptor(t).Fields.InDeclarationOrder())
            .Where(f => f.FieldType == Google.Protobuf.Reflection.FieldType.Message)
            .Select(f => f.MessageType.ClrType)
            .ToHashSet();
        // Said before there are actors at all: see enrolment.proto.
        Type[] frames = [typeof(EnrolmentGreeting), typeof(EnrolmentRequest), typeof(EnrolmentAnswer)];
        var forgotten = all.Except(MonitorSerializer.Types).Except(frames).Where(t => !parts.Contains(t));
        Assert.Empty(forgotten);
        Assert.NotEmpty(all);
    }

    [Fact]
    public void Each_type_has_a_manifest_of_its_own_that_was_never_used_before()
    {
        var manifests = MonitorSerializer.Types.Select(t => _serializer.Manifest(Activator.CreateInstance(t)!)).ToList();
        Assert.Equal(manifests.Count, manifests.Distinct().Count());
        Assert.Empty(manifests.Intersect(MonitorSerializer.Retired));
    }

    [Fact]
    public void Each_type_comes_back_as_itself()
    {
        foreach (var type in MonitorSerializer.Types)
        {
            var message = Activator.CreateInstance(type)!;
            var back = _serializer.FromBinary(_serializer.ToBinary(message), _serializer.Manifest(message));
            Assert.Equal(message, back);
            Assert.IsType(type, back);
        }
    }

    [Fact]
    public void Manifests_never_change_their_meaning()
    {
        // These are in journals and in agents of other versions: only add to this list.
        Assert.Equal("a1", _serializer.Manifest(new NodeHello()));
        Assert.Equal("a6", _serializer.Manifest(new LiveSample()));
        Assert.Equal("a7", _serializer.Manifest(new BlockOffered()));
        Assert.Equal("a8", _serializer.Manifest(new BlockAcked()));
        Assert.Equal("j1", _serializer.Manifest(new StateChanged()));
        Assert.Equal("j8", _serializer.Manifest(new BlockStored()));
        Assert.Equal("j10", _serializer.Manifest(new NodeSnapshot()));
    }

    [Fact]
    public void Unknown_manifests_and_broken_bytes_say_what_is_wrong()
    {
        Assert.Contains("zz", Assert.Throws<SerializationException>(() => _serializer.FromBinary([], "zz")).Message, StringComparison.Ordinal);
        Assert.Throws<SerializationException>(() => _serializer.FromBinary([0xff, 0xff, 0xff], "a1"));
        Assert.Throws<SerializationException>(() => _serializer.Manifest("text"));
    }

    private static Google.Protobuf.Reflection.MessageDescriptor Descriptor(Type type) =>
        (Google.Protobuf.Reflection.MessageDescriptor)type.GetProperty("Descriptor", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;
}

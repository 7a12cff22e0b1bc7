using System.Collections.Immutable;
using System.Text;

namespace EngineTests.Conformance;

public class SerializationSpec : TestKit
{
    public SerializationSpec()
        : base(ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString("akka.loglevel = INFO")),
            SerializationSetup.Create(sys => ImmutableHashSet.Create(
                SerializerDetails.Create("notes", new NoteSerializer(sys), ImmutableHashSet.Create(typeof(Note)))))))
    {
    }

    [Fact]
    public void A_message_goes_to_bytes_and_back_by_manifest()
    {
        var serializer = (SerializerWithStringManifest)Sys.Serialization.FindSerializerFor(new Note("hi"));
        Assert.Equal(9001, serializer.Identifier);
        var manifest = serializer.Manifest(new Note("hi"));
        var back = Sys.Serialization.Deserialize(serializer.ToBinary(new Note("hi")), 9001, manifest);
        Assert.Equal(new Note("hi"), back);
    }

    [Fact]
    public void Subtypes_use_the_serializer_of_their_base()
    {
        Assert.IsType<NoteSerializer>(Sys.Serialization.FindSerializerForType(typeof(LoudNote)));
    }

    [Fact]
    public void Bytes_have_a_serializer_of_their_own()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Equal(bytes, Sys.Serialization.FindSerializerFor(bytes).ToBinary(bytes));
    }

    private record Note(string Text);

    private sealed record LoudNote(string Text) : Note(Text);

    private sealed class NoteSerializer : SerializerWithStringManifest
    {
        public NoteSerializer(ExtendedActorSystem system)
            : base(system)
        {
        }

        public override int Identifier => 9001;

        public override string Manifest(object o) => "n";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Note)obj).Text);

        public override object FromBinary(byte[] bytes, string manifest) => new Note(Encoding.UTF8.GetString(bytes));
    }
}

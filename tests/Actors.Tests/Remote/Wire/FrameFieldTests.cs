using System.Buffers.Binary;
using Actors.Remoting;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Remote.Wire;

public sealed class FrameFieldTests
{
    private static readonly Gen<string> Texts =
        Gen.Elements("", "a", "/user/nodes", "akka.ssl.tcp://clustermonitor@10.0.0.5:4053", "Umlaut ä € 😀", new string('x', 900));

    private static readonly Gen<RefText> Refs =
        from owner in Gen.Elements(RefOwner.Writer, RefOwner.Reader, RefOwner.Third)
        from path in Texts
        select new RefText(owner, path);

    private static void Holds<T>(Gen<T> inputs, Func<T, bool> property, int tests = 500) =>
        Prop.ForAll(inputs.ToArbitrary(), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(tests));

    [Fact]
    public void A_hello_reads_back_as_it_was_written() => Holds(
        from origin in Texts
        from target in Texts
        from uid in Gen.Choose(int.MinValue, int.MaxValue)
        select new Hello(origin, uid * 4_294_967_311L, target, 4_096 + (uid & 0xFFFFFF)),
        hello => Hello.Read(Body(FrameKind.Hello, hello.Write)) == hello);

    [Fact]
    public void A_system_message_reads_back_as_it_was_written() => Holds(
        from type in Gen.Elements(Enum.GetValues<SystemFrameType>())
        from target in Refs
        from other in Gen.OneOf(Refs, Gen.Constant(RefText.None))
        from sequence in Gen.Choose(0, int.MaxValue)
        select (Frame: new SystemFrame(type, target, other), Sequence: (ulong)sequence * 5),
        input => SystemFrame.Read(Body(FrameKind.SystemMessage, b => input.Frame.Write(b, input.Sequence)), out var sequence) == input.Frame
            && sequence == input.Sequence);

    [Fact]
    public void A_goodbye_reads_back_without_what_could_harm_a_terminal()
    {
        var read = Goodbye.Read(Body(FrameKind.Disassociate, new Goodbye(DisassociateCode.Refused, "no\u001b[2J\nentry").Write));
        Assert.Equal(new Goodbye(DisassociateCode.Refused, "no [2J entry"), read);
    }

    [Fact]
    public void Any_number_reads_back_as_it_was_written() => Holds(
        from high in Gen.Choose(int.MinValue, int.MaxValue)
        from low in Gen.Choose(int.MinValue, int.MaxValue)
        from shift in Gen.Choose(0, 63)
        select (((ulong)(uint)high << 32) | (uint)low) >> shift,
        number =>
        {
            var buffer = new WireBuffer();
            buffer.Varint(number);
            return new WireReader(buffer.Written.Span).Varint() == number;
        });

    [Fact]
    public void Every_frame_cut_short_is_a_format_error()
    {
        var frames = new List<(byte[] Bytes, Action<byte[]> Read)>
        {
            (Body(FrameKind.Hello, new Hello("akka://a@b:1", 7, "akka://c@d:2", 128_000).Write), b => Hello.Read(b)),
            (Body(FrameKind.Disassociate, new Goodbye(DisassociateCode.Shutdown, "bye").Write), b => Goodbye.Read(b)),
            (Body(FrameKind.SystemMessage, b => new SystemFrame(SystemFrameType.Watch, new RefText(RefOwner.Reader, "/a"), new RefText(RefOwner.Writer, "/b")).Write(b, 300)), b => SystemFrame.Read(b, out _)),
        };
        foreach (var (bytes, read) in frames)
        {
            read(bytes);
            for (var length = 0; length < bytes.Length; length++)
            {
                Assert.Throws<FrameFormatException>(() => read(bytes[..length]));
            }
        }
    }

    [Fact]
    public void Garbage_never_does_worse_than_a_format_error() => Holds(
        Gen.OneOf(Gen.Choose(0, 255), Gen.Choose(0, 8)).Select(b => (byte)b).ArrayOf(60),
        bytes =>
        {
            var refs = new RefReadTable<string>();
            return Ends(() => Hello.Read(bytes)) && Ends(() => Goodbye.Read(bytes)) && Ends(() => SystemFrame.Read(bytes, out _)) && Ends(() =>
            {
                var reader = new WireReader(bytes);
                while (!reader.Rest.IsEmpty)
                {
                    refs.Read(ref reader);
                    reader.Int32();
                    reader.Sized(20);
                }
            });
        },
        20_000);

    [Fact]
    public void Another_protocol_and_another_version_are_told_apart()
    {
        Assert.Contains("doesn't speak", Assert.Throws<FrameFormatException>(() => Hello.Read("GET / HTTP/1.1\r\n\r\n"u8)).Message, StringComparison.Ordinal);

        var later = Body(FrameKind.Hello, new Hello("a", 1, "b", 128_000).Write);
        later[5] = 9;
        Assert.Contains("version 9", Assert.Throws<FrameFormatException>(() => Hello.Read(later)).Message, StringComparison.Ordinal);
    }

    /// <summary>The body of the one frame that was written.</summary>
    internal static byte[] Body(FrameKind kind, Action<WireBuffer> write)
    {
        var buffer = new WireBuffer();
        write(buffer);
        var bytes = buffer.Written.ToArray();
        Assert.Equal(bytes.Length - 4, BinaryPrimitives.ReadInt32LittleEndian(bytes));
        Assert.Equal((byte)kind, bytes[4]);
        return bytes[5..];
    }

    private static bool Ends(Action read)
    {
        try
        {
            read();
        }
        catch (FrameFormatException)
        {
            // The one way out.
        }

        return true;
    }
}

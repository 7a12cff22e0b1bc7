using System.Buffers.Binary;
using Actors.Remoting;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Remote.Wire;

public sealed class FrameAssemblerTests
{
    private const int Maximum = 70_000;

    private static readonly Gen<byte[]> Bodies =
        from size in Gen.OneOf(Gen.Choose(1, 40), Gen.Choose(1, 5_000), Gen.Choose(60_000, Maximum))
        from fill in Gen.Choose(0, 255)
        select Enumerable.Range(0, size).Select(i => (byte)(i + fill)).ToArray();

    private static void Holds<T>(Gen<T> inputs, Func<T, bool> property, int tests = 200) =>
        Prop.ForAll(inputs.ToArbitrary(), property).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(tests));

    [Fact]
    public void Frames_come_out_as_they_went_in_however_the_stream_is_cut() => Holds(
        from bodies in Bodies.ListOf(8)
        from cuts in Gen.OneOf(Gen.Choose(1, 7), Gen.Choose(1, 20_000)).ListOf(200)
        select (bodies, cuts),
        input =>
        {
            var stream = input.bodies.SelectMany(Framed).ToArray();
            return Read(new FrameAssembler(Maximum), stream, input.cuts).SequenceEqual(input.bodies.Select(Convert.ToHexString));
        });

    [Fact]
    public void Garbage_never_does_worse_than_a_format_error_and_never_takes_more_memory_than_a_frame_may() => Holds(
        from bytes in Gen.Choose(0, 255).Select(b => (byte)b).ArrayOf(3_000)
        from length in Gen.OneOf(Gen.Choose(0, 100), Gen.Choose(0, 200_000), Gen.Choose(int.MinValue, int.MaxValue))
        from cuts in Gen.Choose(1, 2_000).ListOf(100)
        select (bytes, length, cuts),
        input =>
        {
            var stream = new byte[input.bytes.Length + 4];
            BinaryPrimitives.WriteInt32LittleEndian(stream, input.length);
            input.bytes.CopyTo(stream, 4);
            var assembler = new FrameAssembler(Maximum);
            try
            {
                Read(assembler, stream, input.cuts);
            }
            catch (FrameFormatException)
            {
                // The one way out.
            }

            return assembler.Held <= 2 * 131_072;
        });

    [Fact]
    public void A_length_beyond_the_maximum_is_refused_before_anything_is_allocated_for_it()
    {
        var assembler = new FrameAssembler(1_000);
        var length = new byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(length, uint.MaxValue);

        var error = Assert.Throws<FrameFormatException>(() => Read(assembler, length, [4]));

        Assert.Equal("a frame of 4294967295 bytes where 1000 are allowed", error.Message);
        Assert.True(assembler.Held <= FrameAssembler.ReadSize);
    }

    [Fact]
    public void A_frame_of_exactly_the_maximum_passes_and_one_byte_more_does_not()
    {
        Assert.Single(Read(new FrameAssembler(1_000), Framed(new byte[1_000]), [7]));
        Assert.Throws<FrameFormatException>(() => Read(new FrameAssembler(1_000), Framed(new byte[1_001]), [7]));
    }

    [Fact]
    public void A_frame_of_no_bytes_is_refused() =>
        Assert.Throws<FrameFormatException>(() => Read(new FrameAssembler(1_000), new byte[4], [4]));

    [Fact]
    public void Memory_is_given_back_when_no_frame_is_waiting()
    {
        var assembler = new FrameAssembler(Maximum);
        Read(assembler, Framed(new byte[Maximum]), [5_000]);
        Assert.Equal(0, assembler.Held);
    }

    private static byte[] Framed(byte[] body)
    {
        var frame = new byte[body.Length + 4];
        BinaryPrimitives.WriteInt32LittleEndian(frame, body.Length);
        body.CopyTo(frame, 4);
        return frame;
    }

    /// <summary>Feeds the stream in pieces of these sizes, over and over, and answers the frames in hexadecimal.</summary>
    private static List<string> Read(FrameAssembler assembler, byte[] stream, IReadOnlyList<int> cuts)
    {
        var frames = new List<string>();
        var at = 0;
        for (var i = 0; at < stream.Length; i++)
        {
            var space = assembler.Space();
            Assert.False(space.IsEmpty);
            var count = Math.Min(Math.Min(cuts.Count == 0 ? 100 : cuts[i % cuts.Count], space.Length), stream.Length - at);
            stream.AsMemory(at, count).CopyTo(space);
            at += count;
            assembler.Received(count);
            while (assembler.TryNext(out var frame))
            {
                frames.Add(Convert.ToHexString(frame));
            }

            assembler.Rest();
        }

        return frames;
    }
}

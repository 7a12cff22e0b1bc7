using Actors.Remoting;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Remote.Wire;

public sealed class RefTableTests
{
    [Fact]
    public void Both_ends_agree_on_every_reference_however_many_share_a_slot() =>
        Prop.ForAll(
            Gen.Choose(-1, 999).ArrayOf(2_000).ToArbitrary(),
            picks =>
            {
                var names = Enumerable.Range(0, 1_000).Select(i => $"/user/actor-{i}").ToArray();
                var (writer, reader, buffer) = (new RefWriteTable<string>(), new RefReadTable<string>(), new WireBuffer());
                foreach (var pick in picks)
                {
                    writer.Write(buffer, pick < 0 ? null : names[pick], name => new RefText(RefOwner.Reader, name));
                }

                var wire = new WireReader(buffer.Written.Span);
                foreach (var pick in picks)
                {
                    var slot = reader.Read(ref wire);
                    if (pick < 0 ? slot != -1 : reader.Text(slot).Path != names[pick])
                    {
                        return false;
                    }
                }

                return wire.Rest.IsEmpty;
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(50));

    [Fact]
    public void A_reference_that_repeats_costs_at_most_two_bytes()
    {
        var (writer, buffer, name) = (new RefWriteTable<string>(), new WireBuffer(), "/user/somebody");
        writer.Write(buffer, name, n => new RefText(RefOwner.Reader, n));
        var first = buffer.Count;
        writer.Write(buffer, name, n => new RefText(RefOwner.Reader, n));
        Assert.InRange(buffer.Count - first, 1, 2);
    }

    [Fact]
    public void A_forgotten_definition_is_written_again()
    {
        var (writer, buffer, name) = (new RefWriteTable<string>(), new WireBuffer(), "/user/somebody");
        writer.Write(buffer, name, n => new RefText(RefOwner.Reader, n));
        buffer.Cut(0);
        writer.Forget(name);
        writer.Write(buffer, name, n => new RefText(RefOwner.Reader, n));

        var wire = new WireReader(buffer.Written.Span);
        var reader = new RefReadTable<string>();
        Assert.Equal(name, reader.Text(reader.Read(ref wire)).Path);
    }
}

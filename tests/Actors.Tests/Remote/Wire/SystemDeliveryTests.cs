using Actors.Remoting;
using FsCheck;
using FsCheck.Fluent;

namespace EngineTests.Remote.Wire;

public sealed class SystemDeliveryTests
{
    private static SystemFrame Numbered(int n) => new(SystemFrameType.Watch, new RefText(RefOwner.Reader, $"/{n}"), RefText.None);

    /// <summary>What can happen: a message is added, the link breaks (what is on its way is lost, or only its acknowledgement), one arrives, one is acknowledged.</summary>
    [Fact]
    public void Each_message_arrives_once_and_in_order_however_often_the_link_breaks() =>
        Prop.ForAll(
            Gen.Choose(0, 9).ArrayOf(300).ToArbitrary(),
            steps =>
            {
                var (outbox, inbox) = (new SystemOutbox(10_000), new SystemInbox());
                var wire = new Queue<(ulong, SystemFrame)>();
                var (sent, arrived) = (0, new List<string>());
                foreach (var step in steps.Append(4).Concat(Enumerable.Repeat(6, steps.Length)))
                {
                    switch (step)
                    {
                        case < 4:
                            var frame = Numbered(sent++);
                            Assert.True(outbox.TryAdd(frame, out var sequence));
                            wire.Enqueue((sequence, frame));
                            break;
                        case 4:
                            wire = new Queue<(ulong, SystemFrame)>(outbox.Unacknowledged());
                            break;
                        case < 8 when wire.TryDequeue(out var next):
                            if (inbox.Accept(next.Item1))
                            {
                                arrived.Add(next.Item2.Target.Path);
                            }

                            break;
                        default:
                            outbox.Acknowledge(inbox.Received);
                            break;
                    }
                }

                outbox.Acknowledge(inbox.Received);
                return outbox.Count == 0 && arrived.SequenceEqual(Enumerable.Range(0, sent).Select(i => $"/{i}"));
            }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));

    [Fact]
    public void A_gap_and_an_acknowledgement_of_what_was_never_sent_are_format_errors()
    {
        var (outbox, inbox) = (new SystemOutbox(10), new SystemInbox());
        Assert.True(inbox.Accept(1));
        Assert.Throws<FrameFormatException>(() => inbox.Accept(3));
        Assert.Throws<FrameFormatException>(() => outbox.Acknowledge(1));
    }

    [Fact]
    public void A_full_outbox_says_so()
    {
        var outbox = new SystemOutbox(2);
        Assert.True(outbox.TryAdd(Numbered(1), out _));
        Assert.True(outbox.TryAdd(Numbered(2), out _));
        Assert.False(outbox.TryAdd(Numbered(3), out _));
        outbox.Acknowledge(1);
        Assert.True(outbox.TryAdd(Numbered(3), out var sequence));
        Assert.Equal(3UL, sequence);
    }
}

using ClusterMonitor.Messages.Metrics;
using FsCheck;
using FsCheck.Fluent;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class OutboxTests
{
    private static readonly MetricSchema Two = Samples.Schema();

    [Fact]
    public void Ten_samples_make_a_block_and_sequences_begin_at_one()
    {
        var outbox = new Outbox(new OutboxLimits());
        var seals = Enumerable.Range(1, 25).Select(s => outbox.Add(Two, Samples.At(s))).ToList();
        Assert.Equal([10, 20], seals.Select((sealedOne, i) => (sealedOne, i)).Where(s => s.sealedOne).Select(s => s.i + 1));
        outbox.BeginSession(0, 10);
        Assert.True(outbox.TryNext(out var first));
        Assert.Equal((1, 1000, 10_000, 10), (first.Block!.Sequence, first.Block.FirstMs, first.Block.LastMs, first.Block.Samples));
        Assert.True(outbox.TryNext(out var second));
        Assert.Equal(2, second.Block!.Sequence);
        Assert.False(outbox.TryNext(out _));
    }

    [Fact]
    public void A_new_schema_a_clock_set_back_and_a_long_gap_each_seal_what_is_open()
    {
        var outbox = new Outbox(new OutboxLimits());
        outbox.Add(Two, Samples.At(100));
        Assert.True(outbox.Add(Samples.Schema(2, "other"), Samples.At(101)));
        Assert.True(outbox.Add(Samples.Schema(2, "other"), Samples.At(50)));
        Assert.True(outbox.Add(Samples.Schema(2, "other"), Samples.At(500)));
        Assert.Equal(3, outbox.Counters.Blocks);
    }

    [Fact]
    public void Nothing_is_sent_without_a_session_and_no_more_than_the_window_with_one()
    {
        var outbox = Filled(100);
        Assert.False(outbox.TryNext(out _));
        outbox.BeginSession(0, 3);
        Assert.Equal(3, Drain(outbox).Count);
        outbox.Acked(1);
        Assert.Equal([4L], Drain(outbox).Select(i => i.Block!.Sequence));
        outbox.EndSession();
        outbox.Acked(4);
        Assert.False(outbox.TryNext(out _));
    }

    [Fact]
    public void A_new_session_sends_again_from_the_first_block_that_is_not_committed()
    {
        var outbox = Filled(60);
        outbox.BeginSession(0, 4);
        Drain(outbox);
        outbox.BeginSession(2, 4);
        Assert.Equal([3L, 4L, 5L, 6L], Drain(outbox).Select(i => i.Block!.Sequence));
    }

    [Fact]
    public void An_ack_for_what_was_never_sent_loses_nothing()
    {
        var outbox = Filled(50);
        outbox.BeginSession(999, 2);
        Assert.Equal([1L, 2L], Drain(outbox).Select(i => i.Block!.Sequence));
        outbox.Acked(5);
        Assert.Equal(3, outbox.Counters.Blocks);
    }

    [Fact]
    public void A_full_outbox_turns_its_oldest_into_means_and_counts_them()
    {
        var outbox = new Outbox(new OutboxLimits(MaxBytes: 12_000, ThinBlocks: 6));
        for (var s = 1; s <= 1000; s++)
        {
            outbox.Add(Two, Samples.At(s));
        }

        var counters = outbox.Counters;
        Assert.InRange(counters.Bytes, 1, 12_000);
        Assert.True(counters.ThinnedSamples > 0);
        Assert.Equal(0, counters.ShedSamples);

        outbox.BeginSession(0, 1000);
        var items = Drain(outbox);
        var first = items.First(i => i.Block is not null).Block!;
        Assert.True(first.Thinned);
        var means = SampleBlock.Open(first.Bytes).ReadSamples();
        Assert.Equal([6, 100], means[0].Values);
        Assert.Equal(10_000, means[0].TimeMs);
        Assert.All(means, m => Assert.Equal(SampleFlags.Thinned, m.Flags));

        // 1000 seconds are all there: as they were, or as means of ten.
        Assert.Equal(1000, items.Where(i => i.Block is not null).Sum(i => i.Block!.Samples * (i.Block.Thinned ? 10 : 1)));
    }

    [Fact]
    public void When_nothing_is_left_to_thin_the_oldest_are_shed_and_the_seed_is_told_how_much()
    {
        var outbox = new Outbox(new OutboxLimits(MaxBytes: 3_000, ThinBlocks: 2));
        for (var s = 1; s <= 5000; s++)
        {
            outbox.Add(Two, Samples.At(s));
        }

        var counters = outbox.Counters;
        Assert.True(counters.ShedSamples > 0);
        Assert.InRange(counters.Bytes, 1, 3_000);
        outbox.BeginSession(0, 1000);
        var items = Drain(outbox);
        Assert.Equal(counters.ShedSamples, items.Sum(i => i.AbandonedSamples));
        Assert.Equal(500, items[^1].Block!.Sequence);
    }

    [Fact]
    public void Blocks_that_were_sent_once_are_never_thinned_since_the_seed_may_have_them()
    {
        var outbox = new Outbox(new OutboxLimits(MaxBytes: 6_000, ThinBlocks: 4));
        for (var s = 1; s <= 50; s++)
        {
            outbox.Add(Two, Samples.At(s));
        }

        outbox.BeginSession(0, 3);
        var sent = Drain(outbox).Select(i => i.Block!.Sequence).ToList();
        outbox.EndSession();
        for (var s = 51; s <= 500; s++)
        {
            outbox.Add(Two, Samples.At(s));
        }

        outbox.BeginSession(0, 1000);
        var again = Drain(outbox).Where(i => i.Block is not null).Select(i => i.Block!).ToList();
        Assert.All(again.Where(b => sent.Contains(b.Sequence)), b => Assert.False(b.Thinned));
        Assert.Equal(sent, again.Select(b => b.Sequence).Take(3));
    }

    [Fact]
    public void A_day_of_seconds_of_a_real_machines_metrics_fits_into_the_limit()
    {
        // What a block of 120 metrics takes at most (Messages.Tests prints 0.91 bytes per value), with its process table.
        var schema = Samples.Schema(1);
        var outbox = new Outbox(new OutboxLimits());
        outbox.Add(schema, Samples.At(1, 1));
        outbox.Flush();
        var overhead = outbox.Counters.Bytes;
        Assert.True((86_400 / 10) * (overhead + (long)(120 * 10 * 1.3)) < new OutboxLimits().MaxBytes, "a day would not fit");
    }

    [Fact]
    public void Whatever_happens_to_the_link_the_seed_gets_each_block_once_and_in_order()
    {
        Prop.ForAll(Steps().ToArbitrary(), steps =>
        {
            var outbox = new Outbox(new OutboxLimits(SamplesPerBlock: 2));
            var seed = new FakeSeed();
            var second = 0L;
            foreach (var step in steps)
            {
                Play(step, outbox, seed, ref second);
            }

            // In the end the link holds, and everything arrives.
            outbox.Flush();
            outbox.BeginSession(seed.Committed, 4);
            while (outbox.Counters.Blocks > 0)
            {
                foreach (var item in Drain(outbox))
                {
                    seed.Take(item);
                }

                seed.Commit(int.MaxValue);
                outbox.Acked(seed.Committed);
            }

            Assert.Equal(Enumerable.Range(1, (int)second).Select(s => s * 1000L), seed.Times);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void Whatever_happens_to_a_full_outbox_every_sample_is_delivered_or_in_a_mean_or_counted()
    {
        Prop.ForAll(Steps().ToArbitrary(), steps =>
        {
            var outbox = new Outbox(new OutboxLimits(SamplesPerBlock: 2, MaxBytes: 1600, ThinBlocks: 3, ThinFactor: 2));
            var seed = new FakeSeed();
            var second = 0L;
            foreach (var step in steps.Concat(steps).Concat(steps))
            {
                Play(step, outbox, seed, ref second);
            }

            outbox.Flush();
            outbox.BeginSession(seed.Committed, 1000);
            foreach (var item in Drain(outbox))
            {
                seed.Take(item);
            }

            seed.Commit(int.MaxValue);
            outbox.Acked(seed.Committed);
            Assert.Equal(0, outbox.Counters.Blocks);
            Assert.Equal(seed.Times.Order(), seed.Times);
            Assert.Equal(seed.Times.Distinct().Count(), seed.Times.Count);

            // What was shed may have been committed without its ack having come back.
            var counters = outbox.Counters;
            Assert.InRange(seed.Times.Count, second - counters.ThinnedSamples - counters.ShedSamples, second);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    private static void Play(Step step, Outbox outbox, FakeSeed seed, ref long second)
    {
        switch (step.Kind)
        {
            case 0:
                for (var i = 0; i < step.Amount; i++)
                {
                    second++;
                    outbox.Add(Two, Samples.At(second));
                }

                break;
            case 1:
                outbox.BeginSession(seed.Committed, step.Amount);
                seed.NewLink();
                break;
            case 2:
                outbox.EndSession();
                break;
            case 3:
                for (var i = 0; i < step.Amount && outbox.TryNext(out var item); i++)
                {
                    seed.Take(item);
                }

                break;
            case 4:
                // Sent, and lost on the way: the link breaks with it.
                outbox.TryNext(out _);
                outbox.EndSession();
                break;
            case 5:
                seed.Commit(step.Amount);
                break;
            default:
                outbox.Acked(seed.Committed);
                break;
        }
    }

    private static Gen<Step[]> Steps() =>
        (from kind in Gen.Choose(0, 6) from amount in Gen.Choose(1, 9) select new Step(kind, amount)).ArrayOf(60);

    private static Outbox Filled(int samples)
    {
        var outbox = new Outbox(new OutboxLimits());
        for (var s = 1; s <= samples; s++)
        {
            outbox.Add(Two, Samples.At(s));
        }

        return outbox;
    }

    private static List<OutboxItem> Drain(Outbox outbox)
    {
        var items = new List<OutboxItem>();
        while (outbox.TryNext(out var item))
        {
            items.Add(item);
        }

        return items;
    }

    private readonly record struct Step(int Kind, int Amount);

    /// <summary>Takes blocks as the protocol says: in order, each sequence once, what is abandoned is passed over.</summary>
    private sealed class FakeSeed
    {
        private readonly Queue<OutboxBlock> _received = new();
        private long _last;

        public long Committed { get; private set; }

        public List<long> Times { get; } = [];

        public void NewLink()
        {
            // What was received is committed in any case; only its ack may be lost.
            Commit(int.MaxValue);
        }

        public void Take(OutboxItem item)
        {
            if (item.Block is not { } block)
            {
                _last = Math.Max(_last, item.AbandonedUpTo);
                if (_received.Count == 0)
                {
                    Committed = Math.Max(Committed, _last);
                }
            }
            else if (block.Sequence == _last + 1)
            {
                _received.Enqueue(block);
                _last = block.Sequence;
            }
            else
            {
                Assert.True(block.Sequence <= _last, $"block {block.Sequence} came after {_last}");
            }
        }

        public void Commit(int count)
        {
            for (; count > 0 && _received.TryDequeue(out var block); count--)
            {
                Times.AddRange(SampleBlock.Open(block.Bytes).Times);
                Committed = block.Sequence;
            }
        }
    }
}

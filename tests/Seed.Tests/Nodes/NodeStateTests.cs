using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.Seed.Nodes;

namespace ClusterMonitor.Seed.Tests.Nodes;

public sealed class SequenceMarksTests
{
    [Fact]
    public void Blocks_are_stored_in_sequence_and_each_once()
    {
        var marks = new SequenceMarks(window: 4);
        Assert.Equal(BlockVerdict.Store, marks.Offer(7, 1));
        Assert.Equal(BlockVerdict.InFlight, marks.Offer(7, 1));
        Assert.Equal(BlockVerdict.OutOfOrder, marks.Offer(7, 3));
        Assert.Equal(BlockVerdict.Store, marks.Offer(7, 2));
        marks.Stored(7, 1, 1000);
        Assert.Equal(BlockVerdict.Acked, marks.Offer(7, 1));
        Assert.Equal(1, marks.Acked(7));
    }

    [Fact]
    public void No_more_than_the_window_is_in_flight()
    {
        var marks = new SequenceMarks(window: 2);
        Assert.Equal([BlockVerdict.Store, BlockVerdict.Store, BlockVerdict.OutOfOrder], new[] { 1L, 2, 3 }.Select(n => marks.Offer(7, n)));
        marks.Stored(7, 1, 1000);
        Assert.Equal(BlockVerdict.Store, marks.Offer(7, 3));
    }

    [Fact]
    public void What_the_agent_no_longer_has_is_passed_over()
    {
        var marks = new SequenceMarks(window: 4);
        marks.Abandon(7, 40);
        Assert.Equal(BlockVerdict.Store, marks.Offer(7, 41));
        marks.Abandon(7, 3);
        Assert.Equal(40, marks.Acked(7));
    }

    [Fact]
    public void What_is_gone_for_good_is_not_acked_before_what_was_offered_ahead_of_it_is_stored()
    {
        var marks = new SequenceMarks(window: 4);
        Assert.Equal([BlockVerdict.Store, BlockVerdict.Store], new[] { 1L, 2 }.Select(n => marks.Offer(7, n)));
        marks.Skip(7, 40);
        Assert.Equal(0, marks.Acked(7));
        Assert.Equal(BlockVerdict.Store, marks.Offer(7, 41));

        marks.Stored(7, 1, 1000);
        marks.Stored(7, 2, 2000);
        Assert.Equal(2, marks.Acked(7));
        marks.Abandon(7, 40);
        Assert.Equal(40, marks.Acked(7));
        Assert.Equal(
            [BlockVerdict.Store, BlockVerdict.Store, BlockVerdict.Store, BlockVerdict.OutOfOrder],
            new[] { 42L, 43, 44, 45 }.Select(n => marks.Offer(7, n)));
    }

    [Fact]
    public void Marks_survive_a_snapshot_and_old_incarnations_are_forgotten()
    {
        var marks = new SequenceMarks(window: 4);
        for (var incarnation = 1UL; incarnation <= 20; incarnation++)
        {
            marks.Stored(incarnation, (long)incarnation, 1000);
        }

        var again = new SequenceMarks(window: 4);
        again.Restore(marks.All);

        Assert.Equal(16, again.All.Count());
        Assert.Equal(0, again.Acked(1));
        Assert.Equal(20, again.Acked(20));
        Assert.Equal(BlockVerdict.Store, again.Offer(20, 21));
    }
}

public sealed class HotIndexTests
{
    private static HotIndex Day(int blocks)
    {
        var index = new HotIndex();
        for (var i = 0; i < blocks; i++)
        {
            index.Add(i + 1, i * 10_000, (i * 10_000) + 9_000, i * 10_000, 100);
        }

        return index;
    }

    [Fact]
    public void A_day_takes_some_three_hundred_entries()
    {
        var index = Day(8640);
        Assert.InRange(index.Entries.Count, 280, 300);
        Assert.Equal((8640L, 864_000L), (index.Blocks, index.Bytes));
        Assert.Equal((0L, 86_399_000L), (index.FirstMs, index.LastMs));
    }

    [Fact]
    public void A_span_is_found_with_little_around_it()
    {
        var range = Assert.Single(Day(8640).Find(1_000_000, 1_100_000, 8640));
        Assert.True(range.From <= 101 && range.To >= 110, $"{range}");
        Assert.InRange(range.To - range.From, 9, 60);
    }

    [Fact]
    public void Every_block_of_any_span_is_found()
    {
        var dice = new Random(11);
        var index = new HotIndex();
        var blocks = new List<(long Nr, long First, long Last)>();
        var time = 0L;
        for (var nr = 1L; nr <= 3000; nr++)
        {
            // Backlogs, gaps and clocks that step back.
            time = dice.Next(20) == 0 ? dice.Next(50_000_000) : time + 10_000;
            blocks.Add((nr, time, time + 9_000));
            index.Add(nr, time, time + 9_000, nr, 1);
        }

        for (var i = 0; i < 200; i++)
        {
            long from = dice.Next(50_000_000);
            var to = from + dice.Next(1, 1_000_000);
            var found = index.Find(from, to, 3000);
            Assert.All(blocks.Where(b => b.Last >= from && b.First < to), b => Assert.Contains(found, r => r.From <= b.Nr && b.Nr <= r.To));
        }
    }

    [Fact]
    public void Only_what_came_before_the_horizon_is_old()
    {
        var index = Day(90);
        Assert.Equal(0, index.OlderThan(0));
        Assert.Equal(30, index.OlderThan(300_000));
        Assert.Equal(0, index.OlderThan(long.MaxValue));
        index.Forget(30);
        Assert.Equal(31, index.Entries[0].SequenceNr);
        Assert.Equal(60, index.Blocks);
    }

    [Fact]
    public void It_stays_small_whatever_clocks_do()
    {
        var index = new HotIndex();
        for (var nr = 1; nr <= 20_000; nr++)
        {
            index.Add(nr, (20_000 - nr) * 10_000L, ((20_000 - nr) * 10_000L) + 9_000, nr, 1);
        }

        Assert.InRange(index.Entries.Count, 1, 4096);
        Assert.Equal(20_000, index.Blocks);
        Assert.Contains(index.Find(0, 9_000, 20_000), r => r.To == 20_000);
    }
}

public sealed class LiveTailTests
{
    private static LiveEntry Live(ulong incarnation, long n, MetricSchema? schema = null) => new(incarnation, schema ?? NodeData.Schema, NodeData.Sample(n));

    [Fact]
    public void A_stored_block_takes_its_samples_out()
    {
        var tail = new LiveTail();
        for (var n = 0; n < 15; n++)
        {
            tail.Add(Live(7, n));
        }

        tail.Cover(7, NodeData.T0, NodeData.T0 + 9_000);
        tail.Add(Live(7, 5));

        Assert.Equal(NodeData.Samples(10, 5).Select(s => s.TimeMs), tail.Entries.Select(e => e.Sample.TimeMs));
    }

    [Fact]
    public void A_repeated_sample_counts_once()
    {
        var tail = new LiveTail();
        tail.Add(Live(7, 1));
        tail.Add(Live(7, 1));
        Assert.Single(tail.Entries);
    }

    [Fact]
    public void The_rest_of_an_incarnation_is_sealed_bit_for_bit()
    {
        var tail = new LiveTail();
        tail.Add(Live(6, 0));
        for (var n = 1; n <= 5; n++)
        {
            tail.Add(Live(7, n));
        }

        var block = Assert.Single(tail.Seal("n1", 7));
        var samples = SampleBlock.Open(block.Block.Memory).ReadSamples();

        Assert.Equal((NodeData.T0 + 1000, NodeData.T0 + 5000, 5), (block.FirstMs, block.LastMs, block.Samples));
        Assert.Equal(NodeData.Samples(1, 5).SelectMany(s => s.Values), samples.SelectMany(s => s.Values));
    }

    [Fact]
    public void A_new_schema_or_a_clock_that_steps_back_begins_a_new_block()
    {
        var other = new MetricSchema(NodeData.Schema.Descriptors.Reverse());
        var tail = new LiveTail();
        tail.Add(Live(7, 10));
        tail.Add(Live(7, 11, other));
        tail.Add(Live(7, 3, other));

        Assert.Equal([1, 1, 1], tail.Seal("n1", 7).Select(b => b.Samples));
        Assert.Empty(tail.Seal("n1", 8));
    }

    [Fact]
    public void It_keeps_ten_minutes_at_most()
    {
        var tail = new LiveTail();
        for (var n = 0; n < 1000; n++)
        {
            tail.Add(Live(7, n));
        }

        Assert.Equal(LiveTail.Most, tail.Entries.Count);
        Assert.Equal(NodeData.T0 + 999_000, tail.Entries[^1].Sample.TimeMs);
    }
}

public sealed class LiveGateTests
{
    [Fact]
    public void A_burst_passes_and_a_flood_is_held_to_its_rate()
    {
        var gate = new LiveGate();
        var passed = 0;
        for (var ms = 0L; ms < 10_000; ms += 10)
        {
            passed += gate.TryPass(ms) ? 1 : 0;
        }

        Assert.InRange(passed, 45, 51);
    }

    [Fact]
    public void One_a_second_always_passes()
    {
        var gate = new LiveGate();
        Assert.All(Enumerable.Range(0, 1000), s => Assert.True(gate.TryPass(s * 1000L)));
    }

    [Fact]
    public void It_says_when_the_next_may_pass()
    {
        var gate = new LiveGate();
        while (gate.TryPass(5000))
        {
        }

        Assert.False(gate.TryPass(gate.NextMs - 1));
        Assert.True(gate.TryPass(gate.NextMs));
    }
}

public sealed class HelloRulesTests
{
    private static NodeHello Good() => new() { NodeId = "a-B_9", Name = "web-1", Incarnation = 1, Schema = NodeData.Schema.ToProto() };

    [Fact]
    public void A_plain_hello_is_fine() => Assert.Null(HelloRules.Problem(Good()));

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("$a")]
    [InlineData("ä")]
    [InlineData("a\n")]
    [InlineData("0123456789012345678901234567890123456789012345678901234567890123x")]
    public void A_node_id_that_is_no_name_of_an_actor_is_refused(string id)
    {
        var hello = Good();
        hello.NodeId = id;
        Assert.Contains("node id", HelloRules.Problem(hello));
    }

    [Fact]
    public void Texts_that_are_too_long_are_refused()
    {
        var name = Good();
        name.Name = new string('x', 129);
        var label = Good();
        label.Labels["k"] = new string('x', 257);
        var metric = Good();
        metric.Schema.Descriptors[0].Name = new string('x', 300);
        Assert.All([name, label, metric], h => Assert.NotNull(HelloRules.Problem(h)));
    }
}

public sealed class SchemaPoolTests
{
    [Fact]
    public void Equal_schemas_of_many_nodes_are_kept_once()
    {
        var pool = new SchemaPool();
        var first = pool.Read(NodeData.Schema.ToProto());
        Assert.Same(first, pool.Read(NodeData.Schema.ToProto()));
        Assert.NotSame(first, pool.Read(new MetricSchema(NodeData.Schema.Descriptors.Reverse()).ToProto()));
    }

    [Fact]
    public void A_schema_with_a_false_hash_is_malformed()
    {
        var proto = NodeData.Schema.ToProto();
        proto.Hash++;
        Assert.Throws<InvalidDataException>(() => new SchemaPool().Read(proto));
    }
}

using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;
using FsCheck;
using FsCheck.Fluent;
using Xunit.Abstractions;

namespace ClusterMonitor.Messages.Tests;

public sealed class SampleBlockTests(ITestOutputHelper output)
{
    [Fact]
    public void Any_samples_come_back_as_they_were()
    {
        Prop.ForAll(Blocks().ToArbitrary(), block => AssertSame(block.Samples, SampleBlock.Open(SampleBlock.Encode(block.Schema, block.Samples)).ReadSamples()))
            .Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(500));
    }

    [Fact]
    public void Any_column_can_be_read_by_itself_in_any_order()
    {
        Prop.ForAll(Blocks().ToArbitrary(), block =>
        {
            var reader = SampleBlock.Open(SampleBlock.Encode(block.Schema, block.Samples));
            var column = new long[reader.Count];
            foreach (var c in Enumerable.Range(0, reader.Columns).OrderBy(c => (c * 7919) % 31))
            {
                reader.ReadColumn(c, column);
                Assert.Equal(block.Samples.Select(s => s.Values[c]), column);
            }

            Assert.Equal(block.Schema.Hash, reader.SchemaHash);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(60)]
    [InlineData(600)]
    public void A_real_recording_comes_back_and_its_size_is_printed(int perBlock)
    {
        var recording = Recording.Load();
        long bytes = 0;
        foreach (var samples in recording.Samples.Chunk(perBlock))
        {
            var block = SampleBlock.Encode(recording.Schema, samples);
            bytes += block.Length;
            AssertSame(samples, SampleBlock.Open(block).ReadSamples());
        }

        var started = TimeProvider.System.GetTimestamp();
        for (var round = 0; round < 10; round++)
        {
            foreach (var samples in recording.Samples.Chunk(perBlock))
            {
                SampleBlock.Encode(recording.Schema, samples);
            }
        }

        var microseconds = TimeProvider.System.GetElapsedTime(started).TotalMicroseconds / 10 / recording.Samples.Length;
        output.WriteLine($"{microseconds:F1} us to encode one second");
        var values = recording.Samples.Length * recording.Schema.Count;
        output.WriteLine($"{perBlock} samples a block: {(double)bytes / values:F3} bytes per value, {bytes} bytes");
        Assert.True(bytes < 2L * values, "twice the expected size");
    }

    [Fact]
    public void Values_at_the_edges_of_a_long_survive()
    {
        long[] edges = [long.MaxValue, long.MinValue + 1, 0, -1, 1, long.MaxValue, MetricValue.Missing, 1L << 62, -(1L << 62), (1L << 62) - 1, long.MinValue + 1, long.MaxValue];
        var schema = SchemaOf(edges.Length);
        Sample[] samples = [.. Enumerable.Range(0, edges.Length).Select(i => new Sample(i, [.. edges.Select((_, c) => edges[(i + c) % edges.Length])], []))];
        AssertSame(samples, SampleBlock.Open(SampleBlock.Encode(schema, samples)).ReadSamples());
    }

    [Fact]
    public void A_block_of_steady_counters_takes_a_few_bytes_a_column()
    {
        var schema = SchemaOf(100);
        Sample[] samples = [.. Enumerable.Range(0, 10).Select(i => new Sample(1_700_000_000_000 + (i * 1000), [.. Enumerable.Range(0, 100).Select(c => 1000L * c * i)], []))];
        Assert.InRange(SampleBlock.Encode(schema, samples).Length, 1, 700);
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_noticed()
    {
        var block = SampleBlock.Encode(SchemaOf(5), Ramp(5, 10));
        for (var bit = 0; bit < block.Length * 8; bit++)
        {
            var damaged = block.ToArray();
            damaged[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.Throws<InvalidDataException>(() => SampleBlock.Open(damaged).ReadSamples());
        }
    }

    [Fact]
    public void Hostile_bytes_with_a_good_checksum_give_an_error_or_samples_and_nothing_else()
    {
        var random = new Random(4053);
        var good = SampleBlock.Encode(SchemaOf(20), Ramp(20, 70))[..^SampleBlock.ChecksumBytes];
        var refused = 0;
        for (var round = 0; round < 20_000; round++)
        {
            var body = good[..random.Next(2, good.Length + 1)];
            for (var flips = random.Next(1, 8); flips > 0; flips--)
            {
                body[random.Next(1, body.Length)] ^= (byte)(1 << random.Next(8));
            }

            try
            {
                SampleBlock.Open(SampleBlock.WithChecksum(body)).ReadSamples();
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        Assert.True(refused > 10_000, $"only {refused} of 20000 were refused");
    }

    [Fact]
    public void A_short_block_that_claims_millions_is_refused_before_anything_is_allocated()
    {
        var bits = new BitWriter();
        bits.Write(SampleBlock.Version1, 8);
        bits.Write(0, 8);
        bits.Write(1, 64);
        bits.WriteNumber(SampleBlock.MaxSamples);
        bits.WriteNumber(MetricSchema.MaxColumns);
        bits.Write(0, 64);
        var block = SampleBlock.WithChecksum(bits.WrittenBytes());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => SampleBlock.Open(block));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 1, 0, 0 })]
    [InlineData(new byte[] { 9, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    public void What_is_no_block_is_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => SampleBlock.Open(bytes));

    [Fact]
    public void Samples_that_do_not_ascend_or_do_not_fit_the_schema_are_not_sealed()
    {
        Assert.Throws<ArgumentException>(() => SampleBlock.Encode(SchemaOf(1), [new Sample(2, [1], []), new Sample(2, [1], [])]));
        Assert.Throws<ArgumentException>(() => SampleBlock.Encode(SchemaOf(2), [new Sample(2, [1], [])]));
        Assert.Throws<ArgumentException>(() => SampleBlock.Encode(SchemaOf(1), []));
    }

    [Fact]
    public void Blocks_of_version_1_written_long_ago_still_decode()
    {
        var (schema, samples) = WireFixture();
        foreach (var (name, part) in new[] { ("small", samples[..10]), ("indexed", samples) })
        {
            var stored = File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Fixtures", "wire", $"sampleblock-v1-{name}.bin"));
            var reader = SampleBlock.Open(stored);
            Assert.Equal(schema.Hash, reader.SchemaHash);
            AssertSame(part, reader.ReadSamples());
        }
    }

    /// <summary>What the files in Fixtures/wire hold: every form of column, flags, gaps and processes with odd names.</summary>
    internal static (MetricSchema Schema, Sample[] Samples) WireFixture()
    {
        var schema = SchemaOf(8);
        var samples = Enumerable.Range(0, 80).Select(i => new Sample(
            1_700_000_000_000 + (i * 1000L) + (i > 40 ? 3000 : 0),
            [
                0,
                -77,
                i % 5 == 0 ? MetricValue.Missing : 4096L * ((i * i) % 17),
                MetricValue.Missing,
                1_000_000 + (i * 250L),
                i * (long)i * i,
                i == 33 ? 1L << 40 : i % 3,
                (i * 7919 % 101) - 50,
            ],
            i % 4 == 3 ? [] : [new ProcessSample(1, "init", i % 3, 4096L * i, 1), new ProcessSample(100 + (i / 10), "日本 (x)\n", 10_000 - i, 1L << 33, 64)],
            i % 9 == 8 ? SampleFlags.Late : SampleFlags.None));
        return (schema, [.. samples]);
    }

    private static void AssertSame(IReadOnlyList<Sample> expected, IReadOnlyList<Sample> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (var i = 0; i < expected.Count; i++)
        {
            Assert.Equal(expected[i].TimeMs, actual[i].TimeMs);
            Assert.Equal(expected[i].Flags, actual[i].Flags);
            Assert.Equal(expected[i].Values, actual[i].Values);
            Assert.Equal(expected[i].Processes.AsEnumerable(), actual[i].Processes.AsEnumerable());
        }
    }

    private static MetricSchema SchemaOf(int columns) =>
        new(Enumerable.Range(0, columns).Select(c => MetricDescriptor.Of($"m{c}", "1", MetricKind.Gauge, 0)));

    private static Sample[] Ramp(int columns, int samples) =>
        [.. Enumerable.Range(0, samples).Select(i => new Sample(i * 1000, [.. Enumerable.Range(0, columns).Select(c => (long)i * c * c)], [new ProcessSample(7, "p", i, i, 1)]))];

    private static Gen<(MetricSchema Schema, Sample[] Samples)> Blocks() =>
        from columns in Gen.Choose(0, 12)
        from count in Gen.Frequency((4, Gen.Choose(1, 12)), (1, Gen.Choose(60, 90)))
        from values in Column(count).ListOf(columns)
        from steps in Gen.Frequency((3, Gen.Constant(1000)), (1, Gen.Choose(1, 100_000))).ArrayOf(count)
        from flags in Gen.Elements(SampleFlags.None, SampleFlags.None, SampleFlags.Late, SampleFlags.Thinned).ArrayOf(count)
        from processes in Processes().ArrayOf(count)
        let times = steps.Select((_, i) => 1_700_000_000_000L + steps.Take(i).Sum(s => (long)s)).ToArray()
        select (SchemaOf(columns), Enumerable.Range(0, count).Select(i => new Sample(times[i], [.. values.Select(v => v[i])], processes[i], flags[i])).ToArray());

    // What sources give: constants, levels, counters with spikes and resets, sparse columns, and anything at all.
    private static Gen<long[]> Column(int count)
    {
        var anything = ArbMap.Default.GeneratorFor<DoNotSize<long>>().Select(v => v.Item);
        var level = Gen.Choose(-1000, 1000).Select(v => (long)v);
        var multiple = Gen.Choose(0, 1000).Select(v => v * 4096L);
        var counter = Gen.Frequency((8, Gen.Choose(0, 100)), (1, Gen.Choose(0, int.MaxValue))).ArrayOf(count)
            .Select(d => d.Select((_, i) => d.Take(i + 1).Sum(v => (long)v)).ToArray());
        var sparse = Gen.Frequency((3, Gen.Constant(MetricValue.Missing)), (1, level));
        return Gen.OneOf(anything.ArrayOf(count), level.ArrayOf(count), multiple.ArrayOf(count), counter, sparse.ArrayOf(count), anything.Select(v => Enumerable.Repeat(v, count).ToArray()));
    }

    private static Gen<ImmutableArray<ProcessSample>> Processes()
    {
        var process =
            from pid in Gen.Choose(1, 40)
            from name in Gen.Elements("init", "dotnet", "a b", "日本", "x)y(", "")
            from cpu in Gen.Choose(0, 20_000)
            from resident in Gen.Choose(0, int.MaxValue)
            from threads in Gen.Choose(1, 300)
            select new ProcessSample(pid, name, cpu, resident * 4096L, threads);
        return from n in Gen.Choose(0, 5) from list in process.ArrayOf(n) select list.ToImmutableArray();
    }
}

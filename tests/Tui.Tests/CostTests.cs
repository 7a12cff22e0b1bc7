using Xunit.Abstractions;

namespace ClusterMonitor.Tui.Tests;

/// <summary>What a second of the dashboard costs, with 1,000 nodes all of whose numbers change.</summary>
public sealed class CostTests(ITestOutputHelper output)
{
    private const int Nodes = 1000;
    private const int Seconds = 30;

    [Theory]
    [InlineData(120, 40, nameof(ColourDepth.Xterm256), 9_000)]
    [InlineData(80, 24, nameof(ColourDepth.Xterm256), 5_000)]
    [InlineData(120, 40, nameof(ColourDepth.TrueColour), 13_000)]
    [InlineData(120, 40, nameof(ColourDepth.None), 7_000)]
    public void A_second_is_few_bytes_and_few_objects(int width, int height, string depthName, int most)
    {
        var depth = Enum.Parse<ColourDepth>(depthName);
        var time = new ManualTime(SampleFleet.Now);
        var theme = new Theme(depth, GlyphTier.Full);
        var state = SampleFleet.State(theme, time, Nodes);
        var screen = new Screen(width, height);
        var writer = new AnsiWriter(depth, utf8: true);
        var bytes = Draw();
        output.WriteLine($"first frame {bytes} bytes");
        long sum = 0, allocated = 0;
        for (var second = 1; second <= Seconds; second++)
        {
            time.Now += TimeSpan.FromSeconds(1);
            Update.Apply(state, new FleetArrived(SampleFleet.NextSecond(Nodes, second)));
            var before = GC.GetAllocatedBytesForCurrentThread();
            sum += Draw();
            allocated += second > 5 ? GC.GetAllocatedBytesForCurrentThread() - before : 0;
        }

        output.WriteLine($"{width}x{height} {depth}: {sum / Seconds} bytes and {allocated / (Seconds - 5)} bytes allocated per frame");
        Assert.InRange(sum / Seconds, 1, most);
        Assert.InRange(allocated / (Seconds - 5), 0, 8_000);

        int Draw()
        {
            writer.Reset();
            Page.Draw(screen, state, theme);
            writer.Frame(screen);
            return writer.Bytes.Length;
        }
    }
}

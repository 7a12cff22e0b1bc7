using System.Globalization;
using System.IO.Compression;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Messages.Tests;

/// <summary>Ten minutes of 118 metrics of a real machine, one row per second.</summary>
internal sealed class Recording
{
    private Recording(MetricSchema schema, Sample[] samples)
    {
        Schema = schema;
        Samples = samples;
    }

    public MetricSchema Schema { get; }

    public Sample[] Samples { get; }

    public static Recording Load()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "Fixtures", "recording", "node-10min.csv.gz"));
        using var text = new StreamReader(new GZipStream(file, CompressionMode.Decompress));
        var head = text.ReadLine()!.Split(',')[1..];
        var rows = new List<string[]>();
        while (text.ReadLine() is { } line)
        {
            rows.Add(line.Split(','));
        }

        // Fixed decimals of at most two places, as the kernel prints them.
        var scales = Enumerable.Range(1, head.Length).Select(c => rows.Any(r => r[c].Contains('.', StringComparison.Ordinal)) ? -2 : 0).ToArray();
        var schema = new MetricSchema(head.Select((h, c) => MetricDescriptor.Of(
            h.Split(':')[0], "1", h.EndsWith(":c", StringComparison.Ordinal) ? MetricKind.Counter : MetricKind.Gauge, scales[c])));
        var samples = rows.Select(r => new Sample(
            long.Parse(r[0], CultureInfo.InvariantCulture),
            [.. r.Skip(1).Select((v, c) => (long)(decimal.Parse(v, CultureInfo.InvariantCulture) * (scales[c] == 0 ? 1 : 100)))],
            []));
        return new Recording(schema, [.. samples]);
    }
}

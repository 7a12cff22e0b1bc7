using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Time that tasks waited for CPU, I/O and memory: /proc/pressure/*, see the kernel's accounting/psi.</summary>
internal sealed class PressureCollector(string proc) : ICollector
{
    private static readonly string[] Resources = ["cpu", "io", "memory"];

    private readonly KernelFile[] _files = [.. Resources.Select(r => new KernelFile($"{proc}/pressure/{r}"))];
    private readonly Pressure[] _last = new Pressure[Resources.Length];

    public string Name => "pressure";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } =
    [
        .. Resources.SelectMany(r => new[] { "some", "full" }.Select(type =>
            MetricDescriptor.Of("system.linux.psi.time", "s", MetricKind.Counter, -6, ("resource", r), ("type", type)))),
    ];

    /// <summary>
    /// "some avg10=0.00 avg60=0.00 avg300=0.00 total=123" and a line "full …", which older kernels lack for cpu; the totals are microseconds.
    /// </summary>
    public static Pressure Parse(ReadOnlySpan<byte> text)
    {
        var pressure = new Pressure(MetricValue.Missing, MetricValue.Missing);
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            var type = line.NextWord();
            var at = line.Rest.LastIndexOf("total="u8);
            if (at < 0)
            {
                continue;
            }

            var total = new KernelText(line.Rest[(at + 6)..]).NextNumber();
            if (type.SequenceEqual("some"u8))
            {
                pressure = pressure with { Some = total };
            }
            else if (type.SequenceEqual("full"u8))
            {
                pressure = pressure with { Full = total };
            }
        }

        return pressure;
    }

    public void Read(in CollectorTick tick)
    {
        for (var r = 0; r < _files.Length; r++)
        {
            _last[r] = Parse(_files[r].Read());
        }
    }

    public void Write(Span<long> values)
    {
        for (var r = 0; r < _last.Length; r++)
        {
            values[2 * r] = _last[r].Some;
            values[(2 * r) + 1] = _last[r].Full;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files)
        {
            file.Dispose();
        }
    }
}

/// <summary>Microseconds since boot in which some, or all, non-idle tasks waited.</summary>
internal readonly record struct Pressure(long Some, long Full);

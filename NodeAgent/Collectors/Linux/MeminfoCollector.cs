using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>Memory and swap: /proc/meminfo, see proc_meminfo(5).</summary>
/// <remarks>
/// "Used" is what cannot be had without swapping: total - available, as free(1) counts it. The states add up to the total:
/// cached is the page cache that the kernel would give back.
/// </remarks>
internal sealed class MeminfoCollector(string proc) : ICollector
{
    private readonly KernelFile _file = new($"{proc}/meminfo");
    private Meminfo _last;

    public string Name => "meminfo";

    public ImmutableArray<MetricDescriptor> Descriptors { get; } =
    [
        Bytes("system.memory.limit"),
        Bytes("system.memory.usage", ("state", "used")),
        Bytes("system.memory.usage", ("state", "free")),
        Bytes("system.memory.usage", ("state", "buffers")),
        Bytes("system.memory.usage", ("state", "cached")),
        MetricDescriptor.Of("system.memory.utilization", "1", MetricKind.Gauge, -4, ("state", "used")),
        Bytes("system.linux.memory.available"),
        Bytes("system.linux.memory.dirty"),
        Bytes("system.linux.memory.shared"),
        Bytes("system.linux.memory.slab.usage", ("state", "reclaimable")),
        Bytes("system.linux.memory.slab.usage", ("state", "unreclaimable")),
        Bytes("system.paging.usage", ("state", "used")),
        Bytes("system.paging.usage", ("state", "free")),
        MetricDescriptor.Of("system.paging.utilization", "1", MetricKind.Gauge, -4, ("state", "used")),
    ];

    /// <summary>Lines of "Key:   number kB". What a kernel does not tell is missing.</summary>
    public static Meminfo Parse(ReadOnlySpan<byte> text)
    {
        var info = Meminfo.Nothing;
        var lines = new KernelText(text);
        while (lines.NextLine(out var line))
        {
            if (!line.NextUntil((byte)':', out var key))
            {
                continue;
            }

            var bytes = Math.Min(line.NextNumber(), long.MaxValue / 1024) * 1024;
            info = key switch
            {
                _ when key.SequenceEqual("MemTotal"u8) => info with { Total = bytes },
                _ when key.SequenceEqual("MemFree"u8) => info with { Free = bytes },
                _ when key.SequenceEqual("MemAvailable"u8) => info with { Available = bytes },
                _ when key.SequenceEqual("Buffers"u8) => info with { Buffers = bytes },
                _ when key.SequenceEqual("Cached"u8) => info with { Cached = bytes },
                _ when key.SequenceEqual("Dirty"u8) => info with { Dirty = bytes },
                _ when key.SequenceEqual("Shmem"u8) => info with { Shared = bytes },
                _ when key.SequenceEqual("SReclaimable"u8) => info with { Reclaimable = bytes },
                _ when key.SequenceEqual("SUnreclaim"u8) => info with { Unreclaimable = bytes },
                _ when key.SequenceEqual("SwapTotal"u8) => info with { SwapTotal = bytes },
                _ when key.SequenceEqual("SwapFree"u8) => info with { SwapFree = bytes },
                _ => info,
            };
        }

        // Kernels before 3.14 do not say what is available.
        return info.Available != MetricValue.Missing ? info : info with { Available = Known(info.Free) + Known(info.Buffers) + Known(info.Cached) - Known(info.Shared) };
    }

    public void Read(in CollectorTick tick)
    {
        _last = Parse(_file.Read());
        if (_last.Total <= 0)
        {
            throw new InvalidDataException($"{_file.Path} does not say MemTotal");
        }
    }

    public void Write(Span<long> values)
    {
        var used = Math.Clamp(_last.Total - _last.Available, 0, _last.Total);
        values[0] = _last.Total;
        values[1] = used;
        values[2] = _last.Free;
        values[3] = _last.Buffers;
        values[4] = Math.Max(0, _last.Total - used - Known(_last.Free) - Known(_last.Buffers));
        values[5] = Share(used, _last.Total);
        values[6] = _last.Available;
        values[7] = _last.Dirty;
        values[8] = _last.Shared;
        values[9] = _last.Reclaimable;
        values[10] = _last.Unreclaimable;

        var hasSwap = _last.SwapTotal > 0;
        var swapUsed = Math.Max(0, _last.SwapTotal - Known(_last.SwapFree));
        values[11] = hasSwap ? swapUsed : MetricValue.Missing;
        values[12] = hasSwap ? _last.SwapFree : MetricValue.Missing;
        values[13] = hasSwap ? Share(swapUsed, _last.SwapTotal) : MetricValue.Missing;
    }

    public void Dispose() => _file.Dispose();

    /// <summary>A part of a whole in 1/10000.</summary>
    public static long Share(long part, long whole) =>
        whole <= 0 ? MetricValue.Missing : (long)Math.Round((double)part / whole * 10_000, MidpointRounding.AwayFromZero);

    private static long Known(long value) => value == MetricValue.Missing ? 0 : value;

    private static MetricDescriptor Bytes(string name, params ReadOnlySpan<(string Key, string Value)> attributes) =>
        MetricDescriptor.Of(name, "By", MetricKind.Gauge, 0, attributes);
}

/// <summary>What /proc/meminfo says, in bytes.</summary>
internal readonly record struct Meminfo(
    long Total,
    long Free,
    long Available,
    long Buffers,
    long Cached,
    long Dirty,
    long Shared,
    long Reclaimable,
    long Unreclaimable,
    long SwapTotal,
    long SwapFree)
{
    /// <summary>A file that says nothing.</summary>
    public static Meminfo Nothing { get; } = new(
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing,
        MetricValue.Missing);
}

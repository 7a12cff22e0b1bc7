using System.Collections.Immutable;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>
/// The rows of a list of devices that come and go: each has a name and as many counters. Reading the same devices again
/// allocates nothing; <see cref="EndRead"/> tells when they are not the same.
/// </summary>
internal sealed class DeviceTable(int width)
{
    private readonly List<byte[]> _names = [];
    private readonly List<string> _labels = [];
    private long[] _values = [];
    private int _count;
    private bool _changed;

    /// <summary>Number of devices.</summary>
    public int Count => _count;

    /// <summary>The device's name as text: clean, and unlike any other of this table.</summary>
    public string Label(int device) => _labels[device];

    /// <summary>The device's counters.</summary>
    public ReadOnlySpan<long> Values(int device) => _values.AsSpan(device * width, width);

    /// <summary>Begins anew; the rows follow in the kernel's order.</summary>
    public void BeginRead()
    {
        _count = 0;
        _changed = false;
    }

    /// <summary>Adds a row and gives the place of its counters.</summary>
    public Span<long> Add(ReadOnlySpan<byte> name)
    {
        if (_count == _names.Count || !name.SequenceEqual(_names[_count]))
        {
            _names.RemoveRange(_count, _names.Count - _count);
            _labels.RemoveRange(_count, _labels.Count - _count);
            _names.Add(name.ToArray());
            _labels.Add(Unlike(KernelText.CleanName(name), _labels));
            _changed = true;
        }

        _count++;
        if (_values.Length < _count * width)
        {
            Array.Resize(ref _values, Math.Max(_values.Length * 2, _count * width));
        }

        return _values.AsSpan((_count - 1) * width, width);
    }

    /// <summary>The name of a row read so far, as the kernel wrote it.</summary>
    public ReadOnlySpan<byte> RawName(int device) => _names[device];

    /// <summary>Ends reading. True when the devices are not those of the read before.</summary>
    public bool EndRead()
    {
        _changed |= _count != _names.Count;
        _names.RemoveRange(_count, _names.Count - _count);
        _labels.RemoveRange(_count, _labels.Count - _count);
        return _changed;
    }

    /// <summary>The columns of all devices, device by device.</summary>
    public ImmutableArray<MetricDescriptor> Describe(Func<string, IEnumerable<MetricDescriptor>> columnsOf) =>
        [.. _labels.SelectMany(columnsOf)];

    /// <summary>A text that is not among those taken: with "#2", "#3", … behind it if need be.</summary>
    public static string Unlike(string text, IReadOnlyCollection<string> taken)
    {
        var candidate = text;
        for (var n = 2; taken.Contains(candidate); n++)
        {
            candidate = $"{text}#{n}";
        }

        return candidate;
    }
}

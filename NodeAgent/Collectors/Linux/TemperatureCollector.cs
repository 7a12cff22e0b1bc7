using System.Collections.Immutable;
using System.Globalization;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>
/// Temperatures: /sys/class/hwmon/hwmon*/temp*_input (kernel: hwmon/sysfs-interface), and where there are none, /sys/class/thermal/thermal_zone*/temp.
/// Reading some sensors takes milliseconds, so they are read every 5 s, and sensors are looked for once a minute. A machine without any
/// (most virtual ones) has no columns; that is no failure.
/// </summary>
internal sealed class TemperatureCollector(string sys) : ICollector
{
    private const int ReadEvery = 5;
    private const int SearchEvery = 60;

    private readonly List<(string Path, KernelFile File)> _sensors = [];
    private long[] _milliCelsius = [];
    private long _next;
    private long _nextSearch;

    public string Name => "temperature";

    public ImmutableArray<MetricDescriptor> Descriptors { get; private set; } = [];

    /// <summary>Thousandths of a degree Celsius, one signed number.</summary>
    public static long Parse(ReadOnlySpan<byte> text)
    {
        var word = new KernelText(text).NextWord();
        return System.Buffers.Text.Utf8Parser.TryParse(word, out long value, out var length) && length == word.Length ? value : MetricValue.Missing;
    }

    public void Read(in CollectorTick tick)
    {
        if (tick.Number < _next)
        {
            return;
        }

        if (tick.Number >= _nextSearch)
        {
            Search();
            _nextSearch = tick.Number + SearchEvery;
        }

        _next = tick.Number + ReadEvery;
        for (var s = 0; s < _sensors.Count; s++)
        {
            try
            {
                _milliCelsius[s] = Parse(_sensors[s].File.Read());
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A sensor that sleeps (a disk in standby) or is gone has no value; the search finds out which.
                _milliCelsius[s] = MetricValue.Missing;
            }
        }
    }

    public void Write(Span<long> values) => _milliCelsius.CopyTo(values);

    public void Dispose()
    {
        foreach (var (_, file) in _sensors)
        {
            file.Dispose();
        }

        _sensors.Clear();
    }

    private void Search()
    {
        var found = FindHwmon().ToList();
        if (found.Count == 0)
        {
            found = [.. FindZones()];
        }

        if (found.Select(s => s.Path).SequenceEqual(_sensors.Select(s => s.Path)))
        {
            return;
        }

        Dispose();
        var labels = new List<string>();
        foreach (var (path, chip, sensor) in found)
        {
            var unlike = DeviceTable.Unlike($"{chip} {sensor}", labels);
            labels.Add(unlike);
            _sensors.Add((path, new KernelFile(path)));
        }

        _milliCelsius = new long[found.Count];
        Descriptors = [.. labels.Select(l => MetricDescriptor.Of("hw.temperature", "Cel", MetricKind.Gauge, -3, ("sensor", l)))];
    }

    private IEnumerable<(string Path, string Chip, string Sensor)> FindHwmon()
    {
        foreach (var chip in Folders($"{sys}/class/hwmon", "hwmon*"))
        {
            var name = Text(Path.Combine(chip, "name")) ?? Path.GetFileName(chip);
            foreach (var input in Directory.GetFiles(chip, "temp*_input").OrderBy(NumberIn))
            {
                var sensor = Path.GetFileName(input)[..^"_input".Length];
                yield return (input, name, Text(Path.Combine(chip, sensor + "_label")) ?? sensor);
            }
        }
    }

    private IEnumerable<(string Path, string Chip, string Sensor)> FindZones() =>
        Folders($"{sys}/class/thermal", "thermal_zone*")
            .Where(z => File.Exists(Path.Combine(z, "temp")))
            .Select(z => (Path.Combine(z, "temp"), Path.GetFileName(z), Text(Path.Combine(z, "type")) ?? "temp"));

    private static IEnumerable<string> Folders(string parent, string pattern) =>
        Directory.Exists(parent) ? Directory.GetDirectories(parent, pattern).OrderBy(NumberIn) : [];

    private static int NumberIn(string path) =>
        int.TryParse(new string([.. Path.GetFileName(path).Where(char.IsAsciiDigit)]), NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;

    private static string? Text(string path)
    {
        try
        {
            using var file = new KernelFile(path);
            var text = KernelText.CleanName(file.Read().Trim(" \n"u8), 60);
            return text.Length == 0 ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null; // not every chip and sensor has one
        }
    }
}

using System.Collections.Immutable;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>How the numbers of a metric behave over time.</summary>
public enum MetricKind
{
    /// <summary>A level: the value says it all.</summary>
    Gauge,

    /// <summary>A running total, monotonic until its source restarts; what people want is its rate.</summary>
    Counter,
}

/// <summary>
/// One column of a sample: an OpenTelemetry metric name with one set of attributes.
/// Every source that is read gives integers or fixed decimals, so a value is an integer times a power of ten, and nothing is lost.
/// </summary>
/// <param name="Name">OpenTelemetry semantic-convention name, such as <c>system.cpu.utilization</c>.</param>
/// <param name="Unit">UCUM unit as OpenTelemetry writes it: <c>1</c>, <c>By</c>, <c>s</c>, <c>Cel</c>, <c>{packet}</c>.</param>
/// <param name="Kind">Gauge or counter.</param>
/// <param name="Scale">Decimal exponent: value = stored integer × 10^<paramref name="Scale"/>.</param>
/// <param name="Attributes">Attribute keys and values, in the order of the keys.</param>
public sealed record MetricDescriptor(
    string Name,
    string Unit,
    MetricKind Kind,
    int Scale,
    ImmutableArray<KeyValuePair<string, string>> Attributes)
{
    /// <summary>Makes a descriptor; the attributes are put in the order of their keys.</summary>
    public static MetricDescriptor Of(string name, string unit, MetricKind kind, int scale, params ReadOnlySpan<(string Key, string Value)> attributes)
    {
        var sorted = attributes.ToArray()
            .OrderBy(a => a.Key, StringComparer.Ordinal)
            .Select(a => KeyValuePair.Create(a.Key, a.Value))
            .ToImmutableArray();
        return new MetricDescriptor(name, unit, kind, scale, sorted);
    }

    /// <summary>The stored integer as a number in <see cref="Unit"/>; NaN for <see cref="MetricValue.Missing"/>.</summary>
    public double ToDouble(long stored) => MetricValue.ToDouble(stored, Scale);

    /// <summary>The value of an attribute, or null.</summary>
    public string? Attribute(string key)
    {
        foreach (var attribute in Attributes)
        {
            if (attribute.Key == key)
            {
                return attribute.Value;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public bool Equals(MetricDescriptor? other) =>
        other is not null && Name == other.Name && Unit == other.Unit && Kind == other.Kind && Scale == other.Scale
        && Attributes.AsSpan().SequenceEqual(other.Attributes.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Name, StringComparer.Ordinal);
        foreach (var attribute in Attributes)
        {
            hash.Add(attribute.Value, StringComparer.Ordinal);
        }

        return hash.ToHashCode();
    }

    /// <summary><c>name{key=value,…}</c>.</summary>
    public override string ToString() =>
        Attributes.IsEmpty ? Name : $"{Name}{{{string.Join(",", Attributes.Select(a => $"{a.Key}={a.Value}"))}}}";
}

/// <summary>The stored form of one value.</summary>
public static class MetricValue
{
    /// <summary>Stands for "not measured at this time".</summary>
    public const long Missing = long.MinValue;

    private static readonly double[] PowersOfTen = [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12];

    /// <summary>The stored integer × 10^<paramref name="scale"/> (−12…12); NaN for <see cref="Missing"/>.</summary>
    public static double ToDouble(long stored, int scale)
    {
        if (stored == Missing)
        {
            return double.NaN;
        }

        // Dividing by an exact power gives the nearest double to the decimal; multiplying by 0.01 would not.
        return scale < 0 ? stored / PowersOfTen[-scale] : stored * PowersOfTen[scale];
    }
}

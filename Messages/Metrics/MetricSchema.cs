using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>The columns of a sample, in order. Two schemas with the same columns have the same <see cref="Hash"/>.</summary>
public sealed class MetricSchema
{
    /// <summary>The most columns a schema may have; more is refused as hostile.</summary>
    public const int MaxColumns = 20_000;

    private readonly Dictionary<MetricDescriptor, int> _index;

    /// <summary>Makes a schema of these columns.</summary>
    /// <exception cref="ArgumentException">Two columns have the same name and attributes, or there are more than <see cref="MaxColumns"/>.</exception>
    public MetricSchema(IEnumerable<MetricDescriptor> descriptors)
    {
        Descriptors = [.. descriptors];
        if (Descriptors.Length > MaxColumns)
        {
            throw new ArgumentException($"a schema has at most {MaxColumns} columns, not {Descriptors.Length}", nameof(descriptors));
        }

        _index = new Dictionary<MetricDescriptor, int>(Descriptors.Length);
        for (var i = 0; i < Descriptors.Length; i++)
        {
            if (Math.Abs(Descriptors[i].Scale) > 12)
            {
                throw new ArgumentException($"{Descriptors[i]} has scale {Descriptors[i].Scale}; -12 to 12 is allowed", nameof(descriptors));
            }

            if (!_index.TryAdd(Descriptors[i], i))
            {
                throw new ArgumentException($"{Descriptors[i]} stands twice in the schema", nameof(descriptors));
            }
        }

        Hash = ComputeHash(Descriptors);
    }

    /// <summary>A schema without columns.</summary>
    public static MetricSchema Empty { get; } = new([]);

    /// <summary>The columns.</summary>
    public ImmutableArray<MetricDescriptor> Descriptors { get; }

    /// <summary>Number of columns.</summary>
    public int Count => Descriptors.Length;

    /// <summary>The first 8 bytes (little endian) of the SHA-256 of the columns' canonical text; what blocks and live samples name.</summary>
    public ulong Hash { get; }

    /// <summary>The column of this descriptor, or -1.</summary>
    public int IndexOf(MetricDescriptor descriptor) => _index.GetValueOrDefault(descriptor, -1);

    /// <summary>As the wire and the journal carry it.</summary>
    public SchemaAnnounced ToProto()
    {
        var proto = new SchemaAnnounced { Hash = Hash };
        foreach (var descriptor in Descriptors)
        {
            proto.Descriptors.Add(ToProto(descriptor));
        }

        return proto;
    }

    /// <summary>Reads a schema that came over the wire.</summary>
    /// <exception cref="InvalidDataException">It is malformed, or its hash is not that of its columns.</exception>
    public static MetricSchema FromProto(SchemaAnnounced proto)
    {
        MetricSchema schema;
        try
        {
            schema = new MetricSchema(proto.Descriptors.Select(FromProto));
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("malformed schema: " + e.Message, e);
        }

        return schema.Hash == proto.Hash
            ? schema
            : throw new InvalidDataException($"schema hash {proto.Hash:x16} is not that of its columns, {schema.Hash:x16}");
    }

    /// <summary>One column as the wire carries it.</summary>
    public static MetricDescriptorProto ToProto(MetricDescriptor descriptor)
    {
        var proto = new MetricDescriptorProto
        {
            Name = descriptor.Name,
            Unit = descriptor.Unit,
            Kind = descriptor.Kind == MetricKind.Counter ? MetricKindProto.MetricKindCounter : MetricKindProto.MetricKindGauge,
            Scale = descriptor.Scale,
        };
        foreach (var attribute in descriptor.Attributes)
        {
            proto.Attributes.Add(new MetricAttribute { Key = attribute.Key, Value = attribute.Value });
        }

        return proto;
    }

    /// <summary>One column as the wire carried it.</summary>
    public static MetricDescriptor FromProto(MetricDescriptorProto proto) => new(
        proto.Name,
        proto.Unit,
        proto.Kind == MetricKindProto.MetricKindCounter ? MetricKind.Counter : MetricKind.Gauge,
        proto.Scale,
        [.. proto.Attributes.Select(a => KeyValuePair.Create(a.Key, a.Value))]);

    private static ulong ComputeHash(ImmutableArray<MetricDescriptor> descriptors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var descriptor in descriptors)
        {
            Append(descriptor.Name);
            Append(descriptor.Unit);
            Append(descriptor.Kind == MetricKind.Counter ? "c" : "g");
            Append(descriptor.Scale.ToString(System.Globalization.CultureInfo.InvariantCulture));
            foreach (var attribute in descriptor.Attributes)
            {
                Append(attribute.Key);
                Append(attribute.Value);
            }

            hash.AppendData("\n"u8);
        }

        return BinaryPrimitives.ReadUInt64LittleEndian(hash.GetHashAndReset());

        void Append(string text)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(text));
            hash.AppendData("\0"u8);
        }
    }
}

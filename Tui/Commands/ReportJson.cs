using System.Text.Json;
using ClusterMonitor.Messages;

namespace ClusterMonitor.Tui;

/// <summary>The JSON that scripts read; its shapes are a contract (docs). NaN is null, times are ISO 8601 UTC with milliseconds.</summary>
internal static class ReportJson
{
    /// <summary>The whole fleet.</summary>
    public static void WriteStatus(Utf8JsonWriter json, FleetState fleet)
    {
        json.WriteStartObject();
        WriteTime(json, "time", fleet.TimeMs);
        json.WriteStartObject("seed");
        json.WriteString("name", fleet.Seed.Name);
        json.WriteString("address", HostPortOf(fleet.Seed.Address));
        json.WriteString("version", fleet.Seed.Version);
        json.WriteEndObject();
        json.WriteStartArray("nodes");
        foreach (var row in fleet.Rows.Order(Comparer<FleetRow>.Create((a, b) => NaturalOrder.Compare(a.Name, b.Name))))
        {
            WriteNode(json, row);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One series of history.</summary>
    public static void WriteHistory(Utf8JsonWriter json, HistoryAnswer answer, HistorySeries series)
    {
        json.WriteStartObject();
        json.WriteString("node", answer.Node);
        json.WriteString("metric", series.Selector?.Metric ?? "");
        json.WriteStartObject("attributes");
        foreach (var attribute in (series.Selector?.Attributes ?? []).OrderBy(a => a.Key, StringComparer.Ordinal))
        {
            json.WriteString(attribute.Key, attribute.Value);
        }

        json.WriteEndObject();
        json.WriteString("unit", series.Unit);
        WriteNumber(json, "step_s", answer.StepMs / 1000.0);
        json.WriteStartArray("points");
        for (var i = 0; i < series.TimeMs.Count; i++)
        {
            json.WriteStartArray();
            json.WriteNumberValue(series.TimeMs[i]);
            WriteNumberValue(json, series.Min[i]);
            WriteNumberValue(json, series.Avg[i]);
            WriteNumberValue(json, series.Max[i]);
            json.WriteEndArray();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>One transition, or one refused claim (<c>to</c> is then <c>refused</c>).</summary>
    public static void WriteEvent(Utf8JsonWriter json, EventLine line)
    {
        json.WriteStartObject();
        WriteTime(json, "time", line.TimeMs);
        json.WriteString("node", line.Name);
        if (line.Refused)
        {
            json.WriteNull("from");
            json.WriteString("to", "refused");
        }
        else
        {
            json.WriteString("from", Format.State(line.From));
            json.WriteString("to", Format.State(line.To));
        }

        json.WriteString("reason", line.Reason);
        json.WriteEndObject();
    }

    /// <summary>The part of an actor system's address that people know: host and port.</summary>
    public static string HostPortOf(string address) => address[(address.LastIndexOf('@') + 1)..];

    private static void WriteNode(Utf8JsonWriter json, FleetRow row)
    {
        var (identity, standing) = (row.Identity, row.Standing);
        json.WriteStartObject();
        json.WriteString("name", row.Name);
        json.WriteString("id", row.Id);
        json.WriteString("address", HostPortOf(identity.Address));
        json.WriteString("state", Format.State(row.State));
        WriteTime(json, "since", standing.SinceMs);
        json.WriteString("reason", standing.Reason);
        WriteTime(json, "last_sample", row.Vitals.TimeMs);

        // 64 bits do not survive as a number in every reader of JSON.
        json.WriteString("incarnation", identity.Incarnation.ToString("x16", System.Globalization.CultureInfo.InvariantCulture));
        json.WriteStartObject("labels");
        foreach (var label in identity.Labels.OrderBy(l => l.Key, StringComparer.Ordinal))
        {
            json.WriteString(label.Key, label.Value);
        }

        json.WriteEndObject();
        json.WriteString("agent_version", identity.AgentVersion);
        json.WriteString("os", identity.Os);
        WriteMetrics(json, row);
        json.WriteStartObject("availability");
        WriteNumber(json, "1h", standing.Availability1H);
        WriteNumber(json, "24h", standing.Availability24H);
        WriteNumber(json, "7d", standing.Availability7D);
        WriteNumber(json, "30d", standing.Availability30D);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteMetrics(Utf8JsonWriter json, FleetRow row)
    {
        var (vitals, known) = (row.Vitals, row.HasNumbers);
        json.WriteStartObject("metrics");
        Level("cpu", vitals.Cpu);
        Level("mem", vitals.Memory);
        Level("swap", vitals.Swap);
        Level("disk", vitals.Disk);
        Rate("rx_bytes_per_s", vitals.RxBytesPerS);
        Rate("tx_bytes_per_s", vitals.TxBytesPerS);
        Rate("read_bytes_per_s", vitals.ReadBytesPerS);
        Rate("write_bytes_per_s", vitals.WriteBytesPerS);
        Level("load1", vitals.Load1);
        json.WriteEndObject();

        // As a float, or 0.1 would be written as the double next to it.
        void Level(string name, float value)
        {
            json.WritePropertyName(name);
            if (known && float.IsFinite(value))
            {
                json.WriteNumberValue(value);
            }
            else
            {
                json.WriteNullValue();
            }
        }

        void Rate(string name, double value) => WriteNumber(json, name, known ? Math.Round(value, 3) : double.NaN);
    }

    private static void WriteTime(Utf8JsonWriter json, string name, long ms)
    {
        if (ms <= 0)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteString(name, DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture));
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double value)
    {
        json.WritePropertyName(name);
        WriteNumberValue(json, value);
    }

    private static void WriteNumberValue(Utf8JsonWriter json, double value)
    {
        if (double.IsFinite(value))
        {
            json.WriteNumberValue(value);
        }
        else
        {
            json.WriteNullValue();
        }
    }
}

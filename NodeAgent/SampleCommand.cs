using System.Globalization;
using System.Text;
using System.Text.Json;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent;

/// <summary><c>NodeAgent sample</c>: what this machine would report, without a seed.</summary>
internal static class SampleCommand
{
    /// <summary>Samples once a second, and writes each as a table or as one line of JSON.</summary>
    /// <param name="context">Where to write, and the clock.</param>
    /// <param name="count">How often.</param>
    /// <param name="json">Machine readable.</param>
    /// <param name="stop">Ends it early.</param>
    public static async Task Run(ProgramContext context, int count, bool json, CancellationToken stop)
    {
        using var collectors = new CollectorSet(CollectorCatalog.All(), context.Time, context.Complain);

        // Shares and rates need two looks; the first is not shown.
        var before = collectors.Collect();
        for (var n = 0; n < count && !stop.IsCancellationRequested; n++)
        {
            var timestamp = context.Time.GetTimestamp();
            await Task.Delay(TimeSpan.FromSeconds(1), context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stop.IsCancellationRequested)
            {
                return;
            }

            var now = collectors.Collect();
            var time = context.Time.GetUtcNow();
            var seconds = context.Time.GetElapsedTime(timestamp).TotalSeconds;
            await context.Out.WriteAsync(json ? Json(time, now) + "\n" : Table(time, before, now, seconds)).ConfigureAwait(false);
            await context.Out.FlushAsync(CancellationToken.None).ConfigureAwait(false);
            before = now;
        }
    }

    /// <summary>One line per metric: name, attributes, value with its unit; of counters the total and the rate.</summary>
    public static string Table(DateTimeOffset time, in CollectedValues before, in CollectedValues now, double seconds)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}  {now.Schema.Count} metrics, schema {now.Schema.Hash:x16}\n");
        for (var c = 0; c < now.Values.Length; c++)
        {
            var metric = now.Schema.Descriptors[c];
            var attributes = string.Join(" ", metric.Attributes.Select(a => $"{a.Key}={a.Value}"));
            text.Append(CultureInfo.InvariantCulture, $"  {metric.Name,-34} {attributes,-52} {Value(metric, now.Values[c]),20} {metric.Unit,-12}");
            if (metric.Kind == MetricKind.Counter)
            {
                text.Append(Rate(metric, before, now.Values[c], seconds));
            }

            text.Length -= TrailingSpaces(text);
            text.Append('\n');
        }

        foreach (var p in now.Processes)
        {
            text.Append(CultureInfo.InvariantCulture, $"  process {p.Pid,8} {p.Name,-16} cpu {p.CpuPermyriad / 100.0,7:F2} %  resident {p.ResidentBytes / 1048576.0,9:F1} MiB  threads {p.Threads}\n");
        }

        return text.ToString();
    }

    /// <summary>One JSON object on one line; values that were not measured are null.</summary>
    public static string Json(DateTimeOffset time, in CollectedValues now)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
            json.WriteStartArray("metrics");
            for (var c = 0; c < now.Values.Length; c++)
            {
                WriteMetric(json, now.Schema.Descriptors[c], now.Values[c]);
            }

            json.WriteEndArray();
            json.WriteStartArray("processes");
            foreach (var p in now.Processes)
            {
                json.WriteStartObject();
                json.WriteNumber("pid", p.Pid);
                json.WriteString("name", p.Name);
                json.WriteNumber("cpu", p.CpuPermyriad / 10_000.0);
                json.WriteNumber("resident_bytes", p.ResidentBytes);
                json.WriteNumber("threads", p.Threads);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static void WriteMetric(Utf8JsonWriter json, MetricDescriptor metric, long value)
    {
        json.WriteStartObject();
        json.WriteString("name", metric.Name);
        json.WriteStartObject("attributes");
        foreach (var attribute in metric.Attributes)
        {
            json.WriteString(attribute.Key, attribute.Value);
        }

        json.WriteEndObject();
        json.WriteString("unit", metric.Unit);
        json.WriteString("kind", metric.Kind == MetricKind.Counter ? "counter" : "gauge");
        if (value == MetricValue.Missing)
        {
            json.WriteNull("value");
        }
        else
        {
            json.WriteNumber("value", metric.ToDouble(value));
        }

        json.WriteEndObject();
    }

    private static string Value(MetricDescriptor metric, long value) =>
        value == MetricValue.Missing ? "-" : metric.ToDouble(value).ToString($"F{Math.Max(0, -metric.Scale)}", CultureInfo.InvariantCulture);

    private static string Rate(MetricDescriptor metric, in CollectedValues before, long value, double seconds)
    {
        var column = before.Schema.IndexOf(metric);
        return column < 0 || value == MetricValue.Missing || before.Values[column] == MetricValue.Missing || value < before.Values[column] || seconds <= 0
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $"{metric.ToDouble(value - before.Values[column]) / seconds,16:F2} /s");
    }

    private static int TrailingSpaces(StringBuilder text)
    {
        var count = 0;
        while (count < text.Length && text[text.Length - 1 - count] == ' ')
        {
            count++;
        }

        return count;
    }
}

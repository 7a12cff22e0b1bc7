using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes.History;

/// <summary>A question that has no answer as it was asked.</summary>
internal sealed class QueryRefusedException(QueryRefused refusal) : Exception(refusal.Text)
{
    /// <summary>What the asker is told.</summary>
    public QueryRefused Refusal { get; } = refusal;

    /// <summary>A refusal in words.</summary>
    public static QueryRefusedException Because(QueryRefusal reason, string text) => new(new QueryRefused { Reason = reason, Text = text });
}

/// <summary>
/// What a selector means for one schema: which columns, and whether they are summed. Attributes left out are filled in as the metric's
/// meaning has it: CPU is busy in total, a utilisation is the used part, I/O is the sum over devices. Pure.
/// </summary>
internal static class SeriesPlan
{
    private static readonly string[] Additive = ["system.network.", "system.disk.io", "system.disk.operations", "system.disk.merged", "system.paging.operations", "system.paging.faults"];

    /// <summary>The columns whose sum answers the selector; none if this schema does not have it.</summary>
    /// <exception cref="QueryRefusedException">More than one set of attributes fits, and their sum would mean nothing.</exception>
    public static int[] Columns(MetricSchema schema, MetricSelector selector)
    {
        var fitting = Enumerable.Range(0, schema.Count).Where(i => Fits(schema.Descriptors[i], selector)).ToList();
        if (fitting.Count <= 1)
        {
            return [.. fitting];
        }

        bool Left(string key) => !selector.Attributes.ContainsKey(key);
        string? Of(int column, string key) => schema.Descriptors[column].Attribute(key);

        if (selector.Metric == "system.cpu.utilization")
        {
            fitting = Left("cpu") && fitting.Any(i => Of(i, "cpu") is null) ? [.. fitting.Where(i => Of(i, "cpu") is null)] : fitting;
            var oneCore = fitting.Select(i => Of(i, "cpu")).Distinct().Count() == 1;
            return oneCore && Left("state")
                ? [.. fitting.Where(i => Of(i, "state") is not ("idle" or "iowait"))]
                : Single(schema, selector, fitting);
        }

        if (Left("state") && fitting.Any(i => Of(i, "state") == "used"))
        {
            fitting = [.. fitting.Where(i => Of(i, "state") == "used")];
        }

        if (IsAdditive(schema.Descriptors[fitting[0]]))
        {
            // What a machine says to itself is no traffic.
            var outside = Left("device") ? fitting.Where(i => Of(i, "device") != "lo").ToList() : fitting;
            return [.. outside.Count > 0 ? outside : fitting];
        }

        return Single(schema, selector, fitting);
    }

    /// <summary>What a metric's points are measured in.</summary>
    public static string Unit(MetricDescriptor metric) =>
        metric.Kind != MetricKind.Counter ? metric.Unit : metric.Unit == "s" ? "1" : metric.Unit + "/s";

    /// <summary>Refuses selectors that no schema knows.</summary>
    /// <exception cref="QueryRefusedException">The metric, or a metric with these attributes, is unknown.</exception>
    public static MetricDescriptor FirstFitting(IEnumerable<MetricSchema> schemas, MetricSelector selector)
    {
        var all = schemas.SelectMany(s => s.Descriptors).ToList();
        if (all.FirstOrDefault(d => Fits(d, selector)) is { } found)
        {
            return found;
        }

        var named = all.Where(d => d.Name == selector.Metric).Distinct().ToList();
        if (named.Count > 0)
        {
            var refusal = Refusal(QueryRefusal.UnknownMetric, $"no {selector.Metric} with {Words(selector)} on this node", named);
            throw new QueryRefusedException(refusal);
        }

        var near = all.Select(d => d.Name).Distinct().Where(n => IsNear(n, selector.Metric)).Order(StringComparer.Ordinal).Take(5).ToList();
        var hint = near.Count > 0 ? $"; it has {string.Join(", ", near)}" : "";
        throw QueryRefusedException.Because(QueryRefusal.UnknownMetric, $"this node has no metric '{Shown(selector.Metric)}'{hint}");
    }

    private static int[] Single(MetricSchema schema, MetricSelector selector, List<int> fitting)
    {
        if (fitting.Count == 1)
        {
            return [fitting[0]];
        }

        var text = $"{selector.Metric} has {fitting.Count} sets of attributes that fit, and their sum means nothing: choose one with --attr";
        throw new QueryRefusedException(Refusal(QueryRefusal.Ambiguous, text, fitting.Select(i => schema.Descriptors[i])));
    }

    private static QueryRefused Refusal(QueryRefusal reason, string text, IEnumerable<MetricDescriptor> choices)
    {
        var refusal = new QueryRefused { Reason = reason, Text = text };
        foreach (var choice in choices.Take(200))
        {
            var selector = new MetricSelector { Metric = choice.Name };
            foreach (var (key, value) in choice.Attributes)
            {
                selector.Attributes[key] = value;
            }

            refusal.Choices.Add(selector);
        }

        return refusal;
    }

    private static bool Fits(MetricDescriptor metric, MetricSelector selector)
    {
        if (metric.Name != selector.Metric)
        {
            return false;
        }

        foreach (var (key, value) in selector.Attributes)
        {
            if (metric.Attribute(key) != value)
            {
                return false;
            }
        }

        return true;
    }

    // The time a disk was busy is a share of each disk's own second, so it does not add up.
    private static bool IsAdditive(MetricDescriptor metric) =>
        metric.Kind == MetricKind.Counter && metric.Name != "system.disk.io_time" && Additive.Any(p => metric.Name.StartsWith(p, StringComparison.Ordinal));

    private static bool IsNear(string name, string asked)
    {
        var parts = asked.Split('.', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 0 && parts.Any(p => p.Length > 2 && p != "system" && name.Contains(p, StringComparison.OrdinalIgnoreCase));
    }

    private static string Words(MetricSelector selector) => string.Join(", ", selector.Attributes.Select(a => $"{Shown(a.Key)}={Shown(a.Value)}"));

    private static string Shown(string text)
    {
        var plain = new string([.. text.Take(80).Select(c => char.IsControl(c) ? '?' : c)]);
        return text.Length > 80 ? plain + "…" : plain;
    }
}

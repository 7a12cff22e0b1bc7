using System.Text.RegularExpressions;
using ClusterMonitor.Messages;
using ClusterMonitor.Messages.Metrics;

namespace ClusterMonitor.Seed.Nodes;

/// <summary>What a hello must be like before anyone believes a word of it. Pure.</summary>
internal static partial class HelloRules
{
    private const int LongestName = 128;
    private const int LongestText = 256;
    private const int MostLabels = 64;
    private const int MostCollectors = 256;

    /// <summary>Whether this may be a node id: it names an actor and a persistence id.</summary>
    public static bool IsNodeId(string nodeId) => NodeIds().IsMatch(nodeId);

    /// <summary>What is wrong with it, in words for the agent's operator, or null.</summary>
    public static string? Problem(NodeHello hello)
    {
        if (!IsNodeId(hello.NodeId))
        {
            return "the node id must be 1 to 64 letters, digits, '-' or '_': remove the agent's data folder to get a new one";
        }

        if (hello.Name.Length is 0 or > LongestName)
        {
            return $"the name must have 1 to {LongestName} characters: choose another with --name";
        }

        if (hello.Incarnation == 0)
        {
            return "the incarnation is missing: is this agent of another version?";
        }

        if (hello.Labels.Count > MostLabels || hello.Labels.Any(l => l.Key.Length is 0 or > LongestName || l.Value.Length > LongestText))
        {
            return $"there may be {MostLabels} labels, with keys of 1 to {LongestName} and values of up to {LongestText} characters";
        }

        if (hello.OldestUnackedSequence < 0 || hello.FailedCollectors.Count > MostCollectors
            || new[] { hello.AgentVersion, hello.Os, hello.Kernel, hello.Address }.Concat(hello.FailedCollectors).Any(t => t.Length > LongestText))
        {
            return $"a text in it has more than {LongestText} characters, or a number is out of range: is this agent of another version?";
        }

        return SchemaProblem(hello.Schema);
    }

    /// <summary>What is wrong with a schema, or null. A hello may come without one.</summary>
    public static string? SchemaProblem(SchemaAnnounced? schema)
    {
        if (schema is null)
        {
            return null;
        }

        if (schema.Descriptors.Count > MetricSchema.MaxColumns)
        {
            return $"the schema has {schema.Descriptors.Count} columns, {MetricSchema.MaxColumns} are allowed: turn off a collector";
        }

        foreach (var descriptor in schema.Descriptors)
        {
            if (descriptor.Name.Length is 0 or > LongestText || descriptor.Unit.Length > LongestText || descriptor.Attributes.Count > 16
                || descriptor.Attributes.Any(a => a.Key.Length is 0 or > LongestText || a.Value.Length > 4 * LongestText))
            {
                return "a metric of the schema has a name, unit or attribute that is too long";
            }
        }

        return null;
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_-]{1,64}\z", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NodeIds();
}

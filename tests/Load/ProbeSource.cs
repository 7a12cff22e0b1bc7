using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.Load;

/// <summary>A machine whose load average tells the second of the sample: 100 + Unix second mod 900. Whoever reads it knows the sample's age.</summary>
internal sealed class ProbeSource(ISampleSource source, TimeProvider time) : ISampleSource
{
    public IReadOnlyList<string> Failed => source.Failed;

    public CollectedValues Collect()
    {
        var collected = source.Collect();
        for (var i = 0; i < collected.Schema.Count; i++)
        {
            if (collected.Schema.Descriptors[i].Name == "system.cpu.load_average.1m")
            {
                collected.Values[i] = 100 * (100 + (time.GetUtcNow().ToUnixTimeSeconds() % 900));
            }
        }

        return collected;
    }

    public void Dispose() => source.Dispose();
}

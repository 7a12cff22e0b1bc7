using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.NodeAgent.Tests.Collectors;

/// <summary>Files of /proc as machines show them: <c>vm-6.18</c>, <c>server-4.14</c> and <c>container-5.15</c>.</summary>
internal static class Fixture
{
    public static string Proc(string machine) => Path.Combine(AppContext.BaseDirectory, "Fixtures", machine, "proc");

    public static byte[] Read(string machine, string file) => File.ReadAllBytes(Path.Combine(Proc(machine), file));

    /// <summary>What a collector gives after one read, by column.</summary>
    public static Dictionary<string, long> Collect(ICollector collector, int ticks = 1)
    {
        using (collector)
        {
            for (var t = 0; t < ticks; t++)
            {
                collector.Read(new CollectorTick(t, TimeSpan.FromSeconds(t == 0 ? 0 : 1)));
            }

            var values = new long[collector.Descriptors.Length];
            collector.Write(values);
            return collector.Descriptors.Select((d, i) => (Key: d.ToString(), Value: values[i])).ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal);
        }
    }
}

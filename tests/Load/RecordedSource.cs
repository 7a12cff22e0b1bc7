using System.Globalization;
using ClusterMonitor.Messages.Metrics;
using ClusterMonitor.NodeAgent;
using ClusterMonitor.NodeAgent.Collectors;

namespace ClusterMonitor.Load;

/// <summary>
/// The agent's own log, against which a history can be checked: one line per sample (<c>S node second value block</c>) and one whenever more
/// blocks are acked (<c>A node block</c>). A line is with the kernel before the sample goes anywhere, so it outlives a kill.
/// </summary>
internal sealed class SampleLog(string path) : IDisposable
{
    private readonly StreamWriter _file = new(path, append: true) { AutoFlush = true };
    private readonly Lock _lock = new();

    public void Taken(string node, long second, double value, long block) =>
        Write(string.Create(CultureInfo.InvariantCulture, $"S {node} {second} {value:0.00} {block}"));

    public void Acked(string node, long block) => Write(string.Create(CultureInfo.InvariantCulture, $"A {node} {block}"));

    public void Dispose() => _file.Dispose();

    private void Write(string line)
    {
        lock (_lock)
        {
            _file.WriteLine(line);
        }
    }
}

/// <summary>
/// Another source whose one-minute load tells the second of its sample and whose it is: (Unix second % 900) + 100 + number / 100.
/// A value in a history that is another's, or another second's, is seen at once.
/// </summary>
internal sealed class RecordedSource(ISampleSource inner, int number, SampleLog log) : ISampleSource
{
    private AgentState? _state;
    private int _column = -1;
    private long _acked;

    public IReadOnlyList<string> Failed => inner.Failed;

    /// <summary>The sampler's second and the outbox are known only once there is an agent.</summary>
    public void Of(AgentState state) => _state = state;

    public CollectedValues Collect()
    {
        var collected = inner.Collect();
        if (_state is not { } state)
        {
            return collected;
        }

        var schema = collected.Schema;
        if (_column < 0)
        {
            _column = Enumerable.Range(0, schema.Count).First(c => schema.Descriptors[c].Name == "system.cpu.load_average.1m");
        }

        var second = state.LastSecondMs / 1000;
        var hundredths = (((second % 900) + 100) * 100) + number;
        collected.Values[_column] = hundredths;
        Ack();
        log.Taken(state.Profile.Name, second, hundredths / 100.0, state.Outbox.Counters.LastSequence + 1);
        return collected;
    }

    public void Dispose()
    {
        Ack();
        inner.Dispose();
    }

    private void Ack()
    {
        if (_state is { } state && state.Outbox.Counters.AckedSequence is var acked && acked > _acked)
        {
            _acked = acked;
            log.Acked(state.Profile.Name, acked);
        }
    }
}

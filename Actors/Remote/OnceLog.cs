namespace Actors.Remoting;

/// <summary>Says the same only once in a while, however often it happens, and holds a bounded memory of what was said. Thread-safe.</summary>
internal sealed class OnceLog(TimeSpan silence)
{
    private const int Capacity = 256;
    private readonly Dictionary<string, long> _said = new(StringComparer.Ordinal);

    public void Say(string what, TimeProvider time, Action say)
    {
        var now = time.GetTimestamp();
        lock (_said)
        {
            if (_said.TryGetValue(what, out var then) && time.GetElapsedTime(then, now) < silence)
            {
                return;
            }

            if (_said.Count >= Capacity)
            {
                _said.Clear();
            }

            _said[what] = now;
        }

        say();
    }
}

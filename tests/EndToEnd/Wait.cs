using System.Diagnostics;

namespace ClusterMonitor.EndToEnd;

/// <summary>Waits on a condition, and says what was last seen when it never held.</summary>
internal static class Wait
{
    public static async Task<T> ForAsync<T>(string what, TimeSpan within, Func<Task<T>> look, Func<T, bool> holds, Func<string>? transcript = null)
    {
        var clock = Stopwatch.StartNew();
        using var pulse = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var seen = await look();
            if (holds(seen))
            {
                return seen;
            }

            if (clock.Elapsed > within)
            {
                throw new TimeoutException($"{what}: not within {within.TotalSeconds} s. Last seen: {seen}\n{transcript?.Invoke()}");
            }

            await pulse.WaitForNextTickAsync();
        }
    }
}

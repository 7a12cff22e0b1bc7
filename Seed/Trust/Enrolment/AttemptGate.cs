using System.Net;

namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>At most so many refused attempts a minute from one address: a guesser gets nowhere and costs nothing. Thread-safe.</summary>
internal sealed class AttemptGate(TimeProvider time)
{
    /// <summary>Refused attempts of one address in a minute.</summary>
    public const int MostPerMinute = 20;

    private const int MostAddresses = 4096;
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, (long Since, int Count)> _failed = [];

    /// <summary>Whether an attempt is looked at.</summary>
    public bool MayTry(IPAddress from)
    {
        lock (_failed)
        {
            return !_failed.TryGetValue(from, out var f) || time.GetElapsedTime(f.Since) > Minute || f.Count < MostPerMinute;
        }
    }

    /// <summary>One was refused.</summary>
    public void Failed(IPAddress from)
    {
        lock (_failed)
        {
            if (_failed.Count >= MostAddresses)
            {
                _failed.Clear();
            }

            var fresh = !_failed.TryGetValue(from, out var f) || time.GetElapsedTime(f.Since) > Minute;
            _failed[from] = fresh ? (time.GetTimestamp(), 1) : (f.Since, f.Count + 1);
        }
    }
}

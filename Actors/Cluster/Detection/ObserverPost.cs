namespace Actors.Clustering;

/// <summary>
/// All that one member watches: a detector for each subject, fed with the times at which the links last heard it.
/// The cluster's actor moves it forward; others may read evidence from it at any time.
/// </summary>
/// <param name="settings">What the detectors go by.</param>
/// <param name="interval">How often <see cref="Poll"/> is called at least.</param>
internal sealed class ObserverPost(FailureDetectorSettings settings, TimeSpan interval)
{
    private readonly SortedDictionary<UniqueAddress, Watch> _watches = [];
    private readonly Lock _lock = new();
    private TimeSpan? _lastPoll;

    /// <summary>Watches exactly these from now on.</summary>
    public void SetSubjects(IReadOnlySet<UniqueAddress> subjects, TimeSpan now)
    {
        lock (_lock)
        {
            foreach (var gone in _watches.Keys.Where(s => !subjects.Contains(s)).ToArray())
            {
                _watches.Remove(gone);
            }

            foreach (var subject in subjects)
            {
                if (!_watches.ContainsKey(subject))
                {
                    _watches.Add(subject, new Watch(new PhiAccrualFailureDetector(settings, now)));
                }
            }
        }
    }

    /// <summary>The link to this subject broke.</summary>
    public void LinkLost(UniqueAddress subject, TimeSpan now)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(subject, out var watch))
            {
                watch.Detector.LinkLost(now);
            }
        }
    }

    /// <summary>
    /// Looks at the links and says what has become of each subject since the last time. If the observer itself was asleep
    /// in between (it was paused, or starved), the silence of that time is nobody's fault.
    /// </summary>
    /// <param name="now">By the monotonic clock.</param>
    /// <param name="lastHeard">When a subject's link last delivered anything; null if it has none.</param>
    public PostReport Poll(TimeSpan now, Func<UniqueAddress, TimeSpan?> lastHeard)
    {
        lock (_lock)
        {
            var asleep = _lastPoll is { } last ? now - last - interval : TimeSpan.Zero;
            _lastPoll = now;
            var changes = new List<(UniqueAddress, bool)>();
            var unavailable = new HashSet<UniqueAddress>();
            var next = now + interval;
            foreach (var (subject, watch) in _watches)
            {
                if (lastHeard(subject) is { } heard)
                {
                    watch.Detector.Heartbeat(heard);
                }

                // After the heartbeat, which may be one from just before the sleep.
                if (asleep > settings.HeartbeatInterval)
                {
                    watch.Detector.Forgive(asleep);
                }

                var end = watch.Detector.UnavailableAt;
                var available = now < end;
                if (available != watch.Available)
                {
                    watch.Available = available;
                    changes.Add((subject, available));
                }

                next = available && end < next ? end : next;
                if (!available)
                {
                    unavailable.Add(subject);
                }
            }

            return new PostReport(changes, unavailable, next);
        }
    }

    /// <summary>What is known of a subject at this moment; null if it is not watched.</summary>
    public (double Phi, TimeSpan? LastHeartbeat, bool Available)? Evidence(UniqueAddress subject, TimeSpan now)
    {
        lock (_lock)
        {
            return _watches.TryGetValue(subject, out var watch)
                ? (watch.Detector.Phi(now), watch.Detector.LastHeartbeat, watch.Detector.IsAvailable(now))
                : null;
        }
    }

    private sealed class Watch(PhiAccrualFailureDetector detector)
    {
        public PhiAccrualFailureDetector Detector { get; } = detector;

        public bool Available { get; set; } = true;
    }
}

/// <summary>What an observer sees.</summary>
/// <param name="Changes">The subjects whose standing changed since it last looked.</param>
/// <param name="Unavailable">All that are silent for too long.</param>
/// <param name="NextLook">When to look again at the latest.</param>
internal readonly record struct PostReport(
    IReadOnlyList<(UniqueAddress Subject, bool Available)> Changes, IReadOnlySet<UniqueAddress> Unavailable, TimeSpan NextLook);

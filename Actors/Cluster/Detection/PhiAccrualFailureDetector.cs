namespace Actors.Clustering;

/// <summary>What a <see cref="PhiAccrualFailureDetector"/> goes by; <c>akka.cluster.failure-detector</c>.</summary>
/// <param name="HeartbeatInterval">How far apart heartbeats are expected.</param>
/// <param name="Threshold">Of phi, from which on the subject is called unavailable.</param>
/// <param name="MaxSampleSize">How many intervals are remembered.</param>
/// <param name="MinStdDeviation">Intervals are taken to vary at least so much.</param>
/// <param name="AcceptableHeartbeatPause">Silence, beyond the usual, that means nothing.</param>
/// <param name="ExpectedResponseAfter">A subject that has never been heard counts as heard so long after the watch began.</param>
/// <param name="LinkLossGrace">A subject whose link broke and that is not heard again is unavailable so long after.</param>
internal sealed record FailureDetectorSettings(
    TimeSpan HeartbeatInterval,
    double Threshold,
    int MaxSampleSize,
    TimeSpan MinStdDeviation,
    TimeSpan AcceptableHeartbeatPause,
    TimeSpan ExpectedResponseAfter,
    TimeSpan LinkLossGrace)
{
    /// <summary>
    /// An interval counts for at most the expected one and the least deviation. So whatever the history, the silence that is tolerated
    /// lies between <c>interval + pause + y * deviation</c> and one deviation more (y = 5.2 at a threshold of 8): by default between
    /// 2.72 s and 2.83 s. A pause that was forgiven once must not make the next one look usual.
    /// </summary>
    public TimeSpan LongestInterval => HeartbeatInterval + MinStdDeviation;
}

/// <summary>
/// How suspicious the silence of a subject is, as phi: the chance of being wrong in suspecting it is 10^-phi if intervals between
/// heartbeats are normally distributed. (Hayashibara, Défago, Yared, Katayama: "The phi accrual failure detector", SRDS 2004; the
/// logistic approximation of the normal distribution is that of Bowling et al. 2009, with an error below 0.00014.)
/// Pure: it knows only the times that it is given, which must come from one monotonic clock. Not thread-safe.
/// </summary>
internal sealed class PhiAccrualFailureDetector
{
    private readonly FailureDetectorSettings _settings;
    private readonly double _deviationsAtThreshold;
    private readonly List<float> _intervals = [];
    private int _oldest;
    private double _sum;
    private double _sumOfSquares;
    private TimeSpan? _linkLostAt;

    /// <param name="settings">What it goes by.</param>
    /// <param name="since">When the watch began.</param>
    public PhiAccrualFailureDetector(FailureDetectorSettings settings, TimeSpan since)
    {
        _settings = settings;
        _deviationsAtThreshold = DeviationsAt(settings.Threshold);
        Since = since;
        Silence = since + settings.ExpectedResponseAfter;
    }

    /// <summary>When the watch began.</summary>
    public TimeSpan Since { get; private set; }

    /// <summary>The last heartbeat; null if there was none yet.</summary>
    public TimeSpan? LastHeartbeat { get; private set; }

    /// <summary>When the present silence began: with the last heartbeat, or when the first was due.</summary>
    private TimeSpan Silence { get; set; }

    private double MeanSeconds => _intervals.Count == 0 ? _settings.HeartbeatInterval.TotalSeconds : _sum / _intervals.Count;

    private double DeviationSeconds
    {
        get
        {
            var variance = _intervals.Count == 0 ? 0 : (_sumOfSquares / _intervals.Count) - (MeanSeconds * MeanSeconds);
            return Math.Max(Math.Sqrt(Math.Max(variance, 0)), _settings.MinStdDeviation.TotalSeconds);
        }
    }

    /// <summary>Silence, in seconds, at which phi reaches the threshold.</summary>
    private double ToleratedSeconds => MeanSeconds + _settings.AcceptableHeartbeatPause.TotalSeconds + (_deviationsAtThreshold * DeviationSeconds);

    /// <summary>When it will be called unavailable unless it is heard before.</summary>
    public TimeSpan UnavailableAt
    {
        get
        {
            var bySilence = Silence + TimeSpan.FromSeconds(ToleratedSeconds);
            var byLink = _linkLostAt + _settings.LinkLossGrace;
            return byLink < bySilence ? byLink.Value : bySilence;
        }
    }

    /// <summary>It was heard.</summary>
    public void Heartbeat(TimeSpan now)
    {
        if (now <= LastHeartbeat)
        {
            return;
        }

        if (LastHeartbeat is { } last)
        {
            Remember(now - last);
        }

        LastHeartbeat = Silence = now;
        _linkLostAt = _linkLostAt < now ? null : _linkLostAt;
    }

    /// <summary>The link to it broke. Time runs faster from here on, until it is heard again.</summary>
    public void LinkLost(TimeSpan now) => _linkLostAt ??= now;

    /// <summary>The observer itself was asleep for so long; what it did not hear meanwhile says nothing.</summary>
    public void Forgive(TimeSpan asleep)
    {
        Silence += asleep;
        _linkLostAt += asleep;
    }

    /// <summary>How suspicious its silence is.</summary>
    public double Phi(TimeSpan now)
    {
        var silence = (now - Silence).TotalSeconds;
        if (_linkLostAt is { } lost)
        {
            // Silence after the loss of the link is stretched so that the tolerated one ends with the grace.
            silence = Math.Max(silence, ToleratedSeconds * (now - lost).TotalSeconds / _settings.LinkLossGrace.TotalSeconds);
        }

        return silence <= 0 ? 0 : PhiOf((silence - MeanSeconds - _settings.AcceptableHeartbeatPause.TotalSeconds) / DeviationSeconds);
    }

    /// <summary>Whether it is taken to be there.</summary>
    public bool IsAvailable(TimeSpan now) => now < UnavailableAt;

    /// <summary>phi at y standard deviations beyond the mean: -log10 of the upper tail of the normal distribution.</summary>
    private static double PhiOf(double y)
    {
        var x = y * (1.5976 + (0.070566 * y * y));

        // -log10(e^-x / (1 + e^-x)), in the form that does not overflow.
        return (Math.Max(x, 0) + Math.Log(1 + Math.Exp(-Math.Abs(x)))) / Math.Log(10);
    }

    private static double DeviationsAt(double phi)
    {
        double low = -40, high = 40;
        while (high - low > 1e-9)
        {
            var middle = (low + high) / 2;
            (low, high) = PhiOf(middle) < phi ? (middle, high) : (low, middle);
        }

        return high;
    }

    private void Remember(TimeSpan interval)
    {
        // Any frame counts as a heartbeat, but only the promised ones may be missed: shorter intervals must not shorten the patience.
        var seconds = (float)Math.Clamp(interval.TotalSeconds, _settings.HeartbeatInterval.TotalSeconds, _settings.LongestInterval.TotalSeconds);
        if (_intervals.Count < _settings.MaxSampleSize)
        {
            _intervals.Add(seconds);
        }
        else
        {
            var forgotten = _intervals[_oldest];
            _sum -= forgotten;
            _sumOfSquares -= (double)forgotten * forgotten;
            _intervals[_oldest] = seconds;
            _oldest = (_oldest + 1) % _intervals.Count;
        }

        _sum += seconds;
        _sumOfSquares += (double)seconds * seconds;
    }
}

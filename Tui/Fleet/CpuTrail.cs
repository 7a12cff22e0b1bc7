namespace ClusterMonitor.Tui;

/// <summary>The last seconds of one value, a byte each: 0 to 200 is 0 to 100 %, 255 a gap. What sparklines are drawn from.</summary>
internal sealed class CpuTrail
{
    /// <summary>Not measured.</summary>
    public const byte Gap = 255;

    /// <summary>Seconds kept.</summary>
    public const int Seconds = 128;

    private readonly byte[] _ring = new byte[Seconds];

    public CpuTrail() => _ring.AsSpan().Fill(Gap);

    /// <summary>The newest second with a value, Unix seconds; 0 when there is none.</summary>
    public long Newest { get; private set; }

    /// <summary>Sets one second. Seconds that were skipped are gaps; a late one fills its place.</summary>
    public void Set(long second, double fraction)
    {
        if (second <= 0 || second <= Newest - Seconds)
        {
            return;
        }

        if (second > Newest)
        {
            var skipped = Math.Min(Seconds, second - Newest - 1);
            for (var i = 1; i <= skipped; i++)
            {
                _ring[(second - i) % Seconds] = Gap;
            }

            Newest = second;
        }

        _ring[second % Seconds] = Encode(fraction);
    }

    /// <summary>Fills in what the seed remembers: one byte a second, the last one for <paramref name="lastSecond"/>.</summary>
    public void Load(ReadOnlySpan<byte> trail, long lastSecond)
    {
        _ring.AsSpan().Fill(Gap);
        Newest = 0;
        if (lastSecond <= 0)
        {
            return;
        }

        for (var i = 0; i < trail.Length && i < Seconds; i++)
        {
            _ring[(lastSecond - i) % Seconds] = trail[^(i + 1)];
        }

        Newest = lastSecond;
    }

    /// <summary>The highest of some seconds up to and with <paramref name="last"/>, 0 to 1; NaN if all are gaps.</summary>
    public double Peak(long last, int seconds)
    {
        var peak = -1;
        for (var second = last; second > last - seconds; second--)
        {
            if (second > 0 && second <= Newest && second > Newest - Seconds && _ring[second % Seconds] is var value and not Gap)
            {
                peak = Math.Max(peak, value);
            }
        }

        return peak < 0 ? double.NaN : Math.Min(peak, 200) / 200.0;
    }

    private static byte Encode(double fraction) => double.IsNaN(fraction) ? Gap : (byte)Math.Round(Math.Clamp(fraction, 0, 1) * 200);
}

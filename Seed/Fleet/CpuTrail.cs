namespace ClusterMonitor.Seed.Fleet;

/// <summary>The last minute of a node's CPU, a byte a second: 0..200 = 0..100 %, 255 = nothing was measured.</summary>
internal sealed class CpuTrail
{
    /// <summary>Seconds kept.</summary>
    public const int Seconds = 60;

    /// <summary>Nothing was measured.</summary>
    public const byte Gap = 255;

    private readonly byte[] _ring = Enumerable.Repeat(Gap, Seconds).ToArray();
    private long _last = long.MinValue;

    /// <summary>The second of the newest byte, since 1970; <see cref="long.MinValue"/> before the first.</summary>
    public long LastSecond => _last;

    /// <summary>Notes the CPU (0..1, NaN = not measured) of a second.</summary>
    public void Add(long timeMs, float cpu)
    {
        var second = Math.DivRem(timeMs, 1000, out var rest) - (rest < 0 ? 1 : 0);
        if (_last != long.MinValue && second <= _last - Seconds)
        {
            // Older than all that is kept: late, or the node's clock was set back; then begin anew.
            if (second > _last - 3_600)
            {
                return;
            }

            Clear();
        }

        for (var s = Math.Max(_last, second - Seconds) + 1; s < second && _last != long.MinValue; s++)
        {
            _ring[Slot(s)] = Gap;
        }

        _ring[Slot(second)] = float.IsNaN(cpu) ? Gap : (byte)Math.Clamp(MathF.Round(cpu * 200), 0, 200);
        _last = Math.Max(_last, second);
    }

    /// <summary>Takes over a minute that ends with the second of <paramref name="lastMs"/>, unless newer seconds are there.</summary>
    public void Load(ReadOnlySpan<byte> trail, long lastMs)
    {
        var last = lastMs / 1000;
        var known = ToArray();
        var knownTo = _last;
        Clear();
        for (var i = 0; i < trail.Length && i < Seconds; i++)
        {
            _ring[Slot(last - trail.Length + 1 + i)] = trail[i];
        }

        _last = last;
        for (var i = 0; i < Seconds && knownTo != long.MinValue; i++)
        {
            if (known[i] != Gap)
            {
                Add((knownTo - Seconds + 1 + i) * 1000, known[i] / 200f);
            }
        }
    }

    /// <summary>Oldest first.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Seconds];
        for (var i = 0; i < Seconds; i++)
        {
            bytes[i] = _last == long.MinValue ? Gap : _ring[Slot(_last - Seconds + 1 + i)];
        }

        return bytes;
    }

    private static int Slot(long second) => (int)(((second % Seconds) + Seconds) % Seconds);

    private void Clear()
    {
        _ring.AsSpan().Fill(Gap);
        _last = long.MinValue;
    }
}

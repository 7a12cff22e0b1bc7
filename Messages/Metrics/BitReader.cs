using System.Buffers.Binary;

namespace ClusterMonitor.Messages.Metrics;

/// <summary>Reads what <see cref="BitWriter"/> wrote; reading past the end is malformed input.</summary>
internal ref struct BitReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _end;

    public BitReader(ReadOnlySpan<byte> bytes, long position = 0)
    {
        _bytes = bytes;
        _end = (long)bytes.Length * 8;
        Position = position;
        if (position < 0 || position > _end)
        {
            throw Truncated();
        }
    }

    /// <summary>The next bit to be read.</summary>
    public long Position { get; private set; }

    /// <summary>Reads 0 to 64 bits.</summary>
    public ulong Read(int count)
    {
        if (count > 56)
        {
            var low = Read(32);
            return low | (Read(count - 32) << 32);
        }

        if (Position + count > _end)
        {
            throw Truncated();
        }

        var value = Peek() & ((1UL << count) - 1);
        Position += count;
        return value;
    }

    /// <summary>Reads what <see cref="BitWriter.WriteNumber"/> wrote.</summary>
    public long ReadNumber() => ZigZag.Decode(Read(BitWidth.FromCode((int)Read(6))));

    /// <summary>Counts the zero bits up to the next one bit, and passes that too.</summary>
    public int ReadUnary(int limit)
    {
        var zeros = 0;
        while (true)
        {
            var window = Peek() & ((1UL << 56) - 1);
            if (window != 0)
            {
                var here = System.Numerics.BitOperations.TrailingZeroCount(window);
                zeros += here;
                Skip(here + 1);
                return zeros <= limit ? zeros : throw new InvalidDataException($"a run of {zeros} zero bits where at most {limit} can be");
            }

            zeros += 56;
            Skip(56);
        }
    }

    /// <summary>Passes bits without looking at them.</summary>
    public void Skip(long count)
    {
        if (count < 0 || Position + count > _end)
        {
            throw Truncated();
        }

        Position += count;
    }

    /// <summary>Goes to a bit, forwards or back.</summary>
    public void Seek(long position) => Position = position >= 0 && position <= _end ? position : throw Truncated();

    /// <summary>Reads whole bytes from the next byte boundary on.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        Position = (Position + 7) & ~7L;
        var start = (int)(Position / 8);
        Skip((long)count * 8);
        return _bytes.Slice(start, count);
    }

    // At least 57 valid bits, or as many as there are; zeros behind the end.
    private readonly ulong Peek()
    {
        var index = (int)(Position >> 3);
        var rest = _bytes[index..];
        ulong word;
        if (rest.Length >= 8)
        {
            word = BinaryPrimitives.ReadUInt64LittleEndian(rest);
        }
        else
        {
            word = 0;
            for (var i = 0; i < rest.Length; i++)
            {
                word |= (ulong)rest[i] << (8 * i);
            }
        }

        return word >> (int)(Position & 7);
    }

    private static InvalidDataException Truncated() => new("a sample block ends before its data does");
}

namespace ClusterMonitor.Messages.Metrics;

/// <summary>Appends bits to a buffer that grows; the first bit written is the lowest of the first byte.</summary>
internal sealed class BitWriter
{
    private byte[] _bytes = new byte[4096];
    private ulong _pending;
    private int _pendingBits;
    private int _length;

    /// <summary>Bits written so far.</summary>
    public long Bits => ((long)_length * 8) + _pendingBits;

    /// <summary>Forgets everything and keeps the buffer.</summary>
    public void Clear()
    {
        _pending = 0;
        _pendingBits = 0;
        _length = 0;
    }

    /// <summary>Writes the low <paramref name="count"/> (0 to 64) bits of a value.</summary>
    public void Write(ulong value, int count)
    {
        if (count > 32)
        {
            WriteShort((uint)value, 32);
            WriteShort((uint)(value >> 32), count - 32);
        }
        else
        {
            WriteShort((uint)value, count);
        }
    }

    /// <summary>
    /// Writes a number as the length of its zigzag form (6 bits, where 63 stands for 64) and then as many bits:
    /// small numbers are short, and none takes more than 70 bits.
    /// </summary>
    public void WriteNumber(long value)
    {
        var zigzag = ZigZag.Encode(value);
        var width = BitWidth.Of(zigzag);
        Write((ulong)BitWidth.ToCode(width), 6);
        Write(zigzag, BitWidth.FromCode(BitWidth.ToCode(width)));
    }

    /// <summary>Fills the last byte with zeros, so that bytes can follow.</summary>
    public void Align() => Write(0, (8 - (_pendingBits & 7)) & 7);

    /// <summary>Writes bytes at a byte boundary.</summary>
    public void WriteBytes(ReadOnlySpan<byte> bytes)
    {
        Align();
        Flush();
        Grow(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_length));
        _length += bytes.Length;
    }

    /// <summary>Writes all bits of another writer behind those of this one.</summary>
    public void Append(BitWriter other)
    {
        for (var i = 0; i < other._length; i++)
        {
            WriteShort(other._bytes[i], 8);
        }

        Write(other._pending, other._pendingBits);
    }

    /// <summary>Everything written, in whole bytes; valid until the next write.</summary>
    public ReadOnlySpan<byte> WrittenBytes()
    {
        Align();
        Flush();
        return _bytes.AsSpan(0, _length);
    }

    private void WriteShort(uint value, int count)
    {
        if (count == 0)
        {
            return;
        }

        // At most 31 bits are pending here, so 32 more always fit.
        _pending |= (value & (uint.MaxValue >> (32 - count))) * (1UL << _pendingBits);
        _pendingBits += count;
        if (_pendingBits >= 32)
        {
            Grow(4);
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(_bytes.AsSpan(_length), (uint)_pending);
            _length += 4;
            _pending >>= 32;
            _pendingBits -= 32;
        }
    }

    private void Flush()
    {
        while (_pendingBits >= 8)
        {
            Grow(1);
            _bytes[_length++] = (byte)_pending;
            _pending >>= 8;
            _pendingBits -= 8;
        }
    }

    private void Grow(int more)
    {
        if (_length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
        }
    }
}

/// <summary>Signed numbers as unsigned ones, small magnitudes first: 0, -1, 1, -2, 2, …</summary>
internal static class ZigZag
{
    public static ulong Encode(long value) => (ulong)((value << 1) ^ (value >> 63));

    public static long Decode(ulong value) => (long)(value >> 1) ^ -(long)(value & 1);
}

/// <summary>Widths of 0 to 64 bits, said in 6 bits: a width of 63 is rounded up to 64.</summary>
internal static class BitWidth
{
    public static int Of(ulong value) => 64 - System.Numerics.BitOperations.LeadingZeroCount(value);

    public static int ToCode(int width) => Math.Min(width, 63);

    public static int FromCode(int code) => code == 63 ? 64 : code;
}

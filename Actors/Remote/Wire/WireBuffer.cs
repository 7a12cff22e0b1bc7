using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace Actors.Remoting;

/// <summary>
/// Bytes on their way out: grows from the array pool and gives its memory back when empty, so that a quiet link holds none.
/// Frames are written in place: <see cref="Begin"/>, fields, <see cref="End"/>, or <see cref="Cut"/> when the frame turned out too big. Not thread-safe.
/// </summary>
internal sealed class WireBuffer
{
    private const int Smallest = 512;
    private byte[] _bytes = [];

    /// <summary>Bytes written.</summary>
    public int Count { get; private set; }

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, Count);

    /// <summary>Starts a frame; the answer is passed to <see cref="End"/> or <see cref="Cut"/>.</summary>
    public int Begin(FrameKind kind)
    {
        var start = Count;
        Ensure(5);
        Count += 4;
        _bytes[Count++] = (byte)kind;
        return start;
    }

    /// <summary>Writes the frame's length before it and answers that length (kind and body).</summary>
    public int End(int start)
    {
        var length = Count - start - 4;
        BinaryPrimitives.WriteInt32LittleEndian(_bytes.AsSpan(start), length);
        return length;
    }

    /// <summary>Forgets everything from here on.</summary>
    public void Cut(int start) => Count = start;

    public void Byte(byte value)
    {
        Ensure(1);
        _bytes[Count++] = value;
    }

    /// <summary>LEB128: seven bits a byte, lowest first.</summary>
    public void Varint(ulong value)
    {
        Ensure(10);
        while (value >= 0x80)
        {
            _bytes[Count++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Count++] = (byte)value;
    }

    public void Fixed64(long value)
    {
        Ensure(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(Count), value);
        Count += 8;
    }

    /// <summary>UTF-8 with its length in bytes before it.</summary>
    public void Text(string value)
    {
        var size = Encoding.UTF8.GetByteCount(value);
        Varint((ulong)size);
        Ensure(size);
        Count += Encoding.UTF8.GetBytes(value, _bytes.AsSpan(Count));
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Ensure(value.Length);
        value.CopyTo(_bytes.AsSpan(Count));
        Count += value.Length;
    }

    /// <summary>Empties it and gives the memory back to the pool.</summary>
    public void Release()
    {
        Count = 0;
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private void Ensure(int more)
    {
        if (_bytes.Length - Count < more)
        {
            Grow(more);
        }
    }

    private void Grow(int more)
    {
        var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(Math.Max(Smallest, _bytes.Length * 2), Count + more));
        _bytes.AsSpan(0, Count).CopyTo(bigger);
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
        }

        _bytes = bigger;
    }
}

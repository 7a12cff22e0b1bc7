using System.Buffers.Binary;
using System.Text;

namespace Actors.Remoting;

/// <summary>Reads the fields of one frame's body. Whatever the bytes are, it throws nothing but <see cref="FrameFormatException"/>.</summary>
internal ref struct WireReader
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);
    private ReadOnlySpan<byte> _rest;

    public WireReader(ReadOnlySpan<byte> body) => _rest = body;

    /// <summary>What has not been read yet.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    public byte Byte()
    {
        if (_rest.IsEmpty)
        {
            throw Truncated();
        }

        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (int i = 0, shift = 0; i < _rest.Length && shift < 64; i++, shift += 7)
        {
            var b = _rest[i];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return shift == 63 && b > 1 ? throw new FrameFormatException("a number of more than 64 bits") : value;
            }
        }

        throw Truncated();
    }

    public int Int32()
    {
        var value = Varint();
        return value <= uint.MaxValue ? (int)(uint)value : throw new FrameFormatException("a number of more than 32 bits");
    }

    public long Fixed64()
    {
        var value = Span(8);
        return BinaryPrimitives.ReadInt64LittleEndian(value);
    }

    /// <summary>UTF-8 with its length before it, of at most that many bytes.</summary>
    public string Text(int limit)
    {
        var bytes = Sized(limit);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new FrameFormatException("a text is not UTF-8", e);
        }
    }

    /// <summary>Bytes with their length before them.</summary>
    public ReadOnlySpan<byte> Sized(int limit)
    {
        var size = Varint();
        return size <= (ulong)limit ? Span((int)size) : throw new FrameFormatException($"a field of {size} bytes where {limit} are allowed");
    }

    private ReadOnlySpan<byte> Span(int size)
    {
        if (_rest.Length < size)
        {
            throw Truncated();
        }

        var span = _rest[..size];
        _rest = _rest[size..];
        return span;
    }

    private static FrameFormatException Truncated() => new("a frame ends before its last field");
}

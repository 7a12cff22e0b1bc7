using System.Buffers;
using System.Buffers.Binary;

namespace Actors.Remoting;

/// <summary>
/// Cuts a stream of bytes into frames: a little-endian 32-bit length, then that many bytes, the first of which is the <see cref="FrameKind"/>.
/// A length out of bounds is refused before anything is allocated for it. It holds no memory while no partial frame is waiting. Not thread-safe.
/// </summary>
internal sealed class FrameAssembler(int maximumFrameSize)
{
    /// <summary>One TLS record's worth: what a read of a busy link brings at once.</summary>
    public const int ReadSize = 16 * 1024;

    private const int Prefix = 4;
    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>The largest length accepted from now on, in bytes, without the four of the length itself.</summary>
    public int MaximumFrameSize { get; set; } = maximumFrameSize;

    /// <summary>Memory held, in bytes.</summary>
    public int Held => _buffer.Length;

    /// <summary>Where to read the next bytes to; never empty.</summary>
    public Memory<byte> Space()
    {
        if (_buffer.Length - _end < ReadSize / 4)
        {
            MakeRoom();
        }

        return _buffer.AsMemory(_end);
    }

    /// <summary>So many bytes were put at the start of <see cref="Space"/>.</summary>
    public void Received(int count) => _end += count;

    /// <summary>The next whole frame, kind first; valid until the next call of <see cref="Space"/> or <see cref="Rest"/>.</summary>
    /// <exception cref="FrameFormatException">The length is zero or beyond the maximum; the stream can't be read any further.</exception>
    public bool TryNext(out ReadOnlySpan<byte> frame)
    {
        frame = default;
        if (_end - _start < Prefix)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start));
        if (length == 0 || length > (uint)MaximumFrameSize)
        {
            throw new FrameFormatException(length == 0 ? "a frame of no bytes" : $"a frame of {length} bytes where {MaximumFrameSize} are allowed");
        }

        if (_end - _start - Prefix < (int)length)
        {
            return false;
        }

        frame = _buffer.AsSpan(_start + Prefix, (int)length);
        _start += Prefix + (int)length;
        return true;
    }

    /// <summary>All frames are taken: gives memory back if nothing waits for more bytes.</summary>
    public void Rest()
    {
        if (_start == _end)
        {
            Release();
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Release()
    {
        _start = _end = 0;
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
        }
    }

    private void MakeRoom()
    {
        var waiting = _end - _start;
        var wanted = ReadSize;
        if (waiting >= Prefix)
        {
            // The length has been checked by TryNext, so a frame in the making is never larger than allowed.
            wanted = Math.Max(wanted, Prefix + (int)BinaryPrimitives.ReadUInt32LittleEndian(_buffer.AsSpan(_start)));
        }

        if (_buffer.Length >= wanted && _start > 0)
        {
            _buffer.AsSpan(_start, waiting).CopyTo(_buffer);
        }
        else
        {
            var bigger = ArrayPool<byte>.Shared.Rent(Math.Max(wanted, waiting + (ReadSize / 4)));
            _buffer.AsSpan(_start, waiting).CopyTo(bigger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = bigger;
        }

        _start = 0;
        _end = waiting;
    }
}

using Microsoft.Win32.SafeHandles;

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>A file of /proc or /sys that is kept open and read from its beginning at each tick, without allocating.</summary>
internal sealed class KernelFile(string path) : IDisposable
{
    // No such file is larger; one that claims to be is not what it should be.
    private const int MaxBytes = 4 * 1024 * 1024;

    private SafeFileHandle? _handle;
    private byte[] _buffer = new byte[4096];

    /// <summary>Where it is.</summary>
    public string Path => path;

    /// <summary>All of it; valid until the next read.</summary>
    /// <exception cref="IOException">It is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">It must not be read by this user.</exception>
    public ReadOnlySpan<byte> Read()
    {
        _handle ??= File.OpenHandle(path);
        try
        {
            var length = 0;
            while (true)
            {
                if (length == _buffer.Length)
                {
                    if (length >= MaxBytes)
                    {
                        throw new IOException($"{path} is larger than {MaxBytes} bytes");
                    }

                    Array.Resize(ref _buffer, length * 2);
                }

                // The kernel hands out lists in pieces; only zero bytes mean the end.
                var read = RandomAccess.Read(_handle, _buffer.AsSpan(length), length);
                if (read == 0)
                {
                    return _buffer.AsSpan(0, length);
                }

                length += read;
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Closes it; the next read opens it again.</summary>
    public void Dispose()
    {
        _handle?.Dispose();
        _handle = null;
    }
}

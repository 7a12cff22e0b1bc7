using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace ClusterMonitor.NodeAgent.Collectors.Linux;

/// <summary>What statvfs(3) says of a file system: blocks of <see cref="BlockBytes"/>, and inodes.</summary>
internal readonly record struct FileSystemSize(long BlockBytes, long Blocks, long Free, long Available, long Inodes, long FreeInodes);

/// <summary>The system calls that .NET has no allocation-free way to make.</summary>
internal static unsafe partial class Native
{
    // O_RDONLY | O_CLOEXEC; the same on all architectures that .NET runs on.
    private const int ReadOnlyCloseOnExec = 0x80000;

    /// <summary>Opens a file for reading; the path ends with a zero byte. -1 when it cannot be.</summary>
    public static int Open(ReadOnlySpan<byte> path)
    {
        fixed (byte* p = path)
        {
            return open(p, ReadOnlyCloseOnExec);
        }
    }

    /// <summary>Opens a file below an open folder.</summary>
    public static int OpenAt(int folder, ReadOnlySpan<byte> path)
    {
        fixed (byte* p = path)
        {
            return openat(folder, p, ReadOnlyCloseOnExec);
        }
    }

    /// <summary>Reads from the beginning of a file; -1 on any error.</summary>
    public static int Read(int file, Span<byte> into)
    {
        fixed (byte* b = into)
        {
            return (int)pread(file, b, into.Length, 0);
        }
    }

    /// <summary>Closes what <see cref="Open"/> gave.</summary>
    public static void Close(int file) => _ = close(file);

    /// <summary>Entries of a folder, as <c>linux_dirent64</c> records; 0 at the end.</summary>
    public static int ReadFolder(int folder, Span<byte> into)
    {
        fixed (byte* b = into)
        {
            return (int)getdents64(folder, b, into.Length);
        }
    }

    /// <summary>Begins reading a folder again.</summary>
    public static void Rewind(int folder) => _ = lseek(folder, 0, 0);

    /// <summary>Sizes of the file system at a path that ends with a zero byte; false when it does not answer.</summary>
    public static bool TryGetFileSystemSize(ReadOnlySpan<byte> path, out FileSystemSize size)
    {
        // struct statvfs has eleven words and some reserve on 64-bit Linux, with glibc and with musl.
        var words = stackalloc ulong[24];
        int result;
        fixed (byte* p = path)
        {
            result = sizeof(nint) == 8 ? statvfs(p, words) : -1;
        }

        size = result != 0
            ? default
            : new FileSystemSize((long)Math.Min(words[1], 1 << 20), Bounded(words[2]), Bounded(words[3]), Bounded(words[4]), Bounded(words[5]), Bounded(words[6]));
        return result == 0;
    }

    // Sizes in bytes must not overflow, whatever a file system claims: 2^42 blocks of 2^20 bytes still fit.
    private static long Bounded(ulong value) => (long)Math.Min(value, 1UL << 42);

    [LibraryImport("libc")]
    private static partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static partial int openat(int folder, byte* path, int flags);

    [LibraryImport("libc")]
    private static partial nint pread(int file, byte* buffer, nint count, nint offset);

    [LibraryImport("libc")]
    private static partial int close(int file);

    [LibraryImport("libc")]
    private static partial nint getdents64(int folder, byte* buffer, nint count);

    [LibraryImport("libc")]
    private static partial nint lseek(int file, nint offset, int whence);

    [LibraryImport("libc")]
    private static partial int statvfs(byte* path, ulong* buffer);
}

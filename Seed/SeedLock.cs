using System.Globalization;
using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed;

/// <summary>
/// One seed per data folder: <c>seed/lock</c> is locked (flock) while one runs, and tells where that one listens.
/// The lock goes with the process, however it ends; the file stays.
/// </summary>
internal sealed class SeedLock : IDisposable
{
    private readonly FileStream _file;

    private SeedLock(FileStream file) => _file = file;

    /// <summary>Takes the lock, or returns null and where the seed that has it listens.</summary>
    /// <param name="folder">The data folder; its <c>seed/</c> exists.</param>
    /// <param name="running">HOST:PORT of the running one; null when it has not written it yet.</param>
    public static SeedLock? TryTake(DataFolder folder, out HostPort? running)
    {
        running = null;
        var path = PathIn(folder);
        try
        {
            // FileShare.None is an exclusive flock on Unix.
            return new SeedLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (UnauthorizedAccessException e)
        {
            throw DataFolder.Unusable(path, "lock", e);
        }
        catch (IOException e) when (e is not (FileNotFoundException or DirectoryNotFoundException))
        {
            running = WhereIs(folder);
            return null;
        }
        catch (IOException e)
        {
            throw DataFolder.Unusable(path, "lock", e);
        }
    }

    /// <summary>Where the seed of this folder listens, or last listened; null if none ever did.</summary>
    public static HostPort? WhereIs(DataFolder folder)
    {
        try
        {
            using var file = new FileStream(PathIn(folder), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var reader = new StreamReader(file);
            return reader.ReadLine() is { } line && HostPort.TryParse(line, null, out var address, out _) ? address : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Says where this seed listens.</summary>
    public void Tell(HostPort address)
    {
        _file.SetLength(0);
        _file.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{address}\n{Environment.ProcessId}\n")));
        _file.Flush();
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathIn(DataFolder folder) => Path.Combine(folder.Seed, "lock");
}

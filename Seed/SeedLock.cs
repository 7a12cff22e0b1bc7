using System.Text;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed;

/// <summary>
/// One seed per data folder: <c>seed/lock</c> is locked (flock) while one runs, and <c>seed/address</c> tells where that
/// one listens. The lock goes with the process, however it ends; the files stay.
/// </summary>
internal sealed class SeedLock : IDisposable
{
    private readonly DataFolder _folder;
    private readonly FileStream _file;

    private SeedLock(DataFolder folder, FileStream file) => (_folder, _file) = (folder, file);

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
            return new SeedLock(folder, new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
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
            return HostPort.TryParse(File.ReadAllText(AddressIn(folder)).Trim(), null, out var address, out _) ? address : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw DataFolder.Unusable(AddressIn(folder), "read", e);
        }
    }

    /// <summary>Says where this seed listens.</summary>
    public void Tell(HostPort address) =>
        FileModes.WriteAtomically(AddressIn(_folder), Encoding.UTF8.GetBytes(address + "\n"), FileModes.OwnerFile);

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private static string PathIn(DataFolder folder) => Path.Combine(folder.Seed, "lock");

    // A file of its own: on Unix .NET does not let others read what one has locked.
    private static string AddressIn(DataFolder folder) => Path.Combine(folder.Seed, "address");
}

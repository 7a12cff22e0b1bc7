using ClusterMonitor.Hosting;

namespace ClusterMonitor.Seed.Trust.Enrolment;

/// <summary>
/// The book on disk: <c>DATA/seed/enrolment.json</c>. The seed and the verbs of an operator change it, one at a time: each holds
/// <c>enrolment.lock</c> meanwhile. It is written whole or not at all.
/// </summary>
internal sealed class EnrolmentStore(DataFolder folder, TimeProvider time)
{
    /// <summary>What expired longer ago is forgotten.</summary>
    private static readonly TimeSpan Keep = TimeSpan.FromDays(30);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    private string Book => Path.Combine(folder.Seed, "enrolment.json");

    /// <summary>Changes when the book does.</summary>
    public (long Length, DateTime Written) Stamp
    {
        get
        {
            var file = new FileInfo(Book);
            return file.Exists ? (file.Length, file.LastWriteTimeUtc) : default;
        }
    }

    /// <summary>What the book says now.</summary>
    /// <exception cref="UserError">It is damaged or can't be read.</exception>
    public EnrolmentBook Read() => File.Exists(Book)
        ? KeyFiles.Read(Book, "restore it from a backup; without it nobody would be shut out who was revoked", p => EnrolmentFile.Read(File.ReadAllBytes(p)))
        : EnrolmentBook.Empty;

    /// <summary>Changes it; <paramref name="change"/> gives the new book and what came of it.</summary>
    /// <exception cref="UserError">It can't be written, or others hold it for too long.</exception>
    public async Task<T> UpdateAsync<T>(Func<EnrolmentBook, (EnrolmentBook Book, T Result)> change)
    {
        if (!Directory.Exists(folder.Seed))
        {
            folder.Create(folder.Seed);
        }

        await using var held = await LockAsync().ConfigureAwait(false);
        var before = Read();
        var (after, result) = change(before);
        if (!ReferenceEquals(before, after))
        {
            try
            {
                FileModes.WriteAtomically(Book, EnrolmentFile.Write(after.Prune(time.GetUtcNow(), Keep)), FileModes.OwnerFile);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw DataFolder.Unusable(Book, "write", e);
            }
        }

        return result;
    }

    private async Task<FileStream> LockAsync()
    {
        var path = Path.Combine(folder.Seed, "enrolment.lock");
        var since = time.GetTimestamp();
        while (true)
        {
            try
            {
                // FileShare.None is an exclusive flock on Unix.
                var held = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                FileModes.InheritOwner(path);
                return held;
            }
            catch (UnauthorizedAccessException e)
            {
                throw DataFolder.Unusable(path, "lock", e);
            }
            catch (IOException e)
            {
                if (time.GetElapsedTime(since) > Patience)
                {
                    throw new UserError($"can't lock {path}: {e.Message.TrimEnd('.')}; does another Seed command hang?", e);
                }
            }

            await Task.Delay(Pause, time).ConfigureAwait(false);
        }
    }
}

namespace ClusterMonitor.Hosting;

/// <summary>Who may read what lies on disk. On Windows the folder's own access list decides, and these do nothing.</summary>
public static class FileModes
{
    /// <summary>0600: the owner's.</summary>
    public const UnixFileMode OwnerFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>0640: the owner's, readable by the group.</summary>
    public const UnixFileMode GroupFile = OwnerFile | UnixFileMode.GroupRead;

    /// <summary>0700: the owner's.</summary>
    public const UnixFileMode OwnerFolder = OwnerFile | UnixFileMode.UserExecute;

    /// <summary>0750: the owner's, readable by the group.</summary>
    public const UnixFileMode GroupFolder = OwnerFolder | UnixFileMode.GroupRead | UnixFileMode.GroupExecute;

    /// <summary>2750: as <see cref="GroupFolder"/>, and new files belong to the folder's group, whichever the operator gave it.</summary>
    public const UnixFileMode SharedFolder = GroupFolder | UnixFileMode.SetGroup;

    /// <summary>Makes a folder with this mode; one that exists keeps its own.</summary>
    public static void CreateFolder(string path, UnixFileMode mode)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else if (!Directory.Exists(path))
        {
            // Parents get the system's usual mode; only the folder itself is ours to restrict.
            if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } parent)
            {
                Directory.CreateDirectory(parent);
            }

            Directory.CreateDirectory(path, mode);
            File.SetUnixFileMode(path, mode); // whatever the umask says
            FileOwners.InheritFromFolder(path);
        }
    }

    /// <summary>
    /// Writes a file whole or not at all: a temporary one beside it, on disk before it takes the name.
    /// It never exists with wider rights than these.
    /// </summary>
    public static void WriteAtomically(string path, ReadOnlySpan<byte> content, UnixFileMode mode)
    {
        // A name of its own: several programs may share the folder.
        var temporary = $"{path}.{Path.GetRandomFileName()}.new";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode;
        }

        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true);
        }

        if (!OperatingSystem.IsWindows())
        {
            // The process's umask may have taken away the group's right; it is wanted where it is asked for.
            File.SetUnixFileMode(temporary, mode);
        }

        FileOwners.InheritFromFolder(temporary);
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What root makes in a folder of a service's user is to belong to that user.</summary>
    public static void InheritOwner(string path) => FileOwners.InheritFromFolder(path);

    /// <summary>Whether a file or folder grants more than <paramref name="most"/>.</summary>
    public static bool IsWiderThan(string path, UnixFileMode most) =>
        !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~most) != 0;
}

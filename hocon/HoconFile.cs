namespace Hocon;

/// <summary>The reader's only door to the disk: a file, and what it includes from beside itself.</summary>
public static class HoconFile
{
    /// <summary>Reads a file and what it includes. Messages name files as they were given, included ones by their path beside it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="environment">Looks up what a substitution does not find in the file.</param>
    /// <param name="fallback">Settings underneath, or null.</param>
    /// <exception cref="HoconException">It is malformed or can't be read.</exception>
    public static HoconObject Read(string path, Func<string, string?> environment, HoconObject? fallback = null)
    {
        ArgumentNullException.ThrowIfNull(path);
        var text = Load(path) ?? throw new HoconException(new HoconOrigin(path, 0, 0), "no such file");
        return HoconReader.Read(text, Normalise(path), Include, environment, fallback);
    }

    private static HoconSource? Include(string including, string requested)
    {
        var path = Path.Combine(Path.GetDirectoryName(including) ?? "", requested);
        string[] candidates = Path.HasExtension(path) ? [path] : [path, path + ".conf", path + ".json"];
        return candidates
            .Select(c => Load(c) is { } text ? new HoconSource(Normalise(c), text) : null)
            .FirstOrDefault(s => s is not null);
    }

    // A circle shows by names, so ./a and a must be one; a relative name stays relative, as people wrote it.
    private static string Normalise(string path) =>
        Path.IsPathRooted(path) ? Path.GetFullPath(path) : Path.GetRelativePath(".", path);

    private static string? Load(string path)
    {
        try
        {
            if (!File.Exists(path))
            {
                return Directory.Exists(path) ? throw Unreadable(path, "it is a folder") : null;
            }

            using var stream = File.OpenRead(path);
            if (stream.CanSeek && stream.Length > 4L * HoconLimits.TextLength)
            {
                throw Unreadable(path, "it is far too long for a configuration");
            }

            using var reader = new StreamReader(stream);
            return reader.ReadToEnd();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw Unreadable(path, e is UnauthorizedAccessException ? "permission denied; make it readable for this user" : e.Message);
        }
    }

    private static HoconException Unreadable(string path, string why) => new(new HoconOrigin(path, 0, 0), $"can't read this file: {why}");
}

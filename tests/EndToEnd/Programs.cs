namespace ClusterMonitor.EndToEnd;

/// <summary>Where the programs under test are: built beside these tests, or published (E2E_PROGRAMS=dir with dir/Seed/Seed.dll and so on).</summary>
internal static class Programs
{
    public static string Seed { get; } = Find("Seed");

    public static string NodeAgent { get; } = Find("NodeAgent");

    public static string Tui { get; } = Find("Tui");

    private static string Find(string name)
    {
        var file = Path.Combine(FolderOf(name), name + ".dll");
        return File.Exists(file) ? file : throw new FileNotFoundException($"{file} is not there: build {name} first", file);
    }

    private static string FolderOf(string name)
    {
        if (Environment.GetEnvironmentVariable("E2E_PROGRAMS") is { Length: > 0 } published)
        {
            return Path.Combine(published, name);
        }

        // …/tests/EndToEnd/bin/Release/net10.0, or …/bin/EndToEnd/release where all outputs are under artifacts/.
        var own = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        if (own.Parent!.Name == "EndToEnd")
        {
            return Path.Combine(own.Parent.Parent!.FullName, name, own.Name);
        }

        var root = own;
        while (root is not null && !File.Exists(Path.Combine(root.FullName, "ClusterMonitor.sln")))
        {
            root = root.Parent;
        }

        return root is null
            ? throw new DirectoryNotFoundException("these tests do not stand in the repository")
            : Path.Combine(root.FullName, name, "bin", own.Parent.Name, own.Name);
    }
}

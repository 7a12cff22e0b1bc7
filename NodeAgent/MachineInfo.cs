using System.Runtime.InteropServices;
using ClusterMonitor.NodeAgent.Collectors.Linux;

namespace ClusterMonitor.NodeAgent;

/// <summary>What a machine is, as far as it does not change while it runs.</summary>
/// <param name="Os">"Debian GNU/Linux 12 (bookworm)".</param>
/// <param name="Kernel">"6.1.0-18-amd64".</param>
/// <param name="Cores">Usable by this process.</param>
/// <param name="MemoryBytes">Of the machine.</param>
/// <param name="BootedMs">Unix milliseconds; 0 when not known.</param>
internal sealed record MachineInfo(string Os, string Kernel, int Cores, long MemoryBytes, long BootedMs)
{
    /// <summary>This machine.</summary>
    /// <param name="root">Where its files are; tests have their own.</param>
    public static MachineInfo Read(string root = "/") => new(
        Tried(() => ParseOsRelease(File.ReadAllLines(Path.Combine(root, "etc/os-release")))) ?? RuntimeInformation.OSDescription,
        Tried(() => KernelText.CleanName(File.ReadAllBytes(Path.Combine(root, "proc/sys/kernel/osrelease")).AsSpan().Trim((byte)'\n'))) ?? Environment.OSVersion.Version.ToString(),
        Environment.ProcessorCount,
        Tried(() => (long?)MeminfoCollector.Parse(File.ReadAllBytes(Path.Combine(root, "proc/meminfo"))).Total) ?? 0,
        Tried(() => (long?)ParseBootTime(File.ReadAllBytes(Path.Combine(root, "proc/stat")))) ?? 0);

    /// <summary>PRETTY_NAME of os-release(5), without its quotes; null when it has none.</summary>
    public static string? ParseOsRelease(IEnumerable<string> lines)
    {
        const string Key = "PRETTY_NAME=";
        var line = lines.FirstOrDefault(l => l.StartsWith(Key, StringComparison.Ordinal));
        return line is null ? null : KernelText.CleanName(System.Text.Encoding.UTF8.GetBytes(line[Key.Length..].Trim().Trim('"', '\'')), 100);
    }

    /// <summary>The line "btime SECONDS" of /proc/stat as Unix milliseconds; 0 without it.</summary>
    public static long ParseBootTime(ReadOnlySpan<byte> stat)
    {
        var at = stat.IndexOf("\nbtime "u8);
        return at < 0 ? 0 : Math.Min(new KernelText(stat[(at + 7)..]).NextNumber(), long.MaxValue / 1000) * 1000;
    }

    // Each of these is nice to know, and none is worth failing for.
    private static T? Tried<T>(Func<T?> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return default;
        }
    }
}

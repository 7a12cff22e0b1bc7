using System.Runtime.CompilerServices;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

/// <summary>The reference files are documentation: complete, commented, and true.</summary>
public sealed class ReferenceTests
{
    /// <summary>Each setting and its default, as a reader of the documentation would write them down.</summary>
    private static readonly Dictionary<string, string> Defaults = new()
    {
        ["monitor.config"] = "",
        ["monitor.data"] = "./data",
        ["monitor.name"] = "",
        ["monitor.log.level"] = "info",
        ["monitor.log.file-size"] = "10 MiB",
        ["monitor.log.files"] = "5",
        ["monitor.cluster.heartbeat-interval"] = "500ms",
        ["monitor.cluster.acceptable-pause"] = "1700ms",
        ["monitor.cluster.overdue-after"] = "2700ms",
        ["monitor.cluster.down-after"] = "20s",
        ["monitor.cluster.retry-after"] = "500ms",
        ["monitor.cluster.maximum-frame-size"] = "4 MiB",
        ["monitor.seed.host"] = "127.0.0.1",
        ["monitor.seed.public-host"] = "",
        ["monitor.seed.port"] = "4053",
        ["monitor.seed.headless"] = "off",
        ["monitor.seed.agent"] = "on",
        ["monitor.seed.history.keep-raw"] = "24h",
        ["monitor.seed.storage.provider"] = "SQLite.MS",
        ["monitor.seed.storage.connection-string"] = "",
        ["monitor.agent.seeds"] = "[]",
        ["monitor.agent.host"] = "",
        ["monitor.agent.port"] = "0",
        ["monitor.agent.labels"] = "",
        ["monitor.dashboard.seed"] = "127.0.0.1:4053",
        ["monitor.dashboard.colors"] = "auto",
        ["monitor.dashboard.glyphs"] = "auto",
        ["monitor.dashboard.mouse"] = "on",
    };

    private static string Root { get; } = FindRoot();

    public static TheoryData<string> Files() =>
        new(Directory.GetFiles(Path.Combine(Root, "hocon"), "*.conf").Select(f => Path.GetFileName(f)!));

    [Fact]
    public void Every_setting_has_the_default_that_is_written_down_here()
    {
        var found = SettingsLoader.Keys().ToDictionary(k => k, k => SettingsLoader.Reference.Find(k) is HoconScalar s ? s.Text : SettingsLoader.Reference.Find(k)!.ToHocon());
        Assert.Equal(Defaults.OrderBy(d => d.Key, StringComparer.Ordinal), found.OrderBy(d => d.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void No_two_settings_share_an_environment_variable() =>
        Assert.Equal(SettingsLoader.Keys().Count(), SettingsLoader.Keys().Select(SettingsLoader.VariableOf).Distinct().Count());

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_setting_stands_under_a_comment(string file)
    {
        var lines = File.ReadAllLines(Path.Combine(Root, "hocon", file));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i].Trim();
            var isSetting = line.Length > 0 && line[0] is not ('#' or '}') && !line.EndsWith('{');
            Assert.True(!isSetting || lines[i - 1].TrimStart().StartsWith('#'), $"hocon/{file}:{i + 1} has no comment above it");
        }
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void Every_file_loads_as_a_configuration(string file)
    {
        var path = Path.Combine(Root, "hocon", file);
        var text = File.ReadAllText(path).Replace("config = \"\"", "", StringComparison.Ordinal); // the one key that no file may set
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File(file), text);
        SettingsLoader.Load(new Dictionary<string, string> { ["MONITOR_CONFIG"] = folder.File(file) }, HoconObject.Empty);
    }

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var folder = Path.GetDirectoryName(here)!;
        while (!File.Exists(Path.Combine(folder, "ClusterMonitor.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the repository's root is not above this file");
        }

        return folder;
    }
}

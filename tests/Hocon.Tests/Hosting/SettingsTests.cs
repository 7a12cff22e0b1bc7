using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class SettingsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_anything_the_reference_holds()
    {
        var settings = Load();
        Assert.Equal(4053, settings.Port("monitor.seed.port"));
        Assert.Equal("./data", settings.Text("monitor.data"));
        Assert.Empty(settings.Warnings);
        Assert.Equal("seed.reference.conf", settings.Origin("monitor.seed.port").Source);
    }

    [Fact]
    public void A_file_goes_over_the_reference_the_environment_over_the_file_and_options_over_all()
    {
        var file = File("monitor { seed.port = 1, seed.host = one, name = one, log.files = 1 }");
        var settings = Load(
            new() { ["MONITOR_CONFIG"] = file, ["MONITOR_SEED_HOST"] = "two", ["MONITOR_NAME"] = "two", ["MONITOR_LOG_FILE_SIZE"] = "1MiB" },
            ("monitor.name", "three"));
        Assert.Equal(1, settings.Port("monitor.seed.port"));
        Assert.Equal("two", settings.Host("monitor.seed.host"));
        Assert.Equal("three", settings.Name("monitor.name", "host"));
        Assert.Equal(1 << 20, settings.Size("monitor.log.file-size"));
        Assert.Equal(1, settings.Integer("monitor.log.files"));
        Assert.Equal("debug", Load(new() { ["MONITOR_LOG_LEVEL"] = "debug" }).Word("monitor.log.level", "debug", "info"));
    }

    [Fact]
    public void A_file_may_build_on_the_reference_and_the_environment()
    {
        var file = File("monitor.name = ${monitor.seed.host}\"-\"${SITE}");
        var settings = Load(new() { ["SITE"] = "north" }, (SettingsLoader.ConfigKey, file));
        Assert.Equal("127.0.0.1-north", settings.Text("monitor.name"));
    }

    [Theory]
    [InlineData("monitor.seed.prot = 1", "1:21: there is no setting monitor.seed.prot; did you mean monitor.seed.port?")]
    [InlineData("monitor {\n  seed {\n    hots = x\n  }\n}", "3:12: there is no setting monitor.seed.hots; did you mean monitor.seed.host?")]
    [InlineData("monitor.entirely.elsewhere = 1", "1:1: there is no setting monitor.entirely")]
    [InlineData("montior.seed.port = 1", "1:1: there is no group montior; did you mean monitor?")]
    [InlineData("monitor.seed.port { a = 1 }", "1:19: monitor.seed.port is an object; it must be a single value")]
    [InlineData("monitor.seed = 5", "1:16: monitor.seed is a plain value; it must be a group { … }")]
    [InlineData("monitor.agent.seeds = \"a:1\"", "1:23: monitor.agent.seeds is a plain value; it must be a list [a, b]")]
    [InlineData("monitor.name = null", "1:16: monitor.name has no value")]
    [InlineData("monitor.config = x", "1:18: a configuration file can't name another one here")]
    [InlineData("monitor {", "1:9: this { is never closed")]
    public void A_slip_in_a_file_is_refused_with_its_place_and_a_remedy(string text, string says)
    {
        var file = File(text);
        var error = Assert.Throws<UserError>(() => Load([], (SettingsLoader.ConfigKey, file)));
        Assert.StartsWith($"{file}:{says}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_says_who_named_it()
    {
        var error = Assert.Throws<UserError>(() => Load(new() { ["MONITOR_CONFIG"] = "/no/such.conf" }));
        Assert.Equal("/no/such.conf: no such file (named by environment variable MONITOR_CONFIG)", error.Message);
    }

    [Fact]
    public void Keys_of_the_user_that_are_neither_ours_nor_the_engines_serve_his_substitutions()
    {
        var file = File("site = north\nmonitor.name = ${site}");
        Assert.Equal("north", Load([], (SettingsLoader.ConfigKey, file)).Text("monitor.name"));
    }

    [Fact]
    public void Keys_of_the_engine_are_kept_for_the_engine()
    {
        var file = File("akka.cluster.gossip-interval = 3s");
        Assert.Equal(TimeSpan.FromSeconds(3), Load([], (SettingsLoader.ConfigKey, file)).EngineOverrides.GetTimeSpan("akka.cluster.gossip-interval"));
        Assert.True(Load().EngineOverrides.IsEmpty);
    }

    [Fact]
    public void A_variable_that_sets_nothing_is_a_warning_that_names_the_nearest()
    {
        var settings = Load(new() { ["MONITOR_SEED_PROT"] = "1" });
        Assert.Equal(["the environment variable MONITOR_SEED_PROT sets nothing; did you mean MONITOR_SEED_PORT?"], settings.Warnings);
    }

    [Fact]
    public void Lists_and_groups_in_a_variable_are_separated_by_commas()
    {
        var settings = Load(new() { ["MONITOR_AGENT_SEEDS"] = "a:1, [::1]:2", ["MONITOR_AGENT_LABELS"] = "rack=a,site=x=y" });
        Assert.Equal([new HostPort("a", 1), new HostPort("::1", 2)], settings.Addresses("monitor.agent.seeds", 4053));
        Assert.Equal("x=y", settings.Map("monitor.agent.labels")["site"]);
    }

    [Theory]
    [InlineData("70000", "from 0 to 65535")]
    [InlineData("-1", "from 0 to 65535")]
    [InlineData("1.5", "from 0 to 65535")]
    [InlineData("", "from 0 to 65535")]
    public void A_bad_number_is_an_error_that_says_what_is_allowed(string text, string says)
    {
        var settings = Load(new() { ["MONITOR_SEED_PORT"] = text });
        var error = Assert.Throws<UserError>(() => settings.Port("monitor.seed.port"));
        Assert.StartsWith($"environment variable MONITOR_SEED_PORT: monitor.seed.port is \"{text}\"; it must be", error.Message, StringComparison.Ordinal);
        Assert.Contains(says, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_getter_refuses_what_is_not_its_kind()
    {
        var settings = Load(new()
        {
            ["MONITOR_SEED_HEADLESS"] = "maybe",
            ["MONITOR_CLUSTER_DOWN_AFTER"] = "soon",
            ["MONITOR_LOG_FILE_SIZE"] = "big",
            ["MONITOR_NAME"] = "../../etc",
            ["MONITOR_SEED_HOST"] = "no host",
            ["MONITOR_DASHBOARD_SEED"] = "host:port",
            ["MONITOR_LOG_LEVEL"] = "loud",
        });
        Assert.Throws<UserError>(() => settings.Flag("monitor.seed.headless"));
        Assert.Throws<UserError>(() => settings.Duration("monitor.cluster.down-after"));
        Assert.Throws<UserError>(() => settings.Size("monitor.log.file-size"));
        Assert.Throws<UserError>(() => settings.Name("monitor.name", "host"));
        Assert.Throws<UserError>(() => settings.Host("monitor.seed.host"));
        Assert.Throws<UserError>(() => settings.Address("monitor.dashboard.seed", 4053));
        Assert.Throws<UserError>(() => settings.Word("monitor.log.level", "debug", "info"));
        Assert.Throws<UserError>(() => settings.Integer("monitor.agent.labels"));
        Assert.Throws<UserError>(() => settings.Texts("monitor.seed.host"));
        Assert.Throws<UserError>(() => settings.Map("monitor.seed.host"));
    }

    private static MonitorSettings Load(Dictionary<string, string>? environment = null, params (string Key, string Text)[] options)
    {
        var layer = HoconObject.Empty;
        foreach (var (key, text) in options)
        {
            layer = SettingsLoader.At(key, SettingsLoader.FromTexts(key, [text], new HoconOrigin("option", 0, 0))).Over(layer);
        }

        return SettingsLoader.Load(environment ?? [], layer);
    }

    private string File(string text)
    {
        var path = _folder.File("test.conf");
        System.IO.File.WriteAllText(path, text);
        return path;
    }
}

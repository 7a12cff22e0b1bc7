using System.CommandLine;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class RunnerTests
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly List<MonitorSettings> _ran = [];
    private Dictionary<string, string> _environment = [];
    private Func<ProgramRun, Task<int>>? _body;

    [Fact]
    public async Task Options_become_settings()
    {
        Assert.Equal(0, await Run("--port", "7", "--no-agent", "--seed", "a:1", "--seed", "b", "--label", "rack=1", "--label=site=x", "--data", "/d"));
        var settings = Assert.Single(_ran);
        Assert.Equal(7, settings.Port("monitor.seed.port"));
        Assert.False(settings.Flag("monitor.seed.agent"));
        Assert.Equal(["a:1", "b"], settings.Texts("monitor.agent.seeds"));
        Assert.Equal("1", settings.Map("monitor.agent.labels")["rack"]);
        Assert.Equal("x", settings.Map("monitor.agent.labels")["site"]);
        Assert.Equal("/d", settings.Text("monitor.data"));
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task Options_that_are_not_given_set_nothing()
    {
        Assert.Equal(0, await Run());
        Assert.True(_ran[0].Flag("monitor.seed.agent"));
        Assert.Empty(_ran[0].Texts("monitor.agent.seeds"));
    }

    [Fact]
    public async Task Options_go_over_the_environment()
    {
        _environment = new() { ["MONITOR_SEED_PORT"] = "1", ["MONITOR_LOG_LEVEL"] = "error" };
        Assert.Equal(0, await Run("--port", "2"));
        Assert.Equal(2, _ran[0].Port("monitor.seed.port"));
        Assert.Equal("error", _ran[0].Text("monitor.log.level"));
    }

    [Fact]
    public async Task A_verb_has_the_options_of_all()
    {
        Assert.Equal(0, await Run("status", "--data", "/d", "--json"));
        Assert.Equal("/d", _ran[0].Text("monitor.data"));
    }

    [Theory]
    [InlineData("there is no option --prot; did you mean --port?", "--prot", "1")]
    [InlineData("there is no option --entirely-else", "--entirely-else")]
    [InlineData("\"statsu\" is not expected here; did you mean status?", "statsu")]
    [InlineData("--port is \"x\"; it must be a port from 0 to 65535", "--port", "x")]
    [InlineData("--seed is \"h:0\"; it must have a port from 1 to 65535", "--seed", "h:0")]
    [InlineData("--log-level is \"loud\"; it must be one of debug, info, warning, error", "--log-level", "loud")]
    [InlineData("--port", "--port")]
    [InlineData("--port", "--port", "1", "--port", "2")]
    [InlineData("--label is \"x\"; it must be KEY=VALUE", "--label", "x")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(string says, params string[] args)
    {
        Assert.Equal(2, await Run(args));
        var line = Assert.Single(Lines(_error));
        Assert.StartsWith("Seed: ", line, StringComparison.Ordinal);
        Assert.Contains(says, line, StringComparison.Ordinal);
        Assert.EndsWith("; see Seed --help", line, StringComparison.Ordinal);
        Assert.Equal("", _out.ToString());
        Assert.Empty(_ran);
    }

    [Fact]
    public async Task Help_and_version_go_to_stdout()
    {
        Assert.Equal(0, await Run("--help"));
        Assert.Contains("--port <PORT>", _out.ToString(), StringComparison.Ordinal);
        Assert.Contains("--log-level", _out.ToString(), StringComparison.Ordinal);
        _out.GetStringBuilder().Clear();
        Assert.Equal(0, await Run("--version"));
        Assert.Equal([$"Seed {ProgramContext.Version}"], Lines(_out));
        Assert.Matches(@"^\d+\.\d+\.\d+$", ProgramContext.Version);
        Assert.Equal("", _error.ToString());
    }

    [Fact]
    public async Task A_users_error_is_one_line_and_exit_code_1()
    {
        _body = _ => throw new UserError("the port is taken; stop the other\nprogram \u001b[2J");
        Assert.Equal(1, await Run());
        Assert.Equal(["Seed: the port is taken; stop the other\\nprogram \\u001b[2J"], Lines(_error));
    }

    [Fact]
    public async Task A_usage_error_found_later_is_exit_code_2()
    {
        _body = _ => throw new UsageError("say where the seed is: --seed HOST:PORT");
        Assert.Equal(2, await Run());
        Assert.Equal(["Seed: say where the seed is: --seed HOST:PORT; see Seed --help"], Lines(_error));
    }

    [Fact]
    public async Task The_unexpected_is_one_line_and_its_details_come_at_debug_level_only()
    {
        _body = async _ =>
        {
            await Task.Yield();
            throw new InvalidOperationException("odd");
        };
        Assert.Equal(1, await Run());
        Assert.Equal(["Seed: unexpected InvalidOperationException: odd (run with --log-level debug for the details)"], Lines(_error));
        Assert.Equal(1, await Run("--log-level", "debug"));
        Assert.Contains(nameof(The_unexpected_is_one_line_and_its_details_come_at_debug_level_only), _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broken_configuration_is_one_line_with_its_place()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("x.conf"), "monitor {\n  name = \"open\n}");
        Assert.Equal(1, await Run("--config", folder.File("x.conf")));
        Assert.StartsWith($"Seed: {folder.File("x.conf")}:2:10: the quote is not closed", Assert.Single(Lines(_error)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_variable_that_sets_nothing_is_said_and_the_program_runs()
    {
        _environment = new() { ["MONITOR_SEDE_PORT"] = "1" };
        Assert.Equal(0, await Run());
        Assert.Contains("MONITOR_SEED_PORT", Assert.Single(Lines(_error)), StringComparison.Ordinal);
    }

    private static string[] Lines(StringWriter from) => from.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private Task<int> Run(params string[] args)
    {
        var context = new ProgramContext("Seed", _out, _error, new FixedTime(DateTimeOffset.UnixEpoch), new Random(1), _environment, Terminals.None);
        var runner = new ProgramRunner(context, "A program.");
        runner.Root.Option("--port", "monitor.seed.port", "PORT", "Where to listen", OptionChecks.Port);
        runner.Root.Flag("--no-agent", "monitor.seed.agent", false, "Not here");
        runner.Root.List("--seed", "monitor.agent.seeds", "HOST:PORT", "A seed", OptionChecks.Address);
        runner.Root.List("--label", "monitor.agent.labels", "K=V", "A label", OptionChecks.Label);
        runner.Root.OnRun(Body);
        var status = runner.Root.Verb("status", "The fleet, once");
        status.Command.Add(new Option<bool>("--json"));
        status.OnRun(Body);
        return runner.RunAsync(args);

        Task<int> Body(ProgramRun run)
        {
            _ran.Add(run.Settings);
            return _body?.Invoke(run) ?? Task.FromResult(0);
        }
    }
}

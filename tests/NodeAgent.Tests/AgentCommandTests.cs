using System.Text.Json;
using ClusterMonitor.Hosting;

namespace ClusterMonitor.NodeAgent.Tests;

public sealed class AgentCommandTests : IDisposable
{
    private readonly StringWriter _out = new();
    private readonly StringWriter _error = new();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory();

    public void Dispose()
    {
        _out.Dispose();
        _error.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Sample_prints_a_table_that_names_what_is_measured()
    {
        Assert.Equal(ExitCodes.Done, await Run("sample"));
        var lines = _out.ToString().Split('\n');
        Assert.Contains(lines, l => l.Contains("system.cpu.utilization", StringComparison.Ordinal) && l.Contains("state=idle", StringComparison.Ordinal));
        Assert.Contains(lines, l => l.TrimStart().StartsWith("process ", StringComparison.Ordinal));
        Assert.All(lines, l => Assert.Equal(l.TrimEnd(), l));
    }

    [Fact]
    public async Task Sample_gives_json_one_object_a_line_with_real_numbers()
    {
        Assert.Equal(ExitCodes.Done, await Run("sample", "--count", "2", "--json"));
        var lines = _out.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(2, lines.Length);
        using var json = JsonDocument.Parse(lines[1]);
        var metrics = json.RootElement.GetProperty("metrics").EnumerateArray().ToList();
        var shares = metrics.Where(m => m.GetProperty("name").GetString() == "system.cpu.utilization" && !m.GetProperty("attributes").TryGetProperty("cpu", out _)).ToList();
        Assert.Equal(8, shares.Count);
        Assert.Equal(1.0, shares.Sum(s => s.GetProperty("value").GetDouble()), 2);
        Assert.NotEmpty(json.RootElement.GetProperty("processes").EnumerateArray());
    }

    [Theory]
    [InlineData("--seeed", "x")]
    [InlineData("--seed", "host:99999")]
    [InlineData("--seed", "h", "--port", "many")]
    [InlineData("--seed", "h", "--name", "a/b")]
    [InlineData("--seed", "h", "--label", "novalue")]
    [InlineData("sample", "--count", "0")]
    public async Task A_wrong_command_line_is_one_line_and_exit_code_2(params string[] args)
    {
        Assert.Equal(ExitCodes.Usage, await Run(args));
        Assert.Single(_error.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Without_a_seed_it_says_how_to_give_one()
    {
        Assert.Equal(ExitCodes.Usage, await Run("--data", _folder.FullName));
        Assert.Contains("--seed HOST:PORT", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_certificate_it_says_where_one_comes_from()
    {
        Assert.Equal(ExitCodes.Failed, await Run("--seed", "127.0.0.1:1", "--data", _folder.FullName));
        Assert.Contains("join with the line that Seed token create prints on the seed's machine", _error.ToString(), StringComparison.Ordinal);
    }

    private Task<int> Run(params string[] args)
    {
        var context = new ProgramContext("NodeAgent", _out, _error, TimeProvider.System, new Random(1), new Dictionary<string, string>(), Terminals.None);
        return AgentCommand.Build(context).RunAsync(args);
    }
}

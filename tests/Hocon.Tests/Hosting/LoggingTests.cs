using System.Runtime.InteropServices;
using ClusterMonitor.Hosting;

namespace Hocon.Tests.Hosting;

public sealed class LoggingTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_line_is_one_line_of_time_level_source_and_text() =>
        Assert.Equal(
            "2026-11-21T20:15:03.123Z INFO  nodes  said \\u001b[2J\\nand more",
            ProgramLogging.Line(DateTimeOffset.Parse("2026-11-21T21:15:03.1234+01:00"), LogLevel.InfoLevel, "nodes", "said \u001b[2J\nand more"));

    [Fact]
    public void A_full_file_is_set_aside_and_the_oldest_goes()
    {
        var path = _folder.File("seed.log");
        using (var log = new RotatingFile(path, size: 20, kept: 2))
        {
            for (var i = 0; i < 9; i++)
            {
                log.WriteLine($"line {i}"); // 7 bytes: two to a file
            }
        }

        Assert.Equal(["seed.log", "seed.log.1", "seed.log.2"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
        Assert.Equal("line 8\n", File.ReadAllText(path));
        Assert.Equal("line 6\nline 7\n", File.ReadAllText(path + ".1"));
        Assert.Equal("line 4\nline 5\n", File.ReadAllText(path + ".2"));
    }

    [Fact]
    public void A_file_that_exists_is_continued()
    {
        var path = _folder.File("seed.log");
        File.WriteAllText(path, "before\n");
        using (var log = new RotatingFile(path, 1000, 1))
        {
            log.WriteLine("after");
        }

        Assert.Equal("before\nafter\n", File.ReadAllText(path));
    }

    [Fact]
    public void A_file_that_can_not_be_opened_is_a_users_error() =>
        Assert.Throws<UserError>(() => new RotatingFile(Path.Combine(_folder.Path, "no", "such", "folder.log"), 1000, 1));

    [Fact]
    public void The_first_signal_stops_in_good_order_and_the_second_at_once()
    {
        var said = new List<string>();
        using var signals = new ProgramSignals(s => said.Add($"stop {s}"), null, code => said.Add($"exit {code}"));
        signals.Receive(PosixSignal.SIGTERM);
        signals.Receive(PosixSignal.SIGHUP);
        signals.Receive(PosixSignal.SIGINT);
        Assert.Equal(["stop SIGTERM", "exit 130"], said);
    }

    [Fact]
    public void A_hangup_may_mean_something_of_its_own()
    {
        var said = new List<string>();
        using var signals = new ProgramSignals(s => said.Add(s), () => said.Add("hangup"), code => said.Add($"exit {code}"));
        signals.Receive(PosixSignal.SIGHUP);
        signals.Receive(PosixSignal.SIGHUP);
        signals.Receive(PosixSignal.SIGTERM);
        Assert.Equal(["hangup", "hangup", "SIGTERM"], said);
    }
}

using System.Text;

namespace ClusterMonitor.Tui.Tests;

/// <summary>The terminal on a real pty.</summary>
public sealed class TerminalTests
{
    [Fact]
    public void Restoring_brings_back_the_attributes_and_the_screen_however_often_it_is_said()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: true);
        terminal.Enter();
        Assert.NotEqual(before, pty.Attributes());
        Assert.Contains("\e[?1049h", Text(pty.Receive(1000)));

        terminal.Restore();
        terminal.Restore();
        Assert.Equal(before, pty.Attributes());
        var farewell = Text(pty.Receive(1000));
        Assert.Equal(1, farewell.Split("\e[?1049l").Length - 1);
        Assert.Contains("\e[?25h", farewell);
        Assert.Contains("\e[?1000l", farewell);
    }

    [Fact]
    public void It_may_be_entered_again_after_a_suspension_and_still_knows_the_first_attributes()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        terminal.Enter();
        terminal.Restore();
        terminal.Enter();
        terminal.Enter();
        terminal.Restore();
        Assert.Equal(before, pty.Attributes());
    }

    [Fact]
    public void The_attributes_for_the_guard_are_those_before_raw_mode()
    {
        using var pty = new PseudoTerminal(80, 24);
        var before = pty.Attributes();
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        Assert.Equal("", terminal.SavedForStty());
        terminal.Enter();
        Assert.Equal(before, terminal.SavedForStty());
    }

    [Fact]
    public void A_terminal_that_says_0x0_is_taken_for_80x24_or_what_the_environment_says()
    {
        using var pty = new PseudoTerminal(0, 0);
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        Assert.Equal((80, 24), terminal.Size(_ => null));
        Assert.Equal((132, 50), terminal.Size(name => name == "COLUMNS" ? "132" : "50"));
        Assert.Equal((80, 24), terminal.Size(_ => "-3"));
    }

    [Fact]
    public void Keys_come_through_and_a_hangup_is_noticed()
    {
        using var pty = new PseudoTerminal(80, 24);
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        terminal.Enter();
        pty.Type("\u0003q"u8);
        var buffer = new byte[16];
        Assert.Equal(2, terminal.Read(buffer, 5000));
        Assert.Equal("\u0003q"u8, buffer.AsSpan(0, 2));
        Assert.Equal(0, terminal.Read(buffer, 1));

        pty.HangUp();
        Assert.Equal(-1, terminal.Read(buffer, 5000));
    }

    [Fact]
    public async Task A_read_that_waits_is_woken()
    {
        using var pty = new PseudoTerminal(80, 24);
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        var read = Task.Run(() => terminal.Read(new byte[16], -1));
        terminal.Wake();
        Assert.Equal(0, await read.WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task A_write_to_a_frozen_terminal_ends_when_it_is_abandoned_and_restoring_does_not_hang()
    {
        using var pty = new PseudoTerminal(80, 24);
        using var terminal = new Terminal(pty.Slave, pty.Slave, mouse: false);
        terminal.Enter();
        var write = Task.Run(() => terminal.Write(new byte[1_000_000]));
        Assert.NotSame(write, await Task.WhenAny(write, Task.Delay(200)));
        terminal.Abandon();
        Assert.False(await write.WaitAsync(TimeSpan.FromSeconds(10)));
        await Task.Run(terminal.Restore).WaitAsync(TimeSpan.FromSeconds(10));
    }

    private static string Text(byte[] bytes) => Encoding.Latin1.GetString(bytes);
}

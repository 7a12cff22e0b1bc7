using System.ComponentModel;
using System.Diagnostics;

namespace ClusterMonitor.Tui;

/// <summary>
/// A shell that waits on a pipe. When this process vanishes without a word (SIGKILL, out of memory, a crash in native code)
/// its read ends, and it puts the terminal back.
/// </summary>
internal sealed class TerminalGuard : IDisposable
{
    private const string Script =
        "trap '' INT HUP TERM QUIT TSTP; read -r word || { stty \"$1\" </dev/tty; "
        + "printf '\\033[?2026l\\033[0m\\033[?1006l\\033[?1000l\\033[?2004l\\033[?7h\\033[?25h\\033[?1049l' >/dev/tty; } 2>/dev/null";

    private readonly Process _shell;

    private TerminalGuard(Process shell) => _shell = shell;

    /// <summary>Starts it, or says null where there is no shell: the dashboard works without.</summary>
    public static TerminalGuard? Start(Terminal terminal)
    {
        var attributes = terminal.SavedForStty();
        if (attributes.Length == 0)
        {
            return null;
        }

        // All three are redirected: for a child that shares the terminal, the runtime would touch the terminal's attributes.
        var start = new ProcessStartInfo("/bin/sh")
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.ArgumentList.Add("-c");
        start.ArgumentList.Add(Script);
        start.ArgumentList.Add("clustermonitor-terminal-guard");
        start.ArgumentList.Add(attributes);
        try
        {
            return Process.Start(start) is { } shell ? new TerminalGuard(shell) : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>Sends it home: the terminal is in order.</summary>
    public void Dispose()
    {
        try
        {
            _shell.StandardInput.WriteLine("ok");
            _shell.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has been killed: nothing left to send home.
        }

        _shell.Dispose();
    }
}

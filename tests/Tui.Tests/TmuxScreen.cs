using System.Diagnostics;

namespace ClusterMonitor.Tui.Tests;

/// <summary>A real terminal without a window: tmux shows the bytes, and says what stands on its screen.</summary>
internal static class TmuxScreen
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(p => File.Exists(Path.Combine(p, "tmux")));

    public static string Show(ReadOnlySpan<byte> bytes, int width, int height)
    {
        var folder = Directory.CreateTempSubdirectory("tui-tmux-").FullName;
        var socket = Path.Combine(folder, "socket");
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "bytes"), bytes);

            // Wrapping off, as the dashboard has it; then a mark that all of it has been shown.
            var script = $"stty raw -echo; printf '\\033[?7l'; cat '{folder}/bytes'; tmux -S '{socket}' wait-for -S shown; sleep 60";
            Tmux(socket, "-u", "-f", "/dev/null", "new-session", "-d", "-x", $"{width}", "-y", $"{height}", script);
            Tmux(socket, "set-option", "-g", "status", "off");
            Tmux(socket, "wait-for", "shown");
            return Tmux(socket, "capture-pane", "-p");
        }
        finally
        {
            Tmux(socket, "kill-server");
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Tmux(string socket, params string[] arguments)
    {
        var start = new ProcessStartInfo("tmux") { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LC_ALL"] = "C.UTF-8";
        start.Environment.Remove("TMUX");
        start.ArgumentList.Add("-S");
        start.ArgumentList.Add(socket);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEndAsync();
        if (!process.WaitForExit(Patience))
        {
            process.Kill();
            throw new TimeoutException($"tmux {string.Join(' ', arguments)} does not end");
        }

        return text.GetAwaiter().GetResult();
    }
}

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;

namespace ClusterMonitor.EndToEnd;

/// <summary>What a program that ended left behind.</summary>
internal sealed record Ended(int ExitCode, string Out, string Error)
{
    /// <summary>What it complained of; log lines begin with a time.</summary>
    public IReadOnlyList<string> ErrorLines =>
        [.. Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => !char.IsAsciiDigit(l[0]))];
}

/// <summary>A program under test, in a process of its own. It never outlives the test.</summary>
internal sealed partial class RunningProgram : IAsyncDisposable
{
    public const int SigKill = 9;
    public const int SigTerm = 15;
    public const int SigCont = 18;
    public const int SigStop = 19;

    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();
    private readonly string _name;
    private readonly Task _reading;

    private RunningProgram(string name, Process process)
    {
        _name = name;
        _process = process;
        _process.Start();
        _reading = Task.WhenAll(ReadAsync(_process.StandardOutput, _out), ReadAsync(_process.StandardError, _error));
    }

    public int Id => _process.Id;

    /// <summary>What it has written to stdout so far.</summary>
    public string Output => Text(_out);

    public bool HasExited => _process.HasExited;

    /// <summary>What runs a .NET program.</summary>
    public static string Dotnet { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") is { Length: > 0 } host ? host : "dotnet";

    /// <summary>Starts one of <see cref="Programs"/>.</summary>
    public static RunningProgram Start(string program, string folder, params string[] args) => StartAny(Dotnet, folder, [program, .. args]);

    /// <summary>Starts any command.</summary>
    public static RunningProgram StartAny(string command, string folder, params string[] args)
    {
        var info = new ProcessStartInfo(command)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var arg in args)
        {
            info.ArgumentList.Add(arg);
        }

        // What the surroundings set for monitors or for this test's own runtime is none of the program's business.
        foreach (var name in info.Environment.Keys.Where(k => k.StartsWith("MONITOR_", StringComparison.Ordinal)).ToList())
        {
            info.Environment.Remove(name);
        }

        info.Environment["DOTNET_TieredPGO"] = "0";
        info.Environment["TERM"] = "xterm-256color";
        return new RunningProgram(string.Join(' ', args.Take(1).Prepend(command).Select(Path.GetFileName)), new Process { StartInfo = info });
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task<Ended> RunAsync(string program, string folder, params string[] args)
    {
        await using var running = Start(program, folder, args);
        return await running.EndAsync(TimeSpan.FromSeconds(40));
    }

    public void Signal(int signal) => Signal(_process.Id, signal);

    /// <summary>Ends whatever of a fleet is left; what has ended meanwhile needs no more.</summary>
    public static void KillIfThere(int pid) => _ = Kill(pid, SigKill);

    public static void Signal(int pid, int signal)
    {
        if (Kill(pid, signal) != 0)
        {
            throw new InvalidOperationException($"kill -{signal} {pid}: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Sends these keys to its stdin.</summary>
    public void Type(string keys)
    {
        _process.StandardInput.Write(keys);
        _process.StandardInput.Flush();
    }

    public async Task<Ended> EndAsync(TimeSpan within)
    {
        using var late = new CancellationTokenSource(within);
        try
        {
            await _process.WaitForExitAsync(late.Token);
            await _reading.WaitAsync(late.Token);
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"{_name} had not ended after {within.TotalSeconds} s.\n{Transcript}");
        }

        return new Ended(_process.ExitCode, Text(_out), Text(_error));
    }

    /// <summary>Everything it has written so far, for the message of a failed test.</summary>
    public string Transcript => $"--- {_name} stdout\n{Text(_out)}\n--- {_name} stderr\n{Text(_error)}";

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(SigKill);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    // By characters: a screen has no lines.
    private static async Task ReadAsync(StreamReader from, StringBuilder into)
    {
        var buffer = new char[4096];
        for (int count; (count = await from.ReadAsync(buffer)) > 0;)
        {
            lock (into)
            {
                into.Append(buffer, 0, count);
            }
        }
    }

    private static string Text(StringBuilder of)
    {
        lock (of)
        {
            return of.ToString();
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}

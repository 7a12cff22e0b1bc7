using System.Runtime.InteropServices;

namespace ClusterMonitor.Tui;

/// <summary>POSIX signals as messages of the loop.</summary>
internal sealed class TerminalSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];

    public TerminalSignals(Terminal terminal, bool ends, bool suspends, Action<AppMessage> post)
    {
        if (!OperatingSystem.IsWindows())
        {
            On(PosixSignal.SIGWINCH, TerminalSignal.Resize);
            On(PosixSignal.SIGCONT, TerminalSignal.Continue);
            if (suspends)
            {
                On(PosixSignal.SIGTSTP, TerminalSignal.Suspend);
            }
        }

        if (!ends)
        {
            return;
        }

        foreach (var signal in new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGQUIT })
        {
            On(signal, TerminalSignal.End, terminal.Abandon);
        }

        On(PosixSignal.SIGHUP, TerminalSignal.Hangup, terminal.Abandon);

        void On(PosixSignal signal, TerminalSignal message, Action? first = null) =>
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                first?.Invoke();
                post(new SignalArrived(message));
            }));
    }

    /// <summary>What the terminal does on Ctrl-Z when it is not raw: stop the whole job, as the shell expects.</summary>
    public static void SuspendJob() => _ = Libc.Kill(0, Libc.SignalTerminalStop);

    /// <summary>Stops this process until SIGCONT.</summary>
    public static void StopProcess() => _ = Libc.Kill(Environment.ProcessId, Libc.SignalStop);

    public void Dispose() => _registrations.ForEach(r => r.Dispose());
}

/// <summary>The terminal is put back however the process ends: unhandled exceptions on any thread, an exit from anywhere, or, by the guard, SIGKILL.</summary>
internal sealed class TerminalSafety : IDisposable
{
    private readonly Terminal _terminal;
    private TerminalGuard? _guard;

    public TerminalSafety(Terminal terminal)
    {
        _terminal = terminal;
        AppDomain.CurrentDomain.UnhandledException += OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>After <see cref="Terminal.Enter"/>, which is when the attributes to go back to are known.</summary>
    public void StartGuard() => _guard ??= TerminalGuard.Start(_terminal);

    public void Dispose()
    {
        AppDomain.CurrentDomain.UnhandledException -= OnUnhandled;
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _terminal.Restore();
        _guard?.Dispose();
    }

    private void OnUnhandled(object sender, UnhandledExceptionEventArgs e) => _terminal.Restore();

    private void OnExit(object? sender, EventArgs e)
    {
        _terminal.Restore();
        _guard?.Dispose();
    }
}

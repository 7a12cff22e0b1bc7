using System.Runtime.InteropServices;

namespace ClusterMonitor.Hosting;

/// <summary>
/// TERM, INT and HUP: the first asks the program to stop in good order, a second ends the process at once.
/// The runtime's own handling (the process ends when the handler returns) is switched off for these.
/// </summary>
public sealed class ProgramSignals : IDisposable
{
    private readonly List<PosixSignalRegistration> _registrations = [];
    private readonly Action<string> _stop;
    private readonly Action? _hangup;
    private readonly Action<int> _forceExit;
    private int _stops;

    /// <summary>Starts listening.</summary>
    /// <param name="stop">Called once, with the signal's name, on a thread of the pool.</param>
    /// <param name="hangup">What HUP means (a dropped SSH session); null = stop.</param>
    /// <param name="forceExit">Ends the process with this code; null = <see cref="Environment.Exit"/>.</param>
    public ProgramSignals(Action<string> stop, Action? hangup = null, Action<int>? forceExit = null)
    {
        _stop = stop;
        _hangup = hangup;
        _forceExit = forceExit ?? Environment.Exit;
        foreach (var signal in new[] { PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP })
        {
            _registrations.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                Receive(context.Signal);
            }));
        }
    }

    /// <summary>The usual: the first signal shuts a system down in good order.</summary>
    /// <param name="system">Leaves the cluster before its transport closes.</param>
    /// <param name="hangup">What HUP means; null = stop.</param>
    public static ProgramSignals ShutDown(ActorSystem system, Action? hangup = null) =>
        new(signal => CoordinatedShutdown.Get(system).Run(new SignalReason(signal)), hangup);

    /// <inheritdoc/>
    public void Dispose() => _registrations.ForEach(r => r.Dispose());

    /// <summary>What a signal does; tests call it in the signal's stead.</summary>
    internal void Receive(PosixSignal signal)
    {
        if (signal == PosixSignal.SIGHUP && _hangup is not null)
        {
            _hangup();
            return;
        }

        if (Interlocked.Increment(ref _stops) == 1)
        {
            _stop(signal.ToString());
        }
        else if (signal != PosixSignal.SIGHUP)
        {
            // The shell's convention for a process that a signal ended: 128 + the signal's number.
            _forceExit(signal == PosixSignal.SIGINT ? 130 : 143);
        }
    }
}

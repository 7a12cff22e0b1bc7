using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace ClusterMonitor.Hosting;

/// <summary>
/// Tells systemd how the service is (sd_notify(3)): ready, alive, stopping. Without <c>NOTIFY_SOCKET</c> it does nothing.
/// A message that can't be sent is lost: a monitor must not stop because its supervisor does not listen.
/// </summary>
public sealed class ServiceNotifier : IDisposable
{
    private readonly Socket? _socket;
    private readonly UnixDomainSocketEndPoint? _to;
    private readonly ITimer? _watchdog;

    /// <summary>Reads <c>NOTIFY_SOCKET</c> and <c>WATCHDOG_USEC</c>; the watchdog is fed from now on, twice in the time it allows.</summary>
    public ServiceNotifier(IReadOnlyDictionary<string, string> environment, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(environment);
        ArgumentNullException.ThrowIfNull(time);
        if (OperatingSystem.IsWindows() || environment.GetValueOrDefault("NOTIFY_SOCKET") is not { Length: > 1 } path)
        {
            return;
        }

        // A leading @ stands for the NUL of an abstract name (unix(7)).
        _to = new UnixDomainSocketEndPoint(path[0] == '@' ? "\0" + path[1..] : path);
        _socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        if (long.TryParse(environment.GetValueOrDefault("WATCHDOG_USEC"), NumberStyles.None, CultureInfo.InvariantCulture, out var microseconds) && microseconds > 0)
        {
            var half = TimeSpan.FromMicroseconds(Math.Min(microseconds, 3_600_000_000) / 2.0);
            _watchdog = time.CreateTimer(_ => Say("WATCHDOG=1"), null, half, half);
        }
    }

    /// <summary>It serves; <paramref name="status"/> is what systemctl status shows.</summary>
    public void Ready(string status) => Say($"READY=1\nSTATUS={Printable.Escape(status)}");

    /// <summary>It was asked to stop, and does.</summary>
    public void Stopping() => Say("STOPPING=1");

    /// <inheritdoc/>
    public void Dispose()
    {
        _watchdog?.Dispose();
        _socket?.Dispose();
    }

    private void Say(string text)
    {
        try
        {
            _socket?.SendTo(Encoding.UTF8.GetBytes(text), _to!);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Nobody listens, or this program is past its end.
        }
    }
}

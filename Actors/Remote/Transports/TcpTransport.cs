using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Actors.Remoting;

/// <summary>
/// TCP, by default inside TLS 1.3 with certificates on both sides. Without <see cref="TlsSettings"/> it is plain TCP, for tests of the engine only.
/// A dialler verifies its peer inside the handshake. A listener lets the handshake end and then tells a peer that it doesn't trust why,
/// in a <see cref="DisassociateCode.Refused"/> frame, without ever reading a byte from it. The one exception are peers without a certificate
/// while there is an <see cref="IEnrolmentDesk"/>: see <see cref="EnrolmentTalk"/>.
/// </summary>
internal sealed class TcpTransport : ITransport
{
    private readonly TlsSettings? _tls;
    private readonly PeerVerifier? _verifier;
    private readonly TimeProvider _time;
    private readonly HandshakeGate _gate;
    private readonly TimeSpan _handshakeTimeout;
    private readonly Action<string> _refused;
    private readonly SslStreamCertificateContext? _certificate;
    private readonly EnrolmentTalk _enrolment;
    private Socket? _listener;

    /// <summary>Makes it. <paramref name="refused"/> hears of every peer that was turned away and why.</summary>
    public TcpTransport(TlsSettings? tls, TimeProvider time, TcpLimits limits, Action<string> refused)
    {
        (_tls, _time, _refused, _handshakeTimeout) = (tls, time, refused, limits.HandshakeTimeout);
        _gate = new HandshakeGate(limits.Handshakes, limits.HandshakesPerAddress);
        _enrolment = new EnrolmentTalk(limits, time, refused);
        if (tls is not null)
        {
            _verifier = new PeerVerifier(tls);
            _certificate = SslStreamCertificateContext.Create(tls.Certificate, tls.Authorities, offline: true);
        }
    }

    /// <summary>Who hands out certificates; null: nobody, and peers without one are turned away.</summary>
    public IEnrolmentDesk? Desk { get; set; }

    public string Scheme => _tls is null ? "akka.tcp" : "akka.ssl.tcp";

    public HostPort Listen(HostPort local, Action<IConnection> accepted)
    {
        try
        {
            var address = IPAddress.TryParse(local.Host, out var ip) ? ip : Dns.GetHostAddresses(local.Host)[0];
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            // .NET lets a restarted system take its port back at once (SO_REUSEADDR); another live listener on it is refused.
            socket.Bind(new IPEndPoint(address, local.Port));
            socket.Listen(1024);
            _listener = socket;
            _ = AcceptAsync(socket, accepted);
            return local with { Port = ((IPEndPoint)socket.LocalEndPoint!).Port };
        }
        catch (SocketException e)
        {
            throw new RemoteTransportException(ListenProblem(local, e), e);
        }
    }

    public void Connect(HostPort remote, TimeSpan timeout, CancellationToken cancellation, Action<IConnection?, string> done) =>
        _ = ConnectAsync(remote, timeout, cancellation, done);

    public void Close() => _listener?.Dispose();

    private static string ListenProblem(HostPort local, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"can't listen on {local}: the port is in use; stop what listens there or choose another port (0 takes a free one)",
        SocketError.AddressNotAvailable => $"can't listen on {local}: this machine has no such address; give one of its own, or 0.0.0.0 for all",
        SocketError.AccessDenied => $"can't listen on {local}: not permitted; ports below 1024 need a privilege, choose a higher one",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"can't listen on {local}: the host name is unknown",
        _ => $"can't listen on {local}: {e.Message}",
    };

    private static string ConnectProblem(HostPort remote, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.ConnectionRefused => $"no answer from {remote}: connection refused, nothing listens there",
        SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => $"no answer from {remote}: the host name is unknown",
        SocketError.HostUnreachable or SocketError.NetworkUnreachable => $"no answer from {remote}: no route to it",
        SocketError.TimedOut => $"no answer from {remote}: TCP timed out",
        _ => $"no answer from {remote}: {e.Message}",
    };

    private static void Tune(Socket socket)
    {
        Span<byte> milliseconds = stackalloc byte[4];
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 20);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
        {
            // TCP_USER_TIMEOUT (tcp(7)): bytes that no kernel acknowledges for so long break the connection, instead of after a quarter
            // of an hour. A process that is merely paused keeps its link: its kernel goes on acknowledging.
            const int tcpUserTimeout = 18;
            BitConverter.TryWriteBytes(milliseconds, 10_000);
            socket.SetRawSocketOption((int)SocketOptionLevel.Tcp, tcpUserTimeout, milliseconds);
        }
    }

    private async Task AcceptAsync(Socket listener, Action<IConnection> accepted)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted or SocketError.Interrupted })
            {
                return;
            }
            catch (SocketException e)
            {
                // Out of descriptors or memory, or a peer that left before it was accepted: others may still get through.
                _refused($"a connection could not be accepted: {e.Message}");
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time).ConfigureAwait(false);
                continue;
            }

            _ = WelcomeAsync(socket, accepted);
        }
    }

    private async Task WelcomeAsync(Socket socket, Action<IConnection> accepted)
    {
        var address = (socket.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None;
        if (!_gate.TryEnter(address))
        {
            socket.Dispose();
            _refused($"connection from {address} refused: too many handshakes at once");
            return;
        }

        TcpConnection? connection = null;
        var enrols = false;
        try
        {
            Tune(socket);
            (connection, enrols) = _tls is null
                ? (new TcpConnection(socket, new NetworkStream(socket), PeerIdentity.Unknown with { RemoteAddress = address }, _time), false)
                : await AuthenticateAsync(socket, address).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // Whatever a stranger's bytes make of the handshake, it ends here, said and counted.
            socket.Dispose();
            var cause = e is OperationCanceledException ? $"no TLS handshake within {_handshakeTimeout.TotalSeconds:0.#} s" : Innermost(e).Message;
            _refused($"connection from {address} refused: {cause}");
        }
        finally
        {
            _gate.Leave(address);
        }

        if (connection is null)
        {
            return;
        }

        if (enrols && Desk is { } desk)
        {
            await _enrolment.ServeAsync(connection, desk, address).ConfigureAwait(false);
        }
        else
        {
            accepted(connection);
        }
    }

    /// <summary>The connection of a peer that is trusted, or of one that has no certificate and may ask for one; null for all others.</summary>
    private async Task<(TcpConnection? Connection, bool Enrols)> AuthenticateAsync(Socket socket, IPAddress address)
    {
        using var timeout = new CancellationTokenSource(_handshakeTimeout, _time);
        string? refusal = null;
        var bare = true;
        var peer = PeerIdentity.Unknown with { RemoteAddress = address };
        var tls = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false);
        await tls.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions
            {
                ServerCertificateContext = _certificate,
                ClientCertificateRequired = true,
                EnabledSslProtocols = SslProtocols.Tls13,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                CertificateChainPolicy = _verifier!.ChainPolicy(_time.GetUtcNow()),
                RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
                {
                    var shown = certificate as X509Certificate2;
                    bare = shown is null;
                    peer = shown is null ? peer : PeerIdentity.Of(shown, address);
                    refusal = _verifier.Refuse(shown, chain, errors, _time.GetUtcNow(), dialled: false);
                    return true;
                },
            },
            timeout.Token).ConfigureAwait(false);
        if (refusal is null || (bare && Desk is not null))
        {
            return (new TcpConnection(socket, tls, peer, _time), refusal is not null);
        }

        _refused($"connection from {(peer.CommonName.Length == 0 ? address : peer)} refused: {refusal}");
        await EnrolmentTalk.TurnAwayAsync(new TcpConnection(socket, tls, peer, _time), refusal).ConfigureAwait(false);
        return (null, false);
    }

    private async Task ConnectAsync(HostPort remote, TimeSpan timeout, CancellationToken cancellation, Action<IConnection?, string> done)
    {
        // Never before Connect returns, so that callers may hold locks.
        await Task.Yield();
        using var late = new CancellationTokenSource(timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        var stage = "TCP not connected";
        string? refusal = null;
        var problem = "";
        TcpConnection? connection = null;
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(remote.Host, remote.Port, either.Token).ConfigureAwait(false);
            Tune(socket);
            stage = "TCP connected, TLS not answered";
            var address = (socket.RemoteEndPoint as IPEndPoint)?.Address;
            address = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
            var peer = PeerIdentity.Unknown with { RemoteAddress = address };
            Stream stream = new NetworkStream(socket, ownsSocket: true);
            if (_tls is not null)
            {
                var tls = new SslStream(stream, leaveInnerStreamOpen: false);
                await tls.AuthenticateAsClientAsync(ClientOptions(remote, why => refusal = why), either.Token).ConfigureAwait(false);
                peer = PeerIdentity.Of((X509Certificate2)tls.RemoteCertificate!, address);
                stream = tls;
            }

            connection = new TcpConnection(socket, stream, peer, _time);
        }
        catch (Exception e)
        {
            socket.Dispose();
            problem = e switch
            {
                _ when refusal is not null => $"no answer from {remote}: TCP connected, TLS refused: {refusal}",
                SocketException tcp => ConnectProblem(remote, tcp),
                OperationCanceledException when cancellation.IsCancellationRequested => $"dialling {remote} was given up",
                OperationCanceledException => $"no answer from {remote} in {timeout.TotalSeconds:0.#} s: {stage}",
                _ => $"no answer from {remote}: TCP connected, TLS failed: {Innermost(e).Message}; does it speak TLS 1.3?",
            };
        }

        done(connection, problem);
    }

    private SslClientAuthenticationOptions ClientOptions(HostPort remote, Action<string?> refused) => new()
    {
        TargetHost = remote.Host,
        ClientCertificateContext = _certificate,
        EnabledSslProtocols = SslProtocols.Tls13,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = _verifier!.ChainPolicy(_time.GetUtcNow()),
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) =>
        {
            var refusal = _verifier.Refuse(certificate as X509Certificate2, chain, errors, _time.GetUtcNow(), dialled: true);
            refused(refusal);
            return refusal is null;
        },
    };

    private static Exception Innermost(Exception e)
    {
        while (e.InnerException is not null)
        {
            e = e.InnerException;
        }

        return e;
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Actors.Remoting;

namespace EngineTests.Remote.Transports;

public sealed class TlsTrustTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TestCertificates _ours = new();
    private readonly TestCertificates _theirs = new();
    private readonly List<string> _refused = [];
    private readonly TaskCompletionSource<string> _firstRefusal = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TcpTransport _server;
    private readonly HostPort _bound;
    private int _accepted;

    public TlsTrustTests()
    {
        _server = new TcpTransport(_ours.Settings("seed-1", "seed"), TimeProvider.System, new TcpLimits(TimeSpan.FromSeconds(2), 8, 4), Refused);
        _bound = _server.Listen(new HostPort("127.0.0.1", 0), _ => Interlocked.Increment(ref _accepted));
    }

    public void Dispose()
    {
        _server.Close();
        _ours.Dispose();
        _theirs.Dispose();
    }

    [Fact]
    public async Task A_dialler_refuses_a_server_of_another_cluster_and_says_so()
    {
        var problem = await DialAsync(_theirs.Settings("agent", "agent"));
        Assert.Equal($"no answer from {_bound}: TCP connected, TLS refused: certificate not signed by this cluster's CA", problem);
    }

    [Fact]
    public async Task A_dialler_refuses_a_server_without_the_wanted_role()
    {
        var problem = await DialAsync(_ours.Settings("agent", "agent", serverRole: "boss"));
        Assert.Equal($"no answer from {_bound}: TCP connected, TLS refused: its certificate is for the role 'seed', not 'boss'", problem);
    }

    [Fact]
    public async Task A_listener_tells_a_stranger_why_it_is_turned_away_and_hands_nothing_on()
    {
        // Trusts this cluster, but was signed by another one.
        var stranger = TlsSettings.Of(_theirs.Issue("agent-x", "agent"), _ours.Authority);
        Assert.Equal("certificate not signed by this cluster's CA", await GoodbyeAsync(stranger));
        Assert.Contains("CN=agent-x, OU=agent at 127.0.0.1 refused: certificate not signed by this cluster's CA", await _firstRefusal.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal(0, Volatile.Read(ref _accepted));
    }

    [Fact]
    public async Task An_expired_certificate_is_told_its_dates()
    {
        var expired = TlsSettings.Of(_ours.Issue("agent-x", "agent", -20, -10), _ours.Authority);
        Assert.StartsWith("certificate expired: valid from ", await GoodbyeAsync(expired), StringComparison.Ordinal);
        Assert.Equal(0, Volatile.Read(ref _accepted));
    }

    [Fact]
    public async Task A_peer_without_a_certificate_is_turned_away()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _bound.Port);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "seed", EnabledSslProtocols = SslProtocols.Tls13 });
        Assert.Equal("no certificate was shown", await ReadGoodbyeAsync(tls));
        Assert.Equal(0, Volatile.Read(ref _accepted));
    }

    [Fact]
    public async Task A_peer_that_offers_only_older_tls_gets_no_handshake()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _bound.Port);
        await using var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await Assert.ThrowsAnyAsync<Exception>(() => tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "seed",
            EnabledSslProtocols = SslProtocols.Tls12,
            ClientCertificates = [_ours.Issue("a", "agent")],
        }));
        await _firstRefusal.Task.WaitAsync(Patience);
        Assert.Equal(0, Volatile.Read(ref _accepted));
    }

    [Fact]
    public async Task Garbage_instead_of_a_handshake_is_refused_and_others_still_get_in()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _bound.Port);
        await socket.GetStream().WriteAsync("GET / HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.Contains("127.0.0.1 refused", await _firstRefusal.Task.WaitAsync(Patience), StringComparison.Ordinal);
        Assert.Equal("", await DialAsync(_ours.Settings("agent", "agent", "seed")));
    }

    [Fact]
    public async Task A_peer_that_stalls_in_the_handshake_is_cut_off()
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _bound.Port);
        Assert.Contains("no TLS handshake within 2 s", await _firstRefusal.Task.WaitAsync(Patience), StringComparison.Ordinal);
    }

    [Fact]
    public async Task More_handshakes_at_once_than_one_address_may_have_are_turned_away()
    {
        var sockets = new List<TcpClient>();
        for (var i = 0; i < 6; i++)
        {
            var socket = new TcpClient();
            await socket.ConnectAsync(IPAddress.Loopback, _bound.Port);
            sockets.Add(socket);
        }

        Assert.Contains("too many handshakes at once", await _firstRefusal.Task.WaitAsync(Patience), StringComparison.Ordinal);
        sockets.ForEach(s => s.Dispose());
    }

    [Fact]
    public async Task A_dial_to_something_silent_says_how_far_it_got()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var remote = new HostPort("127.0.0.1", ((IPEndPoint)silent.LocalEndpoint).Port);
        var problem = await DialAsync(_ours.Settings("agent", "agent"), remote, TimeSpan.FromMilliseconds(200));
        Assert.Equal($"no answer from {remote} in 0.2 s: TCP connected, TLS not answered", problem);
    }

    [Fact]
    public void A_missing_or_broken_certificate_file_is_named_with_its_key()
    {
        var missing = Assert.Throws<RemoteTransportException>(() => TlsSettings.Load("no-such.pfx", "", "ca.crt", ""));
        Assert.StartsWith("can't read no-such.pfx (akka.remote.dot-netty.tcp.ssl.certificate.path): ", missing.Message, StringComparison.Ordinal);
        var unset = Assert.Throws<RemoteTransportException>(() => TlsSettings.Load("", "", "", ""));
        Assert.Equal("TLS is on, but akka.remote.dot-netty.tcp.ssl.certificate.path is not set", unset.Message);
    }

    private async Task<string> DialAsync(TlsSettings as_, HostPort? to = null, TimeSpan? timeout = null)
    {
        var answer = new TaskCompletionSource<(IConnection?, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        var dialler = new TcpTransport(as_, TimeProvider.System, TcpLimits.Default, _ => { });
        dialler.Connect(to ?? _bound, timeout ?? TimeSpan.FromSeconds(10), CancellationToken.None, (c, p) => answer.SetResult((c, p)));
        var (connection, problem) = await answer.Task.WaitAsync(Patience);
        connection?.Close("end of test");
        return problem;
    }

    /// <summary>The reason that the listener gives to a peer that it lets into TLS and not further.</summary>
    private async Task<string> GoodbyeAsync(TlsSettings stranger)
    {
        var answer = new TaskCompletionSource<(IConnection?, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        new TcpTransport(stranger, TimeProvider.System, TcpLimits.Default, _ => { })
            .Connect(_bound, TimeSpan.FromSeconds(10), CancellationToken.None, (c, p) => answer.SetResult((c, p)));
        var (connection, problem) = await answer.Task.WaitAsync(Patience);
        Assert.True(connection is not null, problem);
        var sink = new TestSink();
        connection!.Start(sink);
        await sink.Ended;
        return Goodbye.Read(sink.Bytes.AsSpan(5)).Reason;
    }

    private static async Task<string> ReadGoodbyeAsync(Stream stream)
    {
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes).WaitAsync(Patience);
        return Goodbye.Read(bytes.ToArray().AsSpan(5)).Reason;
    }

    private void Refused(string text)
    {
        lock (_refused)
        {
            _refused.Add(text);
        }

        _firstRefusal.TrySetResult(text);
    }
}

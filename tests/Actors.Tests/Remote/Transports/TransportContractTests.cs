using Actors.Remoting;

namespace EngineTests.Remote.Transports;

public sealed class TlsTransportTests : TransportContract, IDisposable
{
    private readonly TestCertificates _certificates = new();

    public void Dispose() => _certificates.Dispose();

    private protected override ITransport Make(string name) =>
        new TcpTransport(_certificates.Settings(name, name == "server" ? "seed" : "agent"), TimeProvider.System, TcpLimits.Default, _ => { });

    private protected override HostPort LocalOf(string name) => new("127.0.0.1", 0);

    [Fact]
    public async Task Each_end_knows_whose_certificate_the_other_showed()
    {
        var pair = await PairAsync();
        Assert.Equal(("server", "seed", "127.0.0.1"), (pair.Client.Peer.CommonName, pair.Client.Peer.Role, $"{pair.Client.Peer.RemoteAddress}"));
        Assert.Equal(("client", "agent", "127.0.0.1"), (pair.Server.Peer.CommonName, pair.Server.Peer.Role, $"{pair.Server.Peer.RemoteAddress}"));
        Assert.Equal(64, pair.Server.Peer.Thumbprint.Length);
        pair.Close();
    }
}

public sealed class PlainTcpTransportTests : TransportContract
{
    private protected override ITransport Make(string name) => new TcpTransport(null, TimeProvider.System, TcpLimits.Default, _ => { });

    private protected override HostPort LocalOf(string name) => new("127.0.0.1", 0);
}

public sealed class MemoryTransportTests : TransportContract
{
    private readonly MemoryNetwork _network = MemoryNetwork.OnThreadPool(TimeProvider.System);

    private protected override ITransport Make(string name) => _network.Transport(name);

    private protected override HostPort LocalOf(string name) => new(name, 0);

    [Fact]
    public async Task A_blocked_direction_holds_bytes_back_until_it_is_opened()
    {
        var pair = await PairAsync();
        var (there, back) = pair.Start();
        _network.Block("client", "server");
        await pair.Client.WriteAsync("held"u8.ToArray());
        await pair.Server.WriteAsync("free"u8.ToArray());
        Assert.Equal("free", await back.TextAsync(4));
        Assert.Equal("", there.Text);

        _network.Unblock("client", "server");
        Assert.Equal("held", await there.TextAsync(4));
        pair.Close();
    }

    [Fact]
    public async Task A_reset_breaks_both_ends()
    {
        var pair = await PairAsync();
        var (there, back) = pair.Start();
        _network.Reset("server", "client");
        Assert.Contains("reset", await there.Ended, StringComparison.Ordinal);
        Assert.Contains("reset", await back.Ended, StringComparison.Ordinal);
        pair.Close();
    }

    [Fact]
    public async Task Bytes_take_their_time()
    {
        _network.Latency = (_, _) => TimeSpan.FromMilliseconds(40);
        var pair = await PairAsync();
        var (there, _) = pair.Start();
        var sent = TimeProvider.System.GetTimestamp();
        await pair.Client.WriteAsync("slow"u8.ToArray());
        await there.TextAsync(4);
        Assert.True(TimeProvider.System.GetElapsedTime(sent) >= TimeSpan.FromMilliseconds(39));
        pair.Close();
    }

    [Fact]
    public async Task A_dial_into_a_blocked_network_times_out_with_a_diagnosis()
    {
        var pair = await PairAsync();
        _network.Block("client", "server");
        var (connection, problem) = await DialAsync(pair.ClientTransport, pair.Bound, TimeSpan.FromMilliseconds(50));
        Assert.Null(connection);
        Assert.Equal($"no answer from {pair.Bound} in 0.1 s: TCP not connected", problem);
        pair.Close();
    }
}

using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClusterMonitor.Hosting;
using ClusterMonitor.Messages;
using ClusterMonitor.Seed.Trust;

namespace ClusterMonitor.Seed.Tests.Trust;

/// <summary>Peers without a certificate that want no good, and machines in the middle, over real sockets.</summary>
public sealed class StrangerTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private TrustedSeed _seed = null!;

    public async Task InitializeAsync() => _seed = await TrustedSeed.StartAsync();

    public async Task DisposeAsync() => await _seed.DisposeAsync();

    [Fact]
    public async Task A_machine_in_the_middle_with_an_authority_of_its_own_is_found_out_and_never_sees_the_secret()
    {
        await using var other = await TrustedSeed.StartAsync();
        using var middle = new ManInTheMiddle(_seed.Address, other.Folder, relaysGreeting: false);
        var e = await Assert.ThrowsAsync<UserError>(async () => await _seed.JoinAsync(await _seed.TokenAsync(), at: middle.Address));
        Assert.Contains("is not the seed that made the token", e.Message, StringComparison.Ordinal);
        Assert.Contains("the token was not sent", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await middle.HeardAsync());
    }

    [Fact]
    public async Task A_machine_in_the_middle_that_passes_the_true_authority_on_is_found_out_and_never_sees_the_secret()
    {
        await using var other = await TrustedSeed.StartAsync();
        using var middle = new ManInTheMiddle(_seed.Address, other.Folder, relaysGreeting: true);
        var e = await Assert.ThrowsAsync<UserError>(async () => await _seed.JoinAsync(await _seed.TokenAsync(), at: middle.Address));
        Assert.Contains("shows the seed's authority but not a seed's certificate", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await middle.HeardAsync());
    }

    [Fact]
    public async Task A_node_of_the_cluster_can_not_pose_as_its_seed()
    {
        // An agent's certificate is the authority's, but not for a seed.
        using var agent = KeyFiles.ReadPfx(_seed.Folder.LocalAgentCertificate.Certificate, "");
        using var middle = new ManInTheMiddle(_seed.Address, agent, relaysGreeting: true);
        var e = await Assert.ThrowsAsync<UserError>(async () => await _seed.JoinAsync(await _seed.TokenAsync(), at: middle.Address));
        Assert.Contains("not a seed's certificate", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await middle.HeardAsync());
    }

    [Fact]
    public async Task Something_that_is_no_seed_is_told_from_one()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var at = new HostPort("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
        var accepted = listener.AcceptTcpClientAsync();
        var joining = _seed.JoinAsync(await _seed.TokenAsync(), at: at);
        using (var client = await accepted)
        {
            await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray());
        }

        var e = await Assert.ThrowsAsync<UserError>(() => joining);
        Assert.Contains("does not speak as a seed of ClusterMonitor does", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_hello_without_a_certificate_is_refused_with_the_way_in()
    {
        await using var stranger = await DialAsync();
        await ReadFrameAsync(stranger);
        await stranger.WriteAsync(new byte[] { 3, 0, 0, 0, 1, 2, 3 });
        var goodbye = await ReadFrameAsync(stranger);
        Assert.Contains("this machine has to join the cluster first", global::System.Text.Encoding.UTF8.GetString(goodbye), StringComparison.Ordinal);
        Assert.Equal(0, await stranger.ReadAsync(new byte[1]));
    }

    [Theory]
    [InlineData(new byte[] { 255, 255, 255, 127, 7 })]
    [InlineData(new byte[] { 0, 0, 0, 0, 7 })]
    public async Task A_frame_of_an_impossible_size_ends_the_connection(byte[] start)
    {
        await using var stranger = await DialAsync();
        await ReadFrameAsync(stranger);
        await stranger.WriteAsync(start);
        Assert.Equal(0, await stranger.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_request_that_is_garbage_is_answered_with_one_line()
    {
        await using var stranger = await DialAsync();
        await ReadFrameAsync(stranger);
        await stranger.WriteAsync(new byte[] { 5, 0, 0, 0, 7, 255, 255, 255, 255 });
        var answer = EnrolmentAnswer.Parser.ParseFrom((await ReadFrameAsync(stranger)).AsSpan(1));
        Assert.Contains("can't be read", answer.Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Strangers_that_stall_are_bounded_and_then_cut_off_while_others_still_get_in()
    {
        var stalling = new List<SslStream>();
        try
        {
            for (var i = 0; i < 24; i++)
            {
                stalling.Add(await DialAsync());
            }

            // 16 of one address may wait; the others are told at once.
            var first = await Task.WhenAll(stalling.Select(ReadFrameAsync));
            Assert.Equal(8, first.Count(f => global::System.Text.Encoding.UTF8.GetString(f).Contains("too many machines", StringComparison.Ordinal)));

            var (dashboard, _) = (_seed.StartPeer(_seed.Folder.DashboardCertificate, PeerRoles.Dashboard), 0);
            var welcome = await dashboard.ActorSelection(_seed.PathOf(SeedPaths.Dashboards)).Ask<DashboardWelcome>(new DashboardHello { Who = "me" }, Patience);
            Assert.Equal("me", welcome.Seed.Name);

            var ends = await Task.WhenAll(stalling.Select(s => s.ReadAsync(new byte[1]).AsTask().WaitAsync(Patience)));
            Assert.All(ends, count => Assert.Equal(0, count));
        }
        finally
        {
            stalling.ForEach(s => s.Dispose());
        }
    }

    private async Task<SslStream> DialAsync()
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, _seed.Address.Port);
        var tls = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "seed", EnabledSslProtocols = SslProtocols.Tls13 });
        return tls;
    }

    private static async Task<byte[]> ReadFrameAsync(Stream stream)
    {
        var prefix = new byte[4];
        await stream.ReadExactlyAsync(prefix).AsTask().WaitAsync(Patience);
        var frame = new byte[BitConverter.ToInt32(prefix)];
        await stream.ReadExactlyAsync(frame).AsTask().WaitAsync(Patience);
        return frame;
    }

    /// <summary>Stands between a newcomer and the seed: ends TLS on both sides with a certificate of its own, and counts what it hears.</summary>
    private sealed class ManInTheMiddle : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly TaskCompletionSource<int> _heard = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ManInTheMiddle(HostPort seed, DataFolder own, bool relaysGreeting)
            : this(seed, KeyFiles.ReadPfx(own.SeedCertificate.Certificate, ""), relaysGreeting, own)
        {
        }

        public ManInTheMiddle(HostPort seed, X509Certificate2 shows, bool relaysGreeting, DataFolder? own = null)
        {
            _listener.Start();
            Address = new HostPort("127.0.0.1", ((IPEndPoint)_listener.LocalEndpoint).Port);
            _ = RelayAsync(seed, shows, relaysGreeting ? null : own);
        }

        public HostPort Address { get; }

        /// <summary>Bytes that the newcomer said inside TLS before it went away.</summary>
        public Task<int> HeardAsync() => _heard.Task.WaitAsync(Patience);

        public void Dispose() => _listener.Dispose();

        private async Task RelayAsync(HostPort seed, X509Certificate2 shows, DataFolder? own)
        {
            try
            {
                using var victim = await _listener.AcceptTcpClientAsync();
                using var toVictim = new SslStream(victim.GetStream());
                await toVictim.AuthenticateAsServerAsync(shows, clientCertificateRequired: false, SslProtocols.Tls13, checkCertificateRevocation: false);
                using var socket = new TcpClient();
                await socket.ConnectAsync(seed.Host, seed.Port);
                using var toSeed = new SslStream(socket.GetStream(), false, (_, _, _, _) => true);
                await toSeed.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "seed", EnabledSslProtocols = SslProtocols.Tls13 });
                var greeting = await ReadFrameAsync(toSeed);
                if (own is not null)
                {
                    using var authority = AuthorityFiles.Open(own, TimeProvider.System, _ => { });
                    var forged = EnrolmentGreeting.Parser.ParseFrom(greeting.AsSpan(1));
                    forged.Authority = Google.Protobuf.ByteString.CopyFrom(authority.Certificate.RawData);
                    greeting = [7, .. Google.Protobuf.MessageExtensions.ToByteArray(forged)];
                }

                await toVictim.WriteAsync(BitConverter.GetBytes(greeting.Length));
                await toVictim.WriteAsync(greeting);
                _heard.SetResult(await toVictim.ReadAsync(new byte[4096]));
            }
            catch (IOException)
            {
                // The newcomer broke off: it said nothing.
                _heard.TrySetResult(0);
            }
            catch (Exception e)
            {
                _heard.TrySetException(e);
            }
        }
    }
}

using System.Text;
using Actors.Remoting;

namespace EngineTests.Remote.Transports;

/// <summary>What every transport must keep to; each has a class that derives from this one.</summary>
public abstract class TransportContract
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A transport of a machine of its own that can reach the others of this test.</summary>
    private protected abstract ITransport Make(string name);

    /// <summary>Where it may listen.</summary>
    private protected abstract HostPort LocalOf(string name);

    private protected static async Task<(IConnection? Connection, string Problem)> DialAsync(ITransport from, HostPort to, TimeSpan? timeout = null)
    {
        var answer = new TaskCompletionSource<(IConnection?, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        from.Connect(to, timeout ?? TimeSpan.FromSeconds(10), CancellationToken.None, (c, p) => answer.SetResult((c, p)));
        return await answer.Task.WaitAsync(Patience);
    }

    private protected async Task<Pair> PairAsync()
    {
        var (server, client) = (Make("server"), Make("client"));
        var accepted = new TaskCompletionSource<IConnection>(TaskCreationOptions.RunContinuationsAsynchronously);
        var bound = server.Listen(LocalOf("server"), c => accepted.TrySetResult(c));
        var (connection, problem) = await DialAsync(client, bound);
        Assert.True(connection is not null, problem);
        return new Pair(server, client, bound, connection!, await accepted.Task.WaitAsync(Patience));
    }

    [Fact]
    public async Task Port_zero_takes_a_free_one_and_says_which()
    {
        var pair = await PairAsync();
        Assert.NotEqual(0, pair.Bound.Port);
        pair.Close();
    }

    [Fact]
    public async Task Bytes_arrive_complete_and_in_order_in_both_directions()
    {
        var pair = await PairAsync();
        var (there, back) = pair.Start();
        var (ping, pong) = (new StringBuilder(), new StringBuilder());
        for (var i = 0; i < 300; i++)
        {
            var (a, b) = ($"<{i}:{new string('a', i * 7)}>", $"<{i}:{new string('b', i * 5)}>");
            ping.Append(a);
            pong.Append(b);
            await pair.Client.WriteAsync(Encoding.UTF8.GetBytes(a));
            await pair.Server.WriteAsync(Encoding.UTF8.GetBytes(b));
        }

        Assert.Equal(ping.ToString(), await there.TextAsync(ping.Length));
        Assert.Equal(pong.ToString(), await back.TextAsync(pong.Length));
        Assert.False(there.Overlapped || back.Overlapped);
        pair.Close();
    }

    [Fact]
    public async Task What_arrives_before_the_reader_starts_is_not_lost()
    {
        var pair = await PairAsync();
        await pair.Client.WriteAsync("early"u8.ToArray());
        var (there, _) = pair.Start();
        Assert.Equal("early", await there.TextAsync(5));
        pair.Close();
    }

    [Fact]
    public async Task Memory_handed_to_a_write_may_be_used_again_once_it_is_done()
    {
        var pair = await PairAsync();
        var (there, _) = pair.Start();
        var memory = new byte[4];
        for (var i = 0; i < 100; i++)
        {
            Encoding.UTF8.GetBytes($"{i:0000}", memory);
            await pair.Client.WriteAsync(memory);
        }

        Assert.Equal(string.Concat(Enumerable.Range(0, 100).Select(i => $"{i:0000}")), await there.TextAsync(400));
        pair.Close();
    }

    [Fact]
    public async Task Closing_delivers_what_was_written_before_and_then_tells_both_ends_once()
    {
        var pair = await PairAsync();
        var (there, back) = pair.Start();
        await pair.Client.WriteAsync("last words"u8.ToArray());
        pair.Client.Close("enough");
        pair.Client.Close("again");

        await there.Ended;
        Assert.Equal("last words", there.Text);
        Assert.Equal("enough", await back.Ended);
        pair.Close();
    }

    [Fact]
    public async Task Writing_to_a_connection_that_is_gone_is_an_io_error()
    {
        var pair = await PairAsync();
        var (there, back) = pair.Start();
        pair.Server.Close("gone");
        await back.Ended;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                await pair.Client.WriteAsync(new byte[10_000]);
            }
        });
        pair.Close();
        await there.Ended;
    }

    [Fact]
    public async Task Where_nothing_listens_the_diagnosis_names_the_address()
    {
        var pair = await PairAsync();
        pair.Close();
        pair.ServerTransport.Close();
        var (connection, problem) = await DialAsync(pair.ClientTransport, pair.Bound);
        Assert.Null(connection);
        Assert.Equal($"no answer from {pair.Bound}: connection refused, nothing listens there", problem);
    }

    [Fact]
    public async Task A_port_in_use_is_refused_with_address_and_remedy_and_is_free_again_after_closing()
    {
        var (first, second) = (Make("server"), Make("server"));
        var bound = first.Listen(LocalOf("server"), _ => { });
        var error = Assert.Throws<RemoteTransportException>(() => second.Listen(bound, _ => { }));
        Assert.Equal($"can't listen on {bound}: the port is in use; stop what listens there or choose another port (0 takes a free one)", error.Message);

        first.Close();
        Assert.Equal(bound, second.Listen(bound, _ => { }));
        second.Close();
        await Task.CompletedTask;
    }

    [Fact]
    public async Task A_dial_that_is_given_up_is_answered()
    {
        var pair = await PairAsync();
        using var cancellation = new CancellationTokenSource();
        var answer = new TaskCompletionSource<IConnection?>(TaskCreationOptions.RunContinuationsAsynchronously);
        cancellation.Cancel();
        pair.ClientTransport.Connect(pair.Bound, TimeSpan.FromSeconds(10), cancellation.Token, (c, _) => answer.SetResult(c));
        (await answer.Task.WaitAsync(Patience))?.Close("late");
        pair.Close();
    }

    private protected sealed record Pair(ITransport ServerTransport, ITransport ClientTransport, HostPort Bound, IConnection Client, IConnection Server)
    {
        /// <summary>What arrives at the server, and at the client.</summary>
        public (TestSink There, TestSink Back) Start()
        {
            var (there, back) = (new TestSink(), new TestSink());
            Server.Start(there);
            Client.Start(back);
            return (there, back);
        }

        public void Close()
        {
            Client.Close("end of test");
            Server.Close("end of test");
            ServerTransport.Close();
        }
    }
}

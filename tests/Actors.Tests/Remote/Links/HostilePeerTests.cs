using Actors.Remoting;
using EngineTests.Remote.Wire;

namespace EngineTests.Remote.Links;

/// <summary>What a peer with a valid certificate can do by sending nonsense: lose its own link.</summary>
public sealed class HostilePeerTests
{
    private readonly VirtualTime _time = new();
    private readonly MemoryNetwork _network;
    private readonly TestSystem _victim;
    private readonly TestSystem _friend;

    public HostilePeerTests()
    {
        _network = new MemoryNetwork(_time, _time.Post);
        _victim = new TestSystem(_time, _network, "victim", 1);
        _friend = new TestSystem(_time, _network, "friend", 2);
        _friend.Tell(_victim, "hello");
        _time.Settle();
    }

    private void FriendIsUnharmed()
    {
        _friend.Tell(_victim, "still here");
        _time.Settle();
        Assert.Equal("friend:still here", _victim.Received[^1]);
    }

    [Fact]
    public void Garbage_instead_of_a_hello_closes_that_connection_with_a_reason()
    {
        var peer = Dial();
        peer.Write("GET / HTTP/1.1\r\n\r\n"u8.ToArray());
        Assert.StartsWith("protocol error: a frame of ", peer.Goodbye.Reason, StringComparison.Ordinal);
        Assert.Equal(1, _victim.Transport.MalformedLinks);
        FriendIsUnharmed();
    }

    [Fact]
    public void An_oversized_frame_closes_that_link_and_is_counted()
    {
        var peer = Greeted();
        peer.Write([0xFF, 0xFF, 0xFF, 0x7F, 2]);
        Assert.Equal("protocol error: a frame of 2147483647 bytes where 128000 are allowed", peer.Goodbye.Reason);
        Assert.Equal(1, _victim.Transport.MalformedLinks);
        FriendIsUnharmed();
    }

    [Fact]
    public void A_large_frame_before_the_hello_is_refused()
    {
        var peer = Dial();
        peer.Write([0x00, 0x20, 0, 0, 1]);
        Assert.Equal("protocol error: a frame of 8192 bytes where 4096 are allowed", peer.Goodbye.Reason);
    }

    [Fact]
    public void A_message_before_the_hello_is_refused()
    {
        var peer = Dial();
        peer.Write([2, 0, 0, 0, (byte)FrameKind.Message, 0]);
        Assert.Contains("before the hello", peer.Goodbye.Reason, StringComparison.Ordinal);
        Assert.Equal(["friend:hello"], _victim.Received);
    }

    [Fact]
    public void A_peer_that_says_nothing_is_cut_off()
    {
        var peer = Dial();
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal("no hello within 5 s", peer.Goodbye.Reason);
        FriendIsUnharmed();
    }

    [Theory]
    [InlineData("akka.ssl.tcp://test@victim:4053", "the address akka.ssl.tcp://test@victim:4053 is this system's own")]
    [InlineData("nonsense", "'nonsense' is no address")]
    [InlineData("akka://test", "a peer can't be called 'akka://test' here")]
    [InlineData("akka.ssl.tcp://test@friend:4053", "the address akka.ssl.tcp://test@friend:4053 is in use by CN=friend, OU= at ")]
    public void A_name_that_is_not_its_own_is_refused(string origin, string reason)
    {
        var peer = Dial();
        peer.Write(Bytes(b => new Hello(origin, 99, _victim.Address.ToString(), 128_000).Write(b)));
        Assert.Equal(new Goodbye(DisassociateCode.Refused, reason), peer.Goodbye);
        FriendIsUnharmed();
    }

    [Fact]
    public void Random_frames_after_a_proper_hello_never_harm_anyone_else()
    {
        var dice = new Random(4053);
        for (var round = 0; round < 300; round++)
        {
            var peer = Greeted(round);
            for (var i = 0; i < 20; i++)
            {
                var frame = new byte[dice.Next(1, 60)];
                dice.NextBytes(frame);
                frame[0] = (byte)dice.Next(0, 8);
                peer.Write([.. BitConverter.GetBytes(frame.Length), .. frame]);
            }
        }

        FriendIsUnharmed();
        Assert.True(_victim.Transport.MalformedLinks > 200, $"{_victim.Transport.MalformedLinks}");
    }

    private static byte[] Bytes(Action<WireBuffer> write)
    {
        var buffer = new WireBuffer();
        write(buffer);
        return buffer.Written.ToArray();
    }

    private RawPeer Greeted(int number = 0)
    {
        var peer = Dial();
        peer.Write(Bytes(b => new Hello($"akka.ssl.tcp://test@stranger:{5000 + number}", 99 + number, _victim.Address.ToString(), 128_000).Write(b)));
        return peer;
    }

    private RawPeer Dial()
    {
        RawPeer? peer = null;
        _network.Transport("stranger").Connect(new HostPort("victim", 4053), TimeSpan.FromSeconds(5), CancellationToken.None, (c, p) =>
        {
            Assert.True(c is not null, p);
            peer = new RawPeer(c!, _time);
        });
        _time.Settle();
        return peer!;
    }

    /// <summary>Writes bytes as they are, and collects the frames that come back.</summary>
    private sealed class RawPeer : IConnectionSink
    {
        private readonly FrameAssembler _assembler = new(1_000_000);
        private readonly IConnection _connection;
        private readonly VirtualTime _time;
        private bool _closed;

        public RawPeer(IConnection connection, VirtualTime time)
        {
            (_connection, _time) = (connection, time);
            connection.Start(this);
        }

        private byte[]? LastFrame { get; set; }

        public Goodbye Goodbye
        {
            get
            {
                Assert.True(_closed, "the link is still open");
                Assert.Equal((byte)FrameKind.Disassociate, LastFrame![0]);
                return Actors.Remoting.Goodbye.Read(LastFrame.AsSpan(1));
            }
        }

        public void Write(byte[] bytes)
        {
            try
            {
                _connection.WriteAsync(bytes).AsTask().GetAwaiter().GetResult();
            }
            catch (IOException) when (_closed)
            {
                // It has been shown the door already.
            }

            _time.Settle();
        }

        public Memory<byte> Space() => _assembler.Space();

        public void Received(int count)
        {
            _assembler.Received(count);
            while (_assembler.TryNext(out var frame))
            {
                LastFrame = frame.ToArray();
            }
        }

        public void Closed(string reason) => _closed = true;
    }
}

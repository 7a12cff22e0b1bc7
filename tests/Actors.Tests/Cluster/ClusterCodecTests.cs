using System.Collections.Immutable;
using System.Runtime.Serialization;
using Actors.Clustering;
using static EngineTests.Clustering.GossipHistories;

namespace EngineTests.Clustering;

public sealed class ClusterCodecTests
{
    private static readonly Gossip SomeGossip = new(
        "seed",
        MemberTable.Of(
        [
            new Member(Voters[0], MemberStatus.Up, ["seed"], 1),
            new Member(Voters[1], MemberStatus.Leaving, ["seed", "rack-1"], 2),
            new Member(Agents[0], MemberStatus.Joining, ["agent"]),
            new Member(Agents[1], MemberStatus.WeaklyUp, ["agent"]),
        ]),
        [Voters[0]],
        Reachability.Empty.Unreachable(Voters[0], Agents[0]).Unreachable(Voters[0], Voters[1]).Reachable(Voters[0], Voters[1]),
        VectorClock.Zero.Increment(Voters[0]).Increment(Voters[1]).Increment(Voters[0]),
        Gossip.Empty("seed").Tombstones.Add(Agents[2], new Tombstone(1_700_000_000_000, MemberStatus.Down)));

    private static readonly ClusterMessage[] Messages =
    [
        new InitJoin(Agents[0], "seed"),
        new InitJoinAck(Voters[0]),
        new InitJoinNack(Voters[0], "not yet"),
        new Join(Agents[0], ["agent"]),
        new Welcome(Voters[0], SomeGossip),
        new GossipEnvelope(Voters[0], Voters[1], SomeGossip),
        new GossipStatus(Voters[0], SomeGossip.Version, SomeGossip.Seen),
        new Follow(Agents[0], 42),
        new ViewUpdate(Voters[0], Agents[0], 3, 7, [.. SomeGossip.Members], [Agents[1]], SomeGossip.Tombstones),
        new NotMember(Voters[0], Agents[0]),
        new Leave(Agents[0]),
        new ExitingConfirmed(Agents[0]),
        new Disband(Voters[0]),
    ];

    public static TheoryData<string> Names => [.. Messages.Select(m => m.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_is_the_same_after_the_wire(string name)
    {
        var message = Of(name);
        var bytes = ClusterCodec.Encode(message);
        Assert.Equal(bytes, ClusterCodec.Encode(ClusterCodec.Decode(bytes)));
        Assert.IsType(message.GetType(), ClusterCodec.Decode(bytes));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_bytes_of_the_first_version_are_read_for_ever(string name)
    {
        var path = Path.Combine(AppContext.BaseDirectory, "Cluster", "Fixtures", $"{name}.bin");
        Assert.Equal(ClusterCodec.Encode(Of(name)), ClusterCodec.Encode(ClusterCodec.Decode(File.ReadAllBytes(path))));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_message_that_ends_too_early_is_refused(string name)
    {
        var bytes = ClusterCodec.Encode(Of(name));
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<SerializationException>(() => ClusterCodec.Decode(bytes.AsSpan(0, length)));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Whatever_the_bytes_are_they_are_read_or_refused_and_nothing_else(string name)
    {
        var dice = new Random(name.Length);
        var bytes = ClusterCodec.Encode(Of(name));
        for (var i = 0; i < 5_000; i++)
        {
            var hostile = bytes.ToArray();
            for (var flips = dice.Next(1, 5); flips > 0; flips--)
            {
                hostile[dice.Next(2, hostile.Length)] = (byte)dice.Next(256);
            }

            try
            {
                ClusterCodec.Decode(hostile);
            }
            catch (SerializationException)
            {
                // Refused: fine.
            }
        }
    }

    [Fact]
    public void A_count_larger_than_the_message_allocates_nothing()
    {
        // A gossip of four billion members in twenty bytes.
        byte[] hostile = [1, 5, 0, 1, (byte)'p', 0, 1, (byte)'s', 0, 1, (byte)'h', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0x0F];
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<SerializationException>(() => ClusterCodec.Decode(hostile));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
    }

    [Fact]
    public void A_message_of_another_version_is_refused_with_the_remedy()
    {
        var bytes = ClusterCodec.Encode(Messages[0]);
        bytes[0] = 2;
        Assert.Contains("upgrade", Assert.Throws<SerializationException>(() => ClusterCodec.Decode(bytes)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_of_a_large_fleet_takes_about_sixteen_bytes()
    {
        ImmutableHashSet<string> roles = ["agent"];
        var members = Enumerable.Range(0, 1000).Select(i => new Member(new UniqueAddress(Voters[0].Address.WithPort(10_000 + i), i), MemberStatus.Up, roles, i + 1));
        var bytes = ClusterCodec.Encode(new ViewUpdate(Voters[0], Agents[0], 0, 1, [.. members], [], SomeGossip.Tombstones));
        Assert.InRange(bytes.Length, 14_000, 18_000);
    }

    private static ClusterMessage Of(string name) => Messages.Single(m => m.GetType().Name == name);
}

using System.Collections.Immutable;
using Actors.Core;
using Actors.Remoting;

namespace Actors.Clustering;

/// <summary>
/// The reverse of <see cref="ClusterWriter"/>. Whatever the bytes are, it throws nothing but <see cref="FrameFormatException"/>, and
/// allocates no more than a small multiple of them: counts are checked against the bytes that are left.
/// </summary>
internal ref struct ClusterReader
{
    private const int TextLimit = 1024;
    private const int RoleLimit = 64;
    private readonly List<string> _texts = [];
    private readonly List<ImmutableHashSet<string>> _roleSets = [];
    private WireReader _reader;

    public ClusterReader(ReadOnlySpan<byte> bytes) => _reader = new WireReader(bytes);

    public byte Byte() => _reader.Byte();

    public long Number() => (long)_reader.Varint();

    public string Text()
    {
        var number = _reader.Varint();
        if (number > 0)
        {
            return number <= (ulong)_texts.Count ? _texts[(int)number - 1] : throw new FrameFormatException($"text number {number} of {_texts.Count}");
        }

        var text = _reader.Text(TextLimit);
        _texts.Add(text);
        return text;
    }

    public UniqueAddress UniqueAddress()
    {
        var protocol = Text();
        var system = Text();
        var host = Text();
        var port = _reader.Varint();
        return port <= ushort.MaxValue
            ? new UniqueAddress(new Address(protocol, system, host.Length == 0 ? null : host, host.Length == 0 ? null : (int)port), _reader.Fixed64())
            : throw new FrameFormatException($"port {port}");
    }

    public ImmutableHashSet<string> Roles()
    {
        var number = _reader.Varint();
        if (number > 0)
        {
            return number <= (ulong)_roleSets.Count ? _roleSets[(int)number - 1] : throw new FrameFormatException($"set of roles number {number} of {_roleSets.Count}");
        }

        var count = Count();
        if (count > RoleLimit)
        {
            throw new FrameFormatException($"{count} roles of one member");
        }

        var roles = ImmutableHashSet.CreateBuilder<string>(StringComparer.Ordinal);
        for (var i = 0; i < count; i++)
        {
            roles.Add(Text());
        }

        var set = roles.ToImmutable();
        _roleSets.Add(set);
        return set;
    }

    public Member Member()
    {
        var who = UniqueAddress();
        var status = Status();
        var upNumber = _reader.Varint();
        return upNumber <= int.MaxValue ? new Member(who, status, Roles(), (int)upNumber) : throw new FrameFormatException($"up number {upNumber}");
    }

    public ImmutableArray<Member> Members()
    {
        var members = ImmutableArray.CreateBuilder<Member>();
        for (var left = Count(); left > 0; left--)
        {
            members.Add(Member());
        }

        return members.DrainToImmutable();
    }

    public ImmutableSortedDictionary<UniqueAddress, Tombstone> Tombstones()
    {
        var tombstones = ImmutableSortedDictionary.CreateBuilder<UniqueAddress, Tombstone>();
        for (var left = Count(); left > 0; left--)
        {
            tombstones[UniqueAddress()] = new Tombstone(Number(), Status());
        }

        return tombstones.ToImmutable();
    }

    public ImmutableSortedSet<UniqueAddress> UniqueAddresses()
    {
        var all = ImmutableSortedSet.CreateBuilder<UniqueAddress>();
        for (var left = Count(); left > 0; left--)
        {
            all.Add(UniqueAddress());
        }

        return all.ToImmutable();
    }

    public VectorClock Clock() => VectorClock.Of(Counts());

    public Reachability Reachability()
    {
        var versions = Counts();
        var records = new List<ReachabilityRecord>();
        for (var left = Count(); left > 0; left--)
        {
            records.Add(new ReachabilityRecord(UniqueAddress(), UniqueAddress(), ReachabilityStatus.Unreachable, Number()));
        }

        return Clustering.Reachability.Of(versions, records);
    }

    public Gossip Gossip()
    {
        var voterRole = Text();
        var members = MemberTable.Of(Members());
        var seen = UniqueAddresses();
        var reachability = Reachability();
        var version = Clock();
        return new Gossip(voterRole, members, seen, reachability, version, Tombstones());
    }

    private Dictionary<UniqueAddress, long> Counts()
    {
        var counts = new Dictionary<UniqueAddress, long>();
        for (var left = Count(); left > 0; left--)
        {
            counts[UniqueAddress()] = Number();
        }

        return counts;
    }

    private MemberStatus Status()
    {
        var status = (MemberStatus)_reader.Byte();
        return Enum.IsDefined(status) ? status : throw new FrameFormatException($"member status {(int)status}");
    }

    /// <summary>Each item takes a byte at least.</summary>
    private int Count()
    {
        var count = _reader.Varint();
        return count <= (ulong)_reader.Rest.Length ? (int)count : throw new FrameFormatException($"{count} items in {_reader.Rest.Length} bytes");
    }
}

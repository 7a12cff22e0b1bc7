using System.Collections.Immutable;
using Actors.Core;
using Actors.Remoting;

namespace Actors.Clustering;

/// <summary>
/// Writes the parts that cluster messages are made of. A text or a set of roles is written once per message; after that it is a number,
/// so that a member among a thousand of one fleet takes about 16 bytes.
/// </summary>
internal sealed class ClusterWriter
{
    private readonly WireBuffer _buffer = new();
    private readonly Dictionary<string, ulong> _texts = new(StringComparer.Ordinal);
    private readonly Dictionary<ImmutableHashSet<string>, ulong> _roleSets = new(ReferenceEqualityComparer.Instance);

    public byte[] Finish()
    {
        var bytes = _buffer.Written.ToArray();
        _buffer.Release();
        return bytes;
    }

    public void Byte(byte value) => _buffer.Byte(value);

    public void Number(long value) => _buffer.Varint((ulong)value);

    /// <summary>0 and the text, or the number that it got before.</summary>
    public void Text(string value)
    {
        if (_texts.TryGetValue(value, out var number))
        {
            _buffer.Varint(number);
            return;
        }

        _texts.Add(value, (ulong)_texts.Count + 1);
        _buffer.Varint(0);
        _buffer.Text(value);
    }

    public void UniqueAddress(UniqueAddress who)
    {
        Text(who.Address.Protocol);
        Text(who.Address.System);
        Text(who.Address.Host ?? "");
        _buffer.Varint((ulong)(who.Address.Port ?? 0));
        _buffer.Fixed64(who.Uid);
    }

    public void Roles(ImmutableHashSet<string> roles)
    {
        if (_roleSets.TryGetValue(roles, out var number))
        {
            _buffer.Varint(number);
            return;
        }

        _roleSets.Add(roles, (ulong)_roleSets.Count + 1);
        _buffer.Varint(0);
        _buffer.Varint((ulong)roles.Count);
        foreach (var role in roles.Order(StringComparer.Ordinal))
        {
            Text(role);
        }
    }

    public void Member(Member member)
    {
        UniqueAddress(member.UniqueAddress);
        _buffer.Byte((byte)member.Status);
        _buffer.Varint((ulong)member.UpNumber);
        Roles(member.Roles);
    }

    public void Tombstones(IReadOnlyCollection<KeyValuePair<UniqueAddress, Tombstone>> tombstones)
    {
        Number(tombstones.Count);
        foreach (var (who, tombstone) in tombstones)
        {
            UniqueAddress(who);
            Number(tombstone.RemovedAtMs);
            Byte((byte)tombstone.Previous);
        }
    }

    public void UniqueAddresses(IReadOnlyCollection<UniqueAddress> all)
    {
        Number(all.Count);
        foreach (var who in all)
        {
            UniqueAddress(who);
        }
    }

    public void Clock(VectorClock clock)
    {
        Number(clock.Counts.Count);
        foreach (var (voter, count) in clock.Counts)
        {
            UniqueAddress(voter);
            Number(count);
        }
    }

    public void Reachability(Reachability reachability)
    {
        var versions = reachability.Versions.ToArray();
        Number(versions.Length);
        foreach (var (observer, version) in versions)
        {
            UniqueAddress(observer);
            Number(version);
        }

        var records = reachability.Records.ToArray();
        Number(records.Length);
        foreach (var record in records)
        {
            UniqueAddress(record.Observer);
            UniqueAddress(record.Subject);
            Number(record.Version);
        }
    }

    public void Gossip(Gossip gossip)
    {
        Text(gossip.VoterRole);
        Number(gossip.Members.Count);
        foreach (var member in gossip.Members)
        {
            Member(member);
        }

        UniqueAddresses(gossip.Seen);
        Reachability(gossip.Reachability);
        Clock(gossip.Version);
        Tombstones(gossip.Tombstones);
    }
}

using System.Globalization;

namespace Actors.Core;

/// <summary>Where an actor system lives: <c>protocol://system@host:port</c>, or without host and port for one reached only locally.</summary>
public sealed class Address : IEquatable<Address>, IComparable<Address>, IComparable
{
    /// <summary>Stands for every system.</summary>
    public static readonly Address AllSystems = new("akka", "all-systems");

    /// <summary>Orders by protocol, system, host, port.</summary>
    public static readonly IComparer<Address> Comparer = Comparer<Address>.Create(Compare);

    private string? _text;

    /// <summary>Makes an address; a port of null means it is not known.</summary>
    public Address(string protocol, string system, string? host = null, int? port = null)
    {
        Protocol = protocol;
        System = system;
        Host = host?.ToLowerInvariant();
        Port = port;
    }

    /// <summary>For example <c>akka.tcp</c>.</summary>
    public string Protocol { get; }

    /// <summary>The name of the actor system.</summary>
    public string System { get; }

    /// <summary>Lower case; null for a local address.</summary>
    public string? Host { get; }

    /// <summary>Null for a local address.</summary>
    public int? Port { get; }

    /// <summary>No host: it means something only inside its own process.</summary>
    public bool HasLocalScope => string.IsNullOrEmpty(Host);

    /// <summary>It has a host.</summary>
    public bool HasGlobalScope => !HasLocalScope;

    /// <summary>Whether both are the same place.</summary>
    public static bool operator ==(Address? left, Address? right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(Address? left, Address? right) => !Equals(left, right);

    /// <summary>Reads <c>akka.tcp://sys@host:port</c>.</summary>
    /// <exception cref="UriFormatException">It is not an address.</exception>
    public static Address Parse(string address) =>
        TryParse(address, out var parsed) ? parsed : throw new UriFormatException($"not an address: '{address}'");

    /// <summary>Reads an address; anything after it is ignored.</summary>
    public static bool TryParse(string path, [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Address? address) =>
        TryParse(path, out address, out _);

    /// <summary>Reads an address and gives what follows it (a path from <c>/</c> on).</summary>
    public static bool TryParse(string path, [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Address? address, out string absolutUri)
    {
        var ok = TryParse(path.AsSpan(), out address, out ReadOnlySpan<char> rest);
        absolutUri = rest.ToString();
        return ok;
    }

    /// <summary>Reads an address and gives what follows it (a path from <c>/</c> on).</summary>
    public static bool TryParse(ReadOnlySpan<char> span, [global::System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out Address? address, out ReadOnlySpan<char> absolutUri)
    {
        address = null;
        absolutUri = default;
        var scheme = span.IndexOf("://");
        if (scheme <= 0 || !span.StartsWith("akka"))
        {
            return false;
        }

        var protocol = span[..scheme];
        var rest = span[(scheme + 3)..];
        var slash = rest.IndexOf('/');
        absolutUri = slash < 0 ? "/" : rest[slash..];
        var authority = slash < 0 ? rest : rest[..slash];
        if (slash < 0 && authority.IndexOf('#') is >= 0 and var hash)
        {
            authority = authority[..hash];
        }

        var at = authority.IndexOf('@');
        if (at < 0)
        {
            address = authority.IsEmpty ? null : new Address(protocol.ToString(), authority.ToString());
            return address is not null;
        }

        var system = authority[..at];
        var hostPort = authority[(at + 1)..];
        var colon = hostPort.LastIndexOf(':');
        if (system.IsEmpty || colon <= 0
            || !int.TryParse(hostPort[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port > 65535)
        {
            return false;
        }

        address = new Address(protocol.ToString(), system.ToString(), hostPort[..colon].ToString(), port);
        return true;
    }

    /// <summary><c>system@host:port</c>.</summary>
    public string HostPort()
    {
        var text = ToString();
        return text[(Protocol.Length + 3)..];
    }

    /// <summary>The same with another protocol.</summary>
    public Address WithProtocol(string protocol) => new(protocol, System, Host, Port);

    /// <summary>The same with another system.</summary>
    public Address WithSystem(string system) => new(Protocol, system, Host, Port);

    /// <summary>The same with another host.</summary>
    public Address WithHost(string? host = null) => new(Protocol, System, host, Port);

    /// <summary>The same with another port.</summary>
    public Address WithPort(int? port = null) => new(Protocol, System, Host, port);

    /// <inheritdoc/>
    public bool Equals(Address? other) =>
        ReferenceEquals(this, other)
        || (other is not null && Port == other.Port && Host == other.Host && System == other.System && Protocol == other.Protocol);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Address);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Protocol, System, Host, Port);

    /// <inheritdoc/>
    public int CompareTo(Address? other) => Compare(this, other);

    /// <inheritdoc/>
    int IComparable.CompareTo(object? obj) =>
        obj is null or Address ? CompareTo((Address?)obj) : throw new ArgumentException($"cannot compare an address with {obj.GetType()}", nameof(obj));

    /// <inheritdoc/>
    public override string ToString() =>
        _text ??= HasLocalScope
            ? $"{Protocol}://{System}"
            : string.Create(CultureInfo.InvariantCulture, $"{Protocol}://{System}@{Host}:{Port}");

    private static int Compare(Address? a, Address? b)
    {
        if (a is null || b is null)
        {
            return (a is null ? 0 : 1) - (b is null ? 0 : 1);
        }

        var order = string.CompareOrdinal(a.Protocol, b.Protocol);
        order = order != 0 ? order : string.CompareOrdinal(a.System, b.System);
        order = order != 0 ? order : string.CompareOrdinal(a.Host ?? "", b.Host ?? "");
        return order != 0 ? order : (a.Port ?? 0).CompareTo(b.Port ?? 0);
    }
}

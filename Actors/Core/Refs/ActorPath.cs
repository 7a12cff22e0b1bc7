using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Actors.Core;

/// <summary>
/// The unique way to an actor: its address and the names from the root to it. The number after <c>#</c> tells incarnations
/// of one path apart; equality of paths ignores it, equality of references does not.
/// </summary>
public abstract class ActorPath : IEquatable<ActorPath>, IComparable<ActorPath>
{
    /// <summary>The punctuation that a name may contain beside letters and digits.</summary>
    public const string ValidSymbols = "\"-_.*$+:@&=,!~';()";

    /// <summary>Stands for "any incarnation".</summary>
    internal const long UndefinedUid = 0;

    private protected ActorPath(Address address, string name, ActorPath? parent, long uid, int depth)
    {
        Address = address;
        Name = name;
        Uid = uid;
        Depth = depth;
        Parent = parent ?? this;
    }

    /// <summary>The system it lives in.</summary>
    public Address Address { get; }

    /// <summary>The last element.</summary>
    public string Name { get; }

    /// <summary>The path above; the root is its own parent.</summary>
    public ActorPath Parent { get; }

    /// <summary>The incarnation; 0 when undefined.</summary>
    public long Uid { get; }

    /// <summary>How many elements it has.</summary>
    public int Depth { get; }

    /// <summary>The root of its system.</summary>
    public ActorPath Root => ParentOf(0);

    /// <summary>The names from the root down.</summary>
    public IReadOnlyList<string> Elements
    {
        get
        {
            var names = new string[Depth];
            var path = this;
            for (var i = Depth - 1; i >= 0; i--)
            {
                names[i] = path.Name;
                path = path.Parent;
            }

            return names;
        }
    }

    /// <summary>A child's path.</summary>
    public static ActorPath operator /(ActorPath path, string name) => path.Child(name);

    /// <summary>A descendant's path.</summary>
    public static ActorPath operator /(ActorPath path, IEnumerable<string> name) =>
        name.Where(n => n.Length > 0).Aggregate(path, (p, n) => p.Child(n));

    /// <summary>Whether both name the same place.</summary>
    public static bool operator ==(ActorPath? left, ActorPath? right) => Equals(left, right);

    /// <summary>Whether they differ.</summary>
    public static bool operator !=(ActorPath? left, ActorPath? right) => !Equals(left, right);

    /// <summary>Reads a full path.</summary>
    /// <exception cref="UriFormatException">It is not a path.</exception>
    public static ActorPath Parse(string path) =>
        TryParse(path, out var parsed) ? parsed : throw new UriFormatException($"cannot parse an actor path: '{path}'");

    /// <summary>Reads a full path such as <c>akka.tcp://sys@host:1/user/a#12</c>.</summary>
    public static bool TryParse(string path, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        return !string.IsNullOrEmpty(path)
            && Address.TryParse(path.AsSpan(), out var address, out var rest)
            && TryParse(new RootActorPath(address), rest, out actorPath);
    }

    /// <summary>Reads elements below a base.</summary>
    public static bool TryParse(ActorPath basePath, string absoluteUri, [NotNullWhen(true)] out ActorPath? actorPath) =>
        TryParse(basePath, absoluteUri.AsSpan(), out actorPath);

    /// <summary>Reads elements below a base.</summary>
    public static bool TryParse(ActorPath basePath, ReadOnlySpan<char> absoluteUri, [NotNullWhen(true)] out ActorPath? actorPath)
    {
        actorPath = null;
        var uid = UndefinedUid;
        var hash = absoluteUri.LastIndexOf('#');
        if (hash >= 0)
        {
            if (!long.TryParse(absoluteUri[(hash + 1)..], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out uid))
            {
                return false;
            }

            absoluteUri = absoluteUri[..hash];
        }

        var path = basePath;
        foreach (var range in absoluteUri.Split('/'))
        {
            var element = absoluteUri[range];
            if (!element.IsEmpty)
            {
                path = new ChildActorPath(path, element.ToString(), UndefinedUid);
            }
        }

        actorPath = uid == UndefinedUid ? path : path.WithUid(uid);
        return true;
    }

    /// <summary>Whether a name may be given to an actor: letters, digits, <see cref="ValidSymbols"/> (not first <c>$</c>) and percent escapes.</summary>
    public static bool IsValidPathElement(string s)
    {
        if (string.IsNullOrEmpty(s) || s[0] == '$')
        {
            return false;
        }

        for (var i = 0; i < s.Length; i++)
        {
            var c = s[i];
            if (char.IsAsciiLetterOrDigit(c) || ValidSymbols.Contains(c, StringComparison.Ordinal))
            {
                continue;
            }

            if (c != '%' || i + 2 >= s.Length || !char.IsAsciiHexDigit(s[i + 1]) || !char.IsAsciiHexDigit(s[i + 2]))
            {
                return false;
            }

            i += 2;
        }

        return true;
    }

    /// <summary><c>/a/b</c>.</summary>
    public static string FormatPathElements(IEnumerable<string> pathElements) => "/" + string.Join('/', pathElements);

    /// <summary>A child's path; <c>name#uid</c> sets the incarnation too.</summary>
    public ActorPath Child(string childName)
    {
        var hash = childName.LastIndexOf('#');
        return hash >= 0 && long.TryParse(childName.AsSpan(hash + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var uid)
            ? new ChildActorPath(this, childName[..hash], uid)
            : new ChildActorPath(this, childName, UndefinedUid);
    }

    /// <summary>The ancestor of this depth; a negative depth counts from here upwards.</summary>
    public ActorPath ParentOf(int depth)
    {
        var target = Math.Max(0, depth < 0 ? Depth + depth : depth);
        var path = this;
        while (path.Depth > target)
        {
            path = path.Parent;
        }

        return path;
    }

    /// <summary>The same path of another incarnation.</summary>
    public abstract ActorPath WithUid(long uid);

    /// <summary><c>/user/a</c>.</summary>
    public string ToStringWithoutAddress()
    {
        var text = new StringBuilder();
        AppendElements(text);
        return text.ToString();
    }

    /// <summary><c>akka://sys/user/a</c>.</summary>
    public override string ToString() => ToStringWithAddress(Address);

    /// <summary>With the address it has.</summary>
    public string ToStringWithAddress() => ToStringWithAddress(Address);

    /// <summary>With this address if its own is local.</summary>
    public string ToStringWithAddress(Address address)
    {
        var text = new StringBuilder((Address.HasGlobalScope ? Address : address).ToString());
        AppendElements(text);
        return text.ToString();
    }

    /// <summary><c>akka://sys/user/a#12</c>.</summary>
    public string ToStringWithUid() => AppendUid(ToStringWithAddress());

    /// <summary>What goes over a wire: address, path and incarnation.</summary>
    public string ToSerializationFormat() => AppendUid(ToStringWithAddress());

    /// <summary>What goes over a wire; the address is used if its own is local.</summary>
    public string ToSerializationFormatWithAddress(Address address) => AppendUid(ToStringWithAddress(address));

    /// <inheritdoc/>
    public bool Equals(ActorPath? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }

        if (other is null || Depth != other.Depth)
        {
            return false;
        }

        ActorPath a = this, b = other;
        while (a.Depth > 0)
        {
            if (a.Name != b.Name)
            {
                return false;
            }

            a = a.Parent;
            b = b.Parent;
            if (ReferenceEquals(a, b))
            {
                return true;
            }
        }

        return Address.Equals(other.Address);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ActorPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = Address.GetHashCode();
        for (var path = this; path.Depth > 0; path = path.Parent)
        {
            hash = (hash * 31) + path.Name.GetHashCode(StringComparison.Ordinal);
        }

        return hash;
    }

    /// <inheritdoc/>
    public int CompareTo(ActorPath? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Address.CompareTo(other.Address);
        if (order != 0)
        {
            return order;
        }

        var (a, b) = (Elements, other.Elements);
        for (var i = 0; i < Math.Min(a.Count, b.Count); i++)
        {
            order = string.CompareOrdinal(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Count.CompareTo(b.Count);
    }

    private string AppendUid(string path) =>
        Uid == UndefinedUid ? path : string.Create(CultureInfo.InvariantCulture, $"{path}#{Uid}");

    private void AppendElements(StringBuilder text)
    {
        if (Depth == 0)
        {
            text.Append('/');
            return;
        }

        AppendBelowRoot(this, text);

        static void AppendBelowRoot(ActorPath path, StringBuilder text)
        {
            if (path.Depth > 0)
            {
                AppendBelowRoot(path.Parent, text);
                text.Append('/').Append(path.Name);
            }
        }
    }
}

/// <summary>The root of a system.</summary>
public sealed class RootActorPath : ActorPath
{
    /// <summary>The root of the system of this address.</summary>
    public RootActorPath(Address address, string name = "")
        : base(address, name, null, UndefinedUid, 0)
    {
    }

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) =>
        uid == UndefinedUid ? this : throw new NotSupportedException("a root has no incarnation");
}

/// <summary>Any path below a root.</summary>
public sealed class ChildActorPath : ActorPath
{
    /// <summary>The child of a path.</summary>
    public ChildActorPath(ActorPath parentPath, string name, long uid)
        : base(parentPath.Address, name, parentPath, uid, parentPath.Depth + 1)
    {
    }

    /// <inheritdoc/>
    public override ActorPath WithUid(long uid) => uid == Uid ? this : new ChildActorPath(Parent, Name, uid);
}
